import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import { raiseEpoch } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'
import { type ClientOf, noSuchClient } from './end-tokens.ts'

export interface ClientRevocation extends ClientOf {
  /** Of our own list of words, for the record; never free text. */
  readonly reason?: RevocationReason | undefined
}

/** Why a client is disabled. */
export const REVOCATION_REASONS = ['leaked', 'no-longer-used', 'contract-ended', 'other'] as const
export type RevocationReason = (typeof REVOCATION_REASONS)[number]

/**
 * Disables a client for good and ends its tokens: each node refuses them within a second, and it gets no more. Asking again
 * changes nothing.
 *
 * @throws Problem `state/not-found`; `request/invalid` the reason
 */
export const revokeClient =
  ({ database, clock, record }: AdministrationDeps) =>
  (request: ClientRevocation, actor: Actor): Promise<void> =>
    database.transaction({ role: 'staff' }, async (tx) => {
      const { reason = 'other', clientId, organizationId } = request
      if (!REVOCATION_REASONS.includes(reason))
        throw new Problem('request/invalid', `A reason is one of: ${REVOCATION_REASONS.join(', ')}.`)
      const now = clock.now()
      const raised = await raiseEpoch(tx, request, now)
      if (!raised) throw noSuchClient()
      if (!raised.isChanged) return
      const entry = { at: now, actor, act: 'client.revoke', on: clientId, organizationId } as const
      await record(tx, { ...entry, outcome: 'done', detail: { reason } })
    })
