import { sql } from 'kysely'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { EnvelopeKind, OperationUrls, Upstream } from './upstream.ts'

interface UpstreamRow {
  readonly payer_id: PayerId
  readonly url: string
  readonly operation_urls: OperationUrls
  readonly envelope: EnvelopeKind
  readonly sender_qualifier: string
  readonly sender_id: string
  readonly application_sender: string
  readonly receiver_qualifier: string
  readonly receiver_id: string
  readonly application_receiver: string
  readonly usage: 'T' | 'P'
  readonly answers_as: 'intermediary' | 'payer'
  readonly timeout_ms: number
  readonly retries: number
}

const upstreamOf = (row: UpstreamRow): Upstream => ({
  payerId: row.payer_id,
  url: row.url,
  operationUrls: row.operation_urls,
  envelope: row.envelope,
  sender: { qualifier: row.sender_qualifier, id: row.sender_id, application: row.application_sender },
  receiver: { qualifier: row.receiver_qualifier, id: row.receiver_id, application: row.application_receiver },
  usage: row.usage,
  answersAs: row.answers_as,
  timeoutMs: row.timeout_ms,
  retries: row.retries,
})

export async function selectUpstream(tx: Tx, payerId: PayerId): Promise<Upstream | undefined> {
  const { rows } = await sql<UpstreamRow>`select * from payer_upstreams where payer_id = ${payerId}`.execute(
    tx,
  )
  return rows[0] && upstreamOf(rows[0])
}

/** The name of its payer, and whether it has credentials; by name. */
export interface ListedRow extends UpstreamRow {
  readonly name: string
  readonly token_url: string | null
  readonly client_id: string | null
  readonly shut_until: string | null
  readonly failures: number | null
}

export async function selectUpstreams(
  tx: Tx,
): Promise<readonly { readonly upstream: Upstream; readonly row: ListedRow }[]> {
  const { rows } = await sql<ListedRow>`
    select u.*, p.name, c.token_url, c.client_id, h.shut_until, h.failures
    from payer_upstreams u join payers p on p.id = u.payer_id
    left join payer_upstream_credentials c using (payer_id) left join payer_upstream_health h using (payer_id)
    order by p.name, p.id`.execute(tx)
  return rows.map((row) => ({ upstream: upstreamOf(row), row }))
}

export async function upsertUpstream(tx: Tx, upstream: Upstream, at: Instant): Promise<void> {
  const { sender, receiver } = upstream
  await sql`
    insert into payer_upstreams (payer_id, url, operation_urls, envelope, sender_qualifier, sender_id, application_sender,
      receiver_qualifier, receiver_id, application_receiver, usage, answers_as, timeout_ms, retries, set_at)
    values (${upstream.payerId}, ${upstream.url}, ${JSON.stringify(upstream.operationUrls)}::jsonb, ${upstream.envelope},
      ${sender.qualifier}, ${sender.id}, ${sender.application}, ${receiver.qualifier}, ${receiver.id},
      ${receiver.application}, ${upstream.usage}, ${upstream.answersAs}, ${upstream.timeoutMs}, ${upstream.retries},
      ${momentOf(at)}::timestamptz)
    on conflict (payer_id) do update set url = excluded.url, operation_urls = excluded.operation_urls,
      envelope = excluded.envelope, sender_qualifier = excluded.sender_qualifier, sender_id = excluded.sender_id,
      application_sender = excluded.application_sender, receiver_qualifier = excluded.receiver_qualifier,
      receiver_id = excluded.receiver_id, application_receiver = excluded.application_receiver,
      usage = excluded.usage, answers_as = excluded.answers_as, timeout_ms = excluded.timeout_ms,
      retries = excluded.retries, set_at = excluded.set_at`.execute(tx)
}

/** @returns whether there was one */
export async function deleteUpstream(tx: Tx, payerId: PayerId): Promise<boolean> {
  const { rows } = await sql`delete from payer_upstreams where payer_id = ${payerId} returning 1`.execute(tx)
  return rows.length === 1
}

export interface CredentialsRow {
  readonly token_url: string
  readonly client_id: string
  readonly scope: string | null
  readonly sealed_secret: Uint8Array
}

export async function selectCredentials(tx: Tx, payerId: PayerId): Promise<CredentialsRow | undefined> {
  const { rows } = await sql<CredentialsRow>`
    select token_url, client_id, scope, sealed_secret from payer_upstream_credentials
    where payer_id = ${payerId}`.execute(tx)
  return rows[0]
}

export async function upsertCredentials(tx: Tx, payerId: PayerId, row: CredentialsRow): Promise<void> {
  await sql`
    insert into payer_upstream_credentials (payer_id, token_url, client_id, scope, sealed_secret)
    values (${payerId}, ${row.token_url}, ${row.client_id}, ${row.scope}, ${row.sealed_secret})
    on conflict (payer_id) do update set token_url = excluded.token_url, client_id = excluded.client_id,
      scope = excluded.scope, sealed_secret = excluded.sealed_secret`.execute(tx)
}

export async function deleteCredentials(tx: Tx, payerId: PayerId): Promise<void> {
  await sql`delete from payer_upstream_credentials where payer_id = ${payerId}`.execute(tx)
}

/** Forgets how it stood: whoever sets it anew has mended something. */
export async function deleteHealth(tx: Tx, payerId: PayerId): Promise<void> {
  await sql`delete from payer_upstream_health where payer_id = ${payerId}`.execute(tx)
}

export async function selectShutUntil(tx: Tx, payerId: PayerId): Promise<Instant | undefined> {
  const { rows } = await sql<{ shut_until: string | null }>`
    select shut_until from payer_upstream_health where payer_id = ${payerId}`.execute(tx)
  const until = rows[0]?.shut_until
  return until ? (Date.parse(until) as Instant) : undefined
}

/** Counts a failure; from the `most`-th on, nobody is sent there until the moment. */
export async function countFailure(tx: Tx, payerId: PayerId, most: number, until: Instant): Promise<void> {
  await sql`
    insert into payer_upstream_health as h (payer_id, failures) values (${payerId}, 1)
    on conflict (payer_id) do update set failures = h.failures + 1,
      shut_until = case when h.failures + 1 >= ${most} then ${momentOf(until)}::timestamptz else h.shut_until end`.execute(
    tx,
  )
}

/** Takes the one attempt that a payer is tried with after its time is up; whoever comes later finds it shut. */
export async function takeTrial(tx: Tx, payerId: PayerId, at: Instant, until: Instant): Promise<boolean> {
  const { rows } = await sql`
    update payer_upstream_health set shut_until = ${momentOf(until)}::timestamptz
    where payer_id = ${payerId} and shut_until <= ${momentOf(at)}::timestamptz returning 1`.execute(tx)
  return rows.length === 1
}

export async function clearFailures(tx: Tx, payerId: PayerId): Promise<void> {
  await sql`delete from payer_upstream_health where payer_id = ${payerId}`.execute(tx)
}

const momentOf = (instant: Instant): string => new Date(instant).toISOString()
