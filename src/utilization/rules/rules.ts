import {
  type DeterminationRule,
  type LineDetermination,
  procedureCode,
} from '../../core/determination/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { determineLines, type RowsFor } from './determine-lines.ts'
import type { AskedCode, Need } from './model.ts'
import * as store from './store.ts'

/** The determination rules of the payers of one environment. */
export interface Rules {
  /**
   * The rows of a payer's newest import that may concern any of these codes on a day; rows that name no code are always
   * among them. What `determine` needs, and little more.
   *
   * @param codes may be empty; a code may repeat
   * @param on    the day of service
   * @returns     each row once, in no order
   */
  rulesFor(
    tx: Tx,
    payerId: PayerId,
    codes: readonly AskedCode[],
    on: PlainDate,
  ): Promise<readonly DeterminationRule[]>
  /**
   * Says of each line of an event whether it needs prior authorization, by the payer's rows of its day of service: the
   * line's own, else the event's, else the admission's; without one, the day of `at` in UTC. An event without lines is
   * answered as one line, numbered 0.
   *
   * @param tx any role that may read rules; nothing is written
   * @returns  one for each line asked about, in their order
   */
  determineLines(
    tx: Tx,
    payer: { readonly id: PayerId; readonly lineOfBusiness: string },
    need: Need,
    at: Instant,
  ): Promise<readonly LineDetermination[]>
  /**
   * The same rules for many questions of one transaction: which import of a payer is the newest is asked once. To be let go
   * with the transaction.
   */
  atOnce(): Pick<Rules, 'determineLines'>
}

/** Says which import of a payer is the newest. */
type Newest = typeof store.newestImport

/** Codes whose rows are kept in memory, all payers together; beyond that, the one that was read first is let go. */
const CODES_KEPT = 20_000

/** Under what rows without a code stand. */
const NO_CODE: AskedCode = { system: '', code: '' }

/**
 * Rules read from the database once for each code and then kept in memory, as rows never change within an import: a
 * call only asks which import is the newest. One for each environment.
 */
export function openRules(): Rules {
  /** By import and code; codes that no row speaks of are kept too. */
  const kept = new Map<string, readonly DeterminationRule[]>()
  const keep = (key: string, rows: readonly DeterminationRule[]) => {
    const [oldest] = kept.keys()
    if (kept.size >= CODES_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(key, rows)
  }
  const rowsBy =
    (newestImport: Newest): RowsFor =>
    async (tx, payerId, codes, on) => {
      const newest = await newestImport(tx, payerId)
      if (!newest) return []
      const keyOf = ({ system, code }: AskedCode) => `${newest.stamp}/${system}/${code}`
      const asked = [...codes.map(({ system, code }) => ({ system, code: procedureCode(code) })), NO_CODE]
      const known = asked.flatMap((code) => kept.get(keyOf(code)) ?? [])
      const wanted = asked.filter((code) => !kept.has(keyOf(code)))
      const read = wanted.length === 0 ? [] : await store.selectRules(tx, payerId, newest.version, wanted)
      for (const [i, code] of wanted.entries()) keep(keyOf(code), read[i] ?? [])
      const rows = new Map([...known, ...read.flat()].map((row) => [row.id, row]))
      return [...rows.values()].filter(
        ({ effective: { from, until } }) => from <= on && (until === undefined || on <= until),
      )
    }
  const bound = (rulesFor: RowsFor) => ({
    rulesFor,
    determineLines: ((tx, payer, need, at) =>
      determineLines(rulesFor, tx, payer, need, at)) satisfies Rules['determineLines'],
  })
  return { ...bound(rowsBy(store.newestImport)), atOnce: () => bound(rowsBy(askedOnce())) }
}

function askedOnce(): Newest {
  const known = new Map<PayerId, ReturnType<Newest>>()
  return (tx, payerId) => {
    const newest = known.get(payerId) ?? store.newestImport(tx, payerId)
    known.set(payerId, newest)
    return newest
  }
}
