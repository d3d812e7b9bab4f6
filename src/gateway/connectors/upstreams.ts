import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { PayerId, Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { findByOwnId, PAYER_OPERATIONS } from '../payers/index.ts'
import { keepCredentials } from './credentials.ts'
import * as store from './store.ts'
import type {
  EnvelopeKind,
  OperationUrls,
  PartyOnTheWire,
  Upstream,
  UpstreamCredentials,
} from './upstream.ts'

/** Where and how a payer is to be asked, as an operator says it. What is left out is as usual. */
export interface UpstreamDraft {
  /** Our id of the payer, or one that senders know it by. */
  readonly payer: string
  readonly url: string
  readonly operationUrls?: OperationUrls
  readonly envelope?: EnvelopeKind
  readonly sender: PartyDraft
  readonly receiver: PartyDraft
  readonly usage?: 'T' | 'P'
  readonly answersAs?: Upstream['answersAs']
  readonly timeoutMs?: number
  readonly retries?: number
  /** Left out, those that are there stay; null takes them away. */
  readonly credentials?: UpstreamCredentials | null
}

type PartyDraft = Pick<PartyOnTheWire, 'id'> & Partial<PartyOnTheWire>

/** What an operator is shown: everything but the secret. */
export interface ListedUpstream extends Omit<Upstream, 'payerId'> {
  readonly payerId: PayerId
  readonly payer: string
  readonly credentials?: Pick<UpstreamCredentials, 'tokenUrl' | 'clientId'>
  /** Failures since it answered last. */
  readonly failures: number
  /** Until then nobody is sent there. */
  readonly shutUntil?: Instant
}

export interface SettingContext {
  readonly vault: Pick<Vault, 'seal'>
  readonly at: Instant
  readonly actor: Actor
  readonly random: Random
}

const USUAL_TIMEOUT_MS = 30_000
const USUAL_RETRIES = 8

/**
 * Says where a payer is asked, in place of what was said before. A payer that was left alone because it failed is tried again.
 *
 * @param tx as `staff`
 * @throws Problem `state/not-found` no such payer; `request/invalid` with each fault
 */
export async function setUpstream(
  tx: Tx,
  draft: UpstreamDraft,
  { vault, at, actor, random }: SettingContext,
): Promise<{ readonly payerId: PayerId }> {
  const payerId = await payerMeant(tx, draft.payer)
  const faults = faultsOf(draft)
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The upstream was not set. Mend each place named.', { faults })
  await store.upsertUpstream(tx, upstreamOf(payerId, draft), at)
  if (draft.credentials === null) await store.deleteCredentials(tx, payerId)
  else if (draft.credentials) await keepCredentials(tx, payerId, draft.credentials, vault)
  await store.deleteHealth(tx, payerId)
  await record(tx, { at, actor, act: 'upstream.set', on: payerId, outcome: 'done' }, random)
  return { payerId }
}

/** Every payer that is asked over a connection, by name. @param tx as `staff` */
export async function listUpstreams(tx: Tx): Promise<readonly ListedUpstream[]> {
  const found = await store.selectUpstreams(tx)
  return found.map(({ upstream, row }) => ({
    ...upstream,
    payer: row.name,
    ...(row.token_url !== null &&
      row.client_id !== null && { credentials: { tokenUrl: row.token_url, clientId: row.client_id } }),
    failures: row.failures ?? 0,
    ...(row.shut_until !== null && { shutUntil: Date.parse(row.shut_until) as Instant }),
  }))
}

/**
 * Forgets where a payer is asked, and by what. Nothing that is on its way is lost: it is given up in its time.
 *
 * @param tx as `staff`
 * @throws Problem `state/not-found` no such payer, or it has no upstream
 */
export async function removeUpstream(
  tx: Tx,
  payer: string,
  { at, actor, random }: Omit<SettingContext, 'vault'>,
): Promise<void> {
  const payerId = await payerMeant(tx, payer)
  if (!(await store.deleteUpstream(tx, payerId)))
    throw new Problem('state/not-found', 'No upstream is set for this payer.')
  await record(tx, { at, actor, act: 'upstream.remove', on: payerId, outcome: 'done' }, random)
}

async function payerMeant(tx: Tx, id: string): Promise<PayerId> {
  const known = await findByOwnId(tx, id)
  if (!known) throw new Problem('state/not-found', 'No payer of this environment goes by this id.')
  return known.id
}

function upstreamOf(payerId: PayerId, draft: UpstreamDraft): Upstream {
  return {
    payerId,
    url: draft.url,
    operationUrls: draft.operationUrls ?? {},
    envelope: draft.envelope ?? 'post',
    sender: partyOf(draft.sender),
    receiver: partyOf(draft.receiver),
    usage: draft.usage ?? 'P',
    answersAs: draft.answersAs ?? 'intermediary',
    timeoutMs: draft.timeoutMs ?? USUAL_TIMEOUT_MS,
    retries: draft.retries ?? USUAL_RETRIES,
  }
}

const partyOf = ({ id, qualifier = 'ZZ', application = id }: PartyDraft): PartyOnTheWire => ({
  id,
  qualifier,
  application,
})

function faultsOf(draft: UpstreamDraft): readonly Fault[] {
  const { credentials } = draft
  const urls: readonly (readonly [string, string])[] = [
    ['/url', draft.url],
    ...PAYER_OPERATIONS.flatMap((operation) => {
      const url = draft.operationUrls?.[operation]
      return url === undefined ? [] : [[`/operationUrls/${operation}`, url] as const]
    }),
    ...(credentials ? [['/credentials/tokenUrl', credentials.tokenUrl] as const] : []),
  ]
  return [
    ...urls.flatMap(([at, url]) =>
      isAddress(url) ? [] : [{ at, message: 'expected an https: URL without a user name or a fragment' }],
    ),
    ...(['sender', 'receiver'] as const).flatMap((side) => partyFaults(`/${side}`, partyOf(draft[side]))),
    ...(credentials && (credentials.clientId === '' || credentials.clientSecret === '')
      ? [{ at: '/credentials', message: 'expected a client id and its secret' }]
      : []),
  ]
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  return protocol === 'https:' && username === '' && password === '' && hash === ''
}

/** ISA06 and ISA08 have room for fifteen characters. @see X12.5, ISA; X12.6, basic character set */
function partyFaults(at: string, { id, qualifier, application }: PartyOnTheWire): readonly Fault[] {
  const wire = (text: string, most: number) =>
    text.length <= most && /^[A-Z0-9!"&'()+,./;?=_ -]{2,}$/.test(text)
  return [
    ...(wire(id, 15)
      ? []
      : [
          {
            at: `${at}/id`,
            message: 'expected 2 to 15 capitals, digits or marks of the basic character set',
          },
        ]),
    ...(wire(application, 15)
      ? []
      : [{ at: `${at}/application`, message: 'expected 2 to 15 characters of the basic character set' }]),
    ...(/^[A-Z0-9]{2}$/.test(qualifier)
      ? []
      : [{ at: `${at}/qualifier`, message: 'expected two characters, such as ZZ' }]),
  ]
}
