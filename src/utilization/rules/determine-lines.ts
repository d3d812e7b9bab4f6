import {
  type DeterminationRule,
  determine,
  type LineDetermination,
  linesAsked,
  periodAsked,
} from '../../core/determination/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { type Instant, type PlainDate, utcTime } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AskedCode, Need } from './model.ts'

/** The rows that may concern any of these codes on a day. */
export type RowsFor = (
  tx: Tx,
  payerId: PayerId,
  codes: readonly AskedCode[],
  on: PlainDate,
) => Promise<readonly DeterminationRule[]>

/** Asks the payer's rows about each line, fetching those of a day of service once. */
export async function determineLines(
  rulesFor: RowsFor,
  tx: Tx,
  payer: { readonly id: PayerId; readonly lineOfBusiness: string },
  { event, birthDate, plan }: Need,
  at: Instant,
): Promise<readonly LineDetermination[]> {
  const received = utcTime(at).date
  const asked = linesAsked(event).map((line) => ({ line, on: periodAsked(line, event)?.from ?? received }))
  const rows = new Map<PlainDate, readonly DeterminationRule[]>()
  for (const on of new Set(asked.map((one) => one.on))) {
    const codes = asked.flatMap(({ line, on: day }) => (day === on && line.procedure ? [line.procedure] : []))
    rows.set(on, await rulesFor(tx, payer.id, codes, on))
  }
  const facts = {
    lineOfBusiness: payer.lineOfBusiness,
    ...(birthDate !== undefined && { birthDate }),
    ...(plan !== undefined && { plan }),
  }
  return asked.map(({ line, on }) => ({
    line: line.number,
    determination: determine(rows.get(on) ?? [], line, event, facts, on),
  }))
}
