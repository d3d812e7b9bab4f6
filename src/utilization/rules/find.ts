import { type DeterminationRule, procedureCode } from '../../core/determination/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { PlainDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AskedCode } from './model.ts'
import * as store from './store.ts'

/**
 * The rows of a payer's newest import that may concern any of these codes on a day; rows that name no code are always
 * among them. What `determine` needs, and little more.
 *
 * @param codes may be empty
 * @param on    the day of service
 */
export function rulesFor(
  tx: Tx,
  payerId: PayerId,
  codes: readonly AskedCode[],
  on: PlainDate,
): Promise<readonly DeterminationRule[]> {
  const asked = codes.map(({ system, code }) => ({ system, code: procedureCode(code) }))
  return store.selectRules(tx, payerId, asked, on)
}
