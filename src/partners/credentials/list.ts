import type { ListedSecret } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { CredentialsDeps } from './deps.ts'
import type { Credential } from './model.ts'
import { seenByLeavers } from './store.ts'

const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'production']

type LeaversView = Awaited<ReturnType<typeof seenByLeavers>>[number]

/** A company's credentials as their gateways know them, sandbox first, each environment's newest first. */
export async function list(
  deps: CredentialsDeps,
  organizationId: OrganizationId,
): Promise<readonly Credential[]> {
  const session = { role: 'tenant', organization: organizationId } as const
  const left = await deps.database.transaction(session, (tx) => seenByLeavers(tx, organizationId))
  const perEnvironment = await Promise.all(
    ENVIRONMENTS.map(async (environment) => {
      const gateway = deps.gateways[environment]
      const clients = await gateway.clients(organizationId)
      const secrets = Map.groupBy(await gateway.secrets({ organizationId }), ({ clientId }) => clientId)
      return clients
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .map((client): Credential => {
          const { clientId, label, scopes, createdAt, disabledAt, secretHint, keys, allowedAddresses } =
            client
          const own = secrets.get(clientId) ?? []
          const isDue = own.some((secret) => secret.isLive && left.some((view) => wasSeen(secret, view)))
          return {
            clientId,
            label,
            environment,
            scopes,
            createdAt,
            ...(disabledAt === undefined ? {} : { disabledAt }),
            ...(secretHint === undefined ? {} : { secretHint }),
            ...(keys === undefined ? {} : { keys }),
            allowedAddresses,
            secrets: own.map(({ clientId: _, ...secret }) => secret),
            ...(isDue && { rotationDue: 'seen by somebody who left' }),
          }
        })
    }),
  )
  return perEnvironment.flat()
}

function wasSeen(secret: ListedSecret, view: LeaversView): boolean {
  if (secret.clientId !== view.clientId) return false
  return view.secretId === undefined ? secret.createdAt <= view.seenAt : secret.id === view.secretId
}
