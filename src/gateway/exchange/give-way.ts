import type { Authorization } from '../../core/authorization.ts'
import { type Supersedable, supersede } from '../../core/lifecycle.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { ExchangeDeps } from './deps.ts'

const STATE_GIVEN_WAY_TO = { revised: 'revised', extension: 'extended' } as const

/**
 * Has the earlier case give way to the one that revises or extends it, once that is certified. Until then, and should it
 * be refused, the earlier one stands. A renewal is another period of its own, and leaves the earlier one alone.
 *
 * Whoever decides a case that follows another calls this in the same transaction.
 *
 * @param earlier the case that is followed, locked; one that has ended meanwhile stays as it ended
 */
export async function giveWay(
  deps: Pick<ExchangeDeps, 'record'>,
  tx: Tx,
  earlier: Authorization,
  successor: Authorization,
): Promise<void> {
  const { purpose } = successor.request.event
  if (purpose !== 'revised' && purpose !== 'extension') return
  if (!isCertified(earlier) || !isCertified(successor)) return
  const { authorization, events } = supersede(earlier, STATE_GIVEN_WAY_TO[purpose], successor)
  await deps.record.move(tx, authorization, events, [])
}

function isCertified(authorization: Authorization): authorization is Supersedable {
  const { state } = authorization
  return state === 'approved' || state === 'modified' || state === 'partially-approved'
}
