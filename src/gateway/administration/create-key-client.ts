import type { Actor, Environment } from '../../kernel/actor.ts'
import { PATHS } from '../access/index.ts'
import { type KeyClientRequest, type RegisteredKeyClient, registerKeyClient } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

export interface NewKeyClient extends RegisteredKeyClient {
  readonly environment: Environment
  readonly label: string
  readonly tokenUrl: string
  readonly baseUrl: string
}

/**
 * Makes a client that proves itself by its keys. It has no secret.
 *
 * @throws Problem `access/no-grant`, `access/scope-not-allowed`, `request/invalid` with the faults of the keys
 */
export const createKeyClient =
  (deps: AdministrationDeps) =>
  (request: KeyClientRequest, actor: Actor): Promise<NewKeyClient> =>
    deps.database.transaction({ role: 'staff' }, async (tx) => {
      const client = await registerKeyClient(deps, tx, request)
      await deps.record(tx, {
        at: deps.clock.now(),
        actor,
        act: 'client.create',
        on: client.clientId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: { scopes: client.scopes.join(' '), proof: 'keys' },
      })
      return {
        ...client,
        environment: deps.environment,
        label: request.label.trim(),
        tokenUrl: deps.issuer + PATHS.token,
        baseUrl: deps.baseUrl,
      }
    })
