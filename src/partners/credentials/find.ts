import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { CredentialsDeps } from './deps.ts'
import { findEnvironment } from './store.ts'

/** Where a company's client is. @throws Problem `state/not-found` for another company's, too */
export async function environmentOf(
  deps: CredentialsDeps,
  organizationId: OrganizationId,
  clientId: string,
): Promise<Environment> {
  const session = { role: 'tenant', organization: organizationId } as const
  const found = await deps.database.transaction(session, (tx) =>
    findEnvironment(tx, organizationId, clientId),
  )
  if (!found) throw new Problem('state/not-found', 'The company has no such credential.')
  return found
}
