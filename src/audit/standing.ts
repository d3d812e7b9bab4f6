import type { Clock } from '../kernel/time.ts'
import type { Log } from './seal.ts'
import { endOf } from './verify.ts'

/** How far a log is sealed. */
export interface LogStanding {
  /** The place of the last sealed entry; 0 before the first. */
  readonly sealedUpTo: number
  readonly unsealed: number
  /** How long the oldest unsealed entry has been waiting. Absent when none is. */
  readonly waitingSeconds?: number
}

export async function standingOf(log: Pick<Log, 'database'>, clock: Clock): Promise<LogStanding> {
  const { last, unsealed } = await endOf(log)
  return {
    sealedUpTo: last?.lastOrdinal ?? 0,
    unsealed: unsealed.count,
    ...(unsealed.oldestAt === undefined
      ? {}
      : { waitingSeconds: Math.max(0, Math.round((clock.now() - Date.parse(unsealed.oldestAt)) / 1000)) }),
  }
}
