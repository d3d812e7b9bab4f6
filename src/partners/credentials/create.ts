import { record } from '../../audit/index.ts'
import type { KeysWanted } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { CredentialsDeps } from './deps.ts'
import {
  actorOf,
  type FreshCredential,
  MAY_CREATE,
  organizationOf,
  type Requester,
  viewerOf,
} from './model.ts'
import * as store from './store.ts'

export interface Wanted {
  readonly environment: Environment
  /** For people, to tell credentials apart. */
  readonly label: string
  /** Absent: all that the grant allows. */
  readonly scopes?: readonly string[]
  /** What it proves itself with instead of a secret. */
  readonly keys?: KeysWanted
}

/**
 * Has a gateway make a client, and records who is shown its secret. The secret itself passes through and is kept nowhere;
 * a client of keys has none.
 *
 * @throws Problem `access/role-missing`; `access/no-grant` without a live grant (a sandbox grant is issued when missing);
 *         `request/invalid` when a scope is not in the grant or a key cannot be used; `system/unavailable` when the gateway does not answer
 */
export async function create(
  deps: CredentialsDeps,
  requester: Requester,
  wanted: Wanted,
): Promise<FreshCredential> {
  const { environment } = wanted
  const label = wanted.label.trim()
  const organization = organizationOf(requester)
  const actor = actorOf(requester)
  if (requester.kind === 'member' && !MAY_CREATE.has(requester.membership.role))
    throw new Problem('access/role-missing', 'An administrator or developer of the company may do this.')
  if (environment === 'sandbox') await deps.subscriptions.grantSandbox(organization, actor)
  const grant = await deps.subscriptions.liveGrant(organization.id, environment)
  if (wanted.scopes) requireGranted(wanted.scopes, grant.scopes)

  const request = {
    organizationId: organization.id,
    label,
    ...(wanted.scopes && { scopes: grant.scopes.filter((scope) => wanted.scopes?.includes(scope)) }),
  }
  const gateway = deps.gateways[environment]
  const client = wanted.keys
    ? await gateway.createKeyClient({ ...request, keys: wanted.keys }, actor)
    : await gateway.createClient(request, actor)

  const { clientId, scopes } = client
  const made = { clientId, organizationId: organization.id, environment, label, scopes }
  const session = { role: 'tenant', organization: organization.id } as const
  await deps.database.transaction(session, async (tx) => {
    const at = deps.clock.now()
    await store.insertCredential(tx, made, at)
    if (client.clientSecret !== undefined) await store.insertSecretView(tx, made, viewerOf(requester), at)
    await record(tx, {
      at,
      actor,
      act: 'credential.create',
      on: clientId,
      organizationId: organization.id,
      outcome: 'done',
      detail: { environment },
    })
  })
  const { clientSecret, tokenUrl, baseUrl } = client
  const secret = clientSecret === undefined ? {} : { clientSecret }
  return { clientId, ...secret, label, environment, scopes, tokenUrl, baseUrl }
}

function requireGranted(wanted: readonly string[], granted: readonly string[]): void {
  const faults = wanted.flatMap((scope, i) =>
    granted.includes(scope)
      ? []
      : [
          {
            at: `/scopes/${i}`,
            message: `"${scope}" is not granted`,
            remedy: `Granted: ${granted.join(' ')}.`,
          },
        ],
  )
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The grant does not hold all of these scopes.', { faults })
}
