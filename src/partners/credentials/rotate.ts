import { record } from '../../audit/index.ts'
import type { CredentialsDeps } from './deps.ts'
import { environmentOf } from './find.ts'
import {
  actorOf,
  type FreshSecret,
  organizationOf,
  type Requester,
  requireMayCreate,
  viewerOf,
} from './model.ts'
import * as store from './store.ts'

export interface RotationWanted {
  readonly clientId: string
  /** How long the older secret goes on working, 0 to 30. */
  readonly overlapDays: number
  readonly expiresInDays?: number
  /** Chosen by whoever asks: asking again with the same makes no third secret. */
  readonly requestId?: string
}

/**
 * Has a gateway give a client a second secret, and records who is shown it.
 *
 * Should we fail after the gateway has answered, the second secret is there and seen by nobody: asking again with the
 * same request id replaces it; without one, it is in the list, and can be revoked.
 *
 * @throws Problem `access/role-missing`; `state/not-found` no such credential of the company; `state/already-there` two
 *         are live; `request/invalid`; `system/unavailable`
 */
export async function rotate(
  deps: CredentialsDeps,
  requester: Requester,
  wanted: RotationWanted,
): Promise<FreshSecret> {
  requireMayCreate(requester)
  const organization = organizationOf(requester)
  const { clientId } = wanted
  const environment = await environmentOf(deps, organization.id, clientId)
  const actor = actorOf(requester)
  const made = await deps.gateways[environment].rotateSecret(
    { ...wanted, organizationId: organization.id },
    actor,
  )
  const seen = { clientId, organizationId: organization.id, secretId: made.secretId }
  await deps.database.transaction({ role: 'tenant', organization: organization.id }, async (tx) => {
    const at = deps.clock.now()
    await store.insertSecretView(tx, seen, viewerOf(requester), at)
    await record(tx, {
      at,
      actor,
      act: 'credential.rotate',
      on: clientId,
      organizationId: organization.id,
      outcome: 'done',
      detail: { environment, secret: made.secretId },
    })
  })
  const { clientSecret, secretId, secretExpiresAt: expiresAt, replaces } = made
  return { clientId, clientSecret, secretId, environment, expiresAt, replaces }
}
