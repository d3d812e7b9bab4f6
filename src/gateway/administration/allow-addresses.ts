import type { Actor } from '../../kernel/actor.ts'
import { type AllowedAddresses, allowAddresses as allow } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/**
 * Says where a client may call from; an empty list lets it call from anywhere.
 *
 * @returns the list as it is kept
 * @throws Problem `state/not-found`, `request/invalid`
 */
export const allowAddresses =
  (deps: AdministrationDeps) =>
  (request: AllowedAddresses, actor: Actor): Promise<readonly string[]> =>
    deps.database.transaction({ role: 'staff' }, async (tx) => {
      const addresses = await allow(tx, request)
      await deps.record(tx, {
        at: deps.clock.now(),
        actor,
        act: 'client.allow-addresses',
        on: request.clientId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: { entries: addresses.length },
      })
      return addresses
    })
