import type { Actor } from '../../kernel/actor.ts'
import { revokeSecret as revoke, type SecretRevocation } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/**
 * Ends one secret and every token of its client, on every node within a second. Again, it changes nothing.
 *
 * @throws Problem `state/not-found`
 */
export const revokeSecret =
  (deps: AdministrationDeps) =>
  (request: SecretRevocation, actor: Actor): Promise<void> =>
    deps.database.transaction({ role: 'staff' }, async (tx) => {
      if (!(await revoke(deps, tx, request))) return
      await deps.record(tx, {
        at: deps.clock.now(),
        actor,
        act: 'secret.revoke',
        on: request.secretId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: { client: request.clientId },
      })
    })
