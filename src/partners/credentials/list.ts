import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { CredentialsDeps } from './deps.ts'
import type { Credential } from './model.ts'

const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'production']

/** A company's credentials as their gateways know them, sandbox first, each environment's newest first. */
export async function list(
  deps: CredentialsDeps,
  organizationId: OrganizationId,
): Promise<readonly Credential[]> {
  const perEnvironment = await Promise.all(
    ENVIRONMENTS.map(async (environment) => {
      const clients = await deps.gateways[environment].clients(organizationId)
      return clients
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .map(({ clientId, label, scopes, createdAt, secretHint, keys }) => ({
          clientId,
          label,
          environment,
          scopes,
          createdAt,
          ...(secretHint === undefined ? {} : { secretHint }),
          ...(keys === undefined ? {} : { keys }),
        }))
    }),
  )
  return perEnvironment.flat()
}
