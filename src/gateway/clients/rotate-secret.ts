import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { addSecret, isWithin, type MintedSecret, requireTerms, type SecretTerms } from './mint-secret.ts'
import { MOST_LIVE_SECRETS } from './model.ts'
import type { Registrar } from './registrar.ts'
import * as store from './secret-store.ts'

const DAY_MS = 86_400_000
const LONGEST_OVERLAP_DAYS = 30

export interface RotationRequest extends SecretTerms {
  readonly organizationId: OrganizationId
  readonly clientId: string
  /** How long the older secret goes on working, 0 to 30; 0 ends it now. */
  readonly overlapDays: number
}

export interface Rotation extends MintedSecret {
  /** The secret that it replaces, and when that one ends; absent when none was live. */
  readonly replaces: { readonly secretId: string; readonly endsAt: Instant } | undefined
}

/**
 * Gives a client a second secret and lets the first one end.
 *
 * Tokens got with the first run out by themselves: a rotation is planned, and ends nothing that works.
 *
 * Asked again with the same request id, the secret that the first answer held is replaced by a fresh one: nobody who
 * asks again has seen it.
 *
 * @throws Problem `state/not-found` no such client of this company; `state/already-there` two are live already;
 *         `request/invalid`
 */
export async function rotateSecret(
  registrar: Registrar,
  tx: Tx,
  request: RotationRequest,
): Promise<Rotation> {
  const { clientId, organizationId, requestId } = request
  requireTerms(request)
  if (!isWithin(request.overlapDays, 0, LONGEST_OVERLAP_DAYS))
    throw new Problem('request/invalid', `Two secrets overlap for 0 to ${LONGEST_OVERLAP_DAYS} whole days.`)
  if (!(await store.lockClient(tx, organizationId, clientId))) throw noSuchClient()
  const now = registrar.clock.now()
  const live = await withoutUnseen(tx, clientId, requestId, now)
  requireRoom(live)
  const [older] = live
  const endsAt =
    older && (Math.min(older.expiresAt ?? Infinity, now + request.overlapDays * DAY_MS) as Instant)
  if (older && endsAt !== undefined) await store.endSecret(tx, older.id, endsAt)
  const minted = await addSecret(registrar, tx, clientId, request)
  return { ...minted, replaces: older && endsAt !== undefined ? { secretId: older.id, endsAt } : undefined }
}

/**
 * The live secrets of a client, once those that an earlier try of the same request made are ended.
 *
 * @throws Problem `state/already-there` one of those is in use, so somebody has seen it
 */
export async function withoutUnseen(
  tx: Tx,
  clientId: string,
  requestId: string | undefined,
  now: Instant,
): Promise<Awaited<ReturnType<typeof store.liveSecrets>>> {
  const live = await store.liveSecrets(tx, clientId, now)
  const unseen = live.filter((secret) => requestId !== undefined && secret.requestId === requestId)
  if (unseen.some(({ isUsed }) => isUsed))
    throw new Problem(
      'state/already-there',
      'This request was answered before, and the secret of that answer is in use. Ask with another request id.',
    )
  for (const { id } of unseen) await store.revoke(tx, clientId, id, 'replaced', now)
  return live.filter((secret) => !unseen.includes(secret))
}

export const noSuchClient = (): Problem =>
  new Problem('state/not-found', 'The company has no such client in this environment.')

/** @throws Problem `state/already-there` */
export function requireRoom(
  live: readonly { readonly id: string; readonly expiresAt: Instant | undefined }[],
): void {
  if (live.length < MOST_LIVE_SECRETS) return
  const each = live.map(({ id, expiresAt }) =>
    expiresAt === undefined ? id : `${id} (ends ${new Date(expiresAt).toISOString()})`,
  )
  throw new Problem(
    'state/already-there',
    `The client has two live secrets, the most there may be: ${each.join(', ')}. Revoke one, or wait until it ends.`,
  )
}
