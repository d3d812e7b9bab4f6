import type { Clock, Instant } from '../kernel/time.ts'

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() as Instant }
