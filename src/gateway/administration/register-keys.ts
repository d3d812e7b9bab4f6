import type { Actor } from '../../kernel/actor.ts'
import { type KeysRequest, replaceKeys } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/**
 * Puts keys in place of those that a client had; one that had none may use them beside its secret.
 *
 * @throws Problem `state/not-found` the organization has no such client; `request/invalid` with the faults of the keys
 */
export const registerKeys =
  (deps: AdministrationDeps) =>
  (request: KeysRequest, actor: Actor): Promise<void> =>
    deps.database.transaction({ role: 'staff' }, async (tx) => {
      const keySet = await replaceKeys(deps, tx, request)
      await deps.record(tx, {
        at: deps.clock.now(),
        actor,
        act: 'client.register-keys',
        on: request.clientId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: 'keys' in keySet ? { keys: keySet.keys.length } : { from: 'jwks_uri' },
      })
    })
