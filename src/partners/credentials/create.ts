import { record } from '../../audit/index.ts'
import type { KeysWanted } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { CredentialsDeps } from './deps.ts'
import {
  actorOf,
  type FreshCredential,
  organizationOf,
  type Requester,
  requireMayCreate,
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
  /** 1 to 3650; the secret has no end when absent. */
  readonly expiresInDays?: number
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
  requireMayCreate(requester)
  if (environment === 'sandbox') await deps.subscriptions.grantSandbox(organization, actor)
  const grant = await deps.subscriptions.liveGrant(organization.id, environment)
  if (wanted.scopes) requireGranted(wanted.scopes, grant.scopes)

  const session = { role: 'tenant', organization: organization.id } as const
  const asking = { organizationId: organization.id, environment, label, personId: viewerOf(requester) }
  const requestId = await beginAsking(deps, asking)
  const request = {
    organizationId: organization.id,
    label,
    requestId,
    ...(wanted.scopes && { scopes: grant.scopes.filter((scope) => wanted.scopes?.includes(scope)) }),
  }
  const gateway = deps.gateways[environment]
  const ask = () =>
    wanted.keys
      ? gateway.createKeyClient({ ...request, keys: wanted.keys }, actor)
      : gateway.createClient(
          {
            ...request,
            ...(wanted.expiresInDays === undefined ? {} : { expiresInDays: wanted.expiresInDays }),
          },
          actor,
        )
  const finish = async (): Promise<FreshCredential> => {
    const client = await ask()
    const { clientId, scopes, clientSecret, tokenUrl, baseUrl } = client
    const made = { clientId, organizationId: organization.id, environment, label, scopes }
    await deps.database.transaction(session, async (tx) => {
      const at = deps.clock.now()
      await store.insertCredential(tx, made, at)
      if (client.clientSecret !== undefined)
        await store.insertSecretView(tx, { ...made, secretId: client.secretId }, viewerOf(requester), at)
      await store.markAsking(tx, requestId, 'done', at)
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
    const secret = clientSecret === undefined ? {} : { clientSecret }
    return { clientId, ...secret, label, environment, scopes, tokenUrl, baseUrl }
  }
  return finish().catch(async (error: unknown) => {
    // So that asking again completes this one at once. Should not even that be possible, it does after a minute.
    const failed = deps.database.transaction(session, (tx) =>
      store.markAsking(tx, requestId, 'failed', deps.clock.now()),
    )
    await failed.catch(() => undefined)
    throw error
  })
}

/** Longer than a gateway and a database take to answer: an asking that is older ended with its process. */
const GIVEN_UP_AFTER_MS = 60_000

/**
 * Puts down that a client is asked for, before it is: should we fail between the gateway's answer and our own, whoever
 * asks again is given that same client, and not a second one beside a first whose secret nobody saw.
 *
 * @returns the request's id for the gateway: that of an asking which failed, where there is one
 */
function beginAsking(deps: CredentialsDeps, asking: store.Asking): Promise<string> {
  const session = { role: 'tenant', organization: asking.organizationId } as const
  const now = deps.clock.now()
  const id = mintId('request', now, deps.random)
  return deps.database.transaction(session, async (tx) => {
    const unfinished = await store.findUnfinished(tx, asking, (now - GIVEN_UP_AFTER_MS) as Instant)
    if (unfinished !== undefined) return unfinished
    await store.insertAsking(tx, id, asking, now)
    return id
  })
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
