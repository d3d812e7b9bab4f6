import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import { markAcknowledged } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/**
 * Puts down that somebody has looked at an alert. For the operator, who sees those of all companies.
 *
 * @throws Problem `state/not-found`
 */
export const acknowledgeAlert =
  ({ database, clock, record }: AdministrationDeps) =>
  ({ alertId }: { readonly alertId: string }, actor: Actor): Promise<void> =>
    database.transaction({ role: 'staff' }, async (tx) => {
      const at = clock.now()
      if (!(await markAcknowledged(tx, alertId, at)))
        throw new Problem('state/not-found', 'There is no such alert in this environment.')
      await record(tx, { at, actor, act: 'alert.acknowledge', on: alertId, outcome: 'done' })
    })
