import type { AuthorizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { payerOf } from '../payers/index.ts'
import type { ExchangeDeps } from './deps.ts'
import type { Reading } from './model.ts'
import { businessTime } from './simulate.ts'

/**
 * A case by its id. Another company's case and one that never was are told apart by nothing.
 *
 * @throws Problem `state/not-found`
 */
export async function read(deps: ExchangeDeps, tx: Tx, id: AuthorizationId): Promise<Reading> {
  const authorization = await deps.record.find(tx, id)
  if (!authorization)
    throw new Problem(
      'state/not-found',
      'No authorization of yours has this id. Take it from the answer to a submission or an inquiry.',
    )
  const exchanges = await deps.record.exchanges(tx, id)
  return {
    at: await businessTime(deps, tx, deps.clock.now()),
    authorization,
    payer: await payerOf(tx, authorization.payerId),
    events: await deps.record.events(tx, id),
    notes: exchanges.flatMap((exchange) => exchange.notes),
  }
}
