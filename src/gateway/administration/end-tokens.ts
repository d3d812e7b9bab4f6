import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { raiseEpoch } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

export interface ClientOf {
  readonly organizationId: OrganizationId
  readonly clientId: string
}

export const noSuchClient = (): Problem =>
  new Problem('state/not-found', 'The company has no such client in this environment.')

/**
 * Ends every token that a client has, by raising its epoch: each node refuses them within a second. The client can get new
 * ones.
 *
 * @throws Problem `state/not-found`
 */
export const endTokens =
  ({ database, clock, record }: AdministrationDeps) =>
  (request: ClientOf, actor: Actor): Promise<{ readonly epoch: number }> =>
    database.transaction({ role: 'staff' }, async (tx) => {
      const raised = await raiseEpoch(tx, request, undefined)
      if (!raised) throw noSuchClient()
      await record(tx, {
        at: clock.now(),
        actor,
        act: 'client.end-tokens',
        on: request.clientId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: { epoch: raised.epoch },
      })
      return { epoch: raised.epoch }
    })
