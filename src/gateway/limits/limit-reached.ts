import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { secondsUntil } from './fields.ts'
import type { PolicyName } from './policies.ts'
import type { Tally } from './windows.ts'

/** A request that a limit turns away. Of all that it turns away in one window the first goes on the record. */
export class LimitReached extends Problem {
  readonly isFirst: boolean
  /** Which policy, and how many of the same were turned away in the window before; for the audit record. */
  readonly forRecord: Readonly<Record<string, string | number>>

  constructor(policy: PolicyName, { refused, refusedBefore, resetAt }: Tally, now: Instant) {
    const seconds = secondsUntil(resetAt, now)
    super(
      'request/too-many',
      // Which limit it is would tell whoever guesses whether a client is known where they are.
      `Too many of these in a short time; try again in ${seconds} s. Trying meanwhile does not lengthen it.`,
      { retryAfterSeconds: seconds },
    )
    this.isFirst = refused === 1
    this.forRecord = { limit: policy, ...(refusedBefore > 0 && { refusedBefore }) }
  }
}
