import { sql } from 'kysely'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import type { RevokedFor } from './model.ts'
import { instant, tables, text } from './tables.ts'

export interface NewSecretRow {
  readonly id: string
  readonly hash: Uint8Array
  readonly keyId: string
  readonly hint: string
  readonly expiresAt: Instant | undefined
  readonly requestId: string | undefined
}

export async function saveSecret(
  tx: Tx,
  clientId: string,
  secret: NewSecretRow,
  now: Instant,
): Promise<void> {
  await tables(tx)
    .insertInto('client_secrets')
    .values({
      secret_id: secret.id,
      client_id: clientId,
      hash: secret.hash,
      key_id: secret.keyId,
      hint: secret.hint,
      created_at: text(now),
      expires_at: secret.expiresAt === undefined ? null : text(secret.expiresAt),
      request_id: secret.requestId ?? null,
      uses: 0n,
    })
    .execute()
}

/** A secret as its company and the operator see it. */
export interface SecretSummary {
  readonly id: string
  readonly clientId: string
  /** Recognizable and useless: `css_test_…a1B2`. */
  readonly hint: string
  readonly createdAt: Instant
  readonly expiresAt: Instant | undefined
  readonly revokedFor: RevokedFor | undefined
  /** To the minute. */
  readonly lastUsedAt: Instant | undefined
  /** The network of its last use, `/24` of IPv4 or `/48` of IPv6. */
  readonly lastUsedFrom: string | undefined
  /** Tokens got with it; those of the last minute may be missing. */
  readonly uses: number
}

/** Holds a client of an organization until the transaction ends. @returns whether there is one */
export async function lockClient(tx: Tx, organizationId: OrganizationId, clientId: string): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('clients')
    .where('client_id', '=', clientId)
    .where('organization_id', '=', organizationId)
    .select('client_id')
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** The client that the same request has made before. Others with this request wait until the transaction ends. */
export async function findRequested(
  tx: Tx,
  organizationId: OrganizationId,
  requestId: string,
): Promise<{ readonly clientId: string; readonly scopes: readonly string[] } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`client/${organizationId}/${requestId}`}, 0))`.execute(
    tx,
  )
  const row = await tables(tx)
    .selectFrom('clients')
    .where('organization_id', '=', organizationId)
    .where('request_id', '=', requestId)
    .select(['client_id', 'scopes'])
    .executeTakeFirst()
  return row && { clientId: row.client_id, scopes: row.scopes }
}

/** The live secrets of a client, oldest first, and which request made each. */
export async function liveSecrets(tx: Tx, clientId: string, now: Instant) {
  const rows = await tables(tx)
    .selectFrom('client_secrets')
    .where('client_id', '=', clientId)
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', text(now))]))
    .orderBy('created_at')
    .orderBy('secret_id')
    .select(['secret_id', 'expires_at', 'request_id', 'last_used_at'])
    .execute()
  return rows.map((row) => ({
    id: row.secret_id,
    expiresAt: row.expires_at === null ? undefined : instant(row.expires_at),
    requestId: row.request_id ?? undefined,
    isUsed: row.last_used_at !== null,
  }))
}

/** Lets a secret end at a moment, unless it ends before. */
export async function endSecret(tx: Tx, secretId: string, at: Instant): Promise<void> {
  await tables(tx)
    .updateTable('client_secrets')
    .set({ expires_at: sql<string>`least(expires_at, ${text(at)}::timestamptz)` })
    .where('secret_id', '=', secretId)
    .execute()
}

/** Ends a secret now. @returns `revoked`; `before` when it was revoked already; `absent` when the client has no such */
export async function revoke(
  tx: Tx,
  clientId: string,
  secretId: string,
  why: RevokedFor,
  now: Instant,
): Promise<'revoked' | 'before' | 'absent'> {
  const row = await tables(tx)
    .selectFrom('client_secrets')
    .where('client_id', '=', clientId)
    .where('secret_id', '=', secretId)
    .select('revoked_at')
    .executeTakeFirst()
  if (!row) return 'absent'
  const { numUpdatedRows } = await tables(tx)
    .updateTable('client_secrets')
    .set({
      expires_at: sql<string>`least(expires_at, ${text(now)}::timestamptz)`,
      revoked_at: text(now),
      revoked_for: why,
    })
    .where('secret_id', '=', secretId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 0n ? 'before' : 'revoked'
}

/** Voids every token of a client. */
export async function raiseEpoch(tx: Tx, clientId: string): Promise<void> {
  await tables(tx)
    .updateTable('clients')
    .set({ epoch: sql<number>`epoch + 1` })
    .where('client_id', '=', clientId)
    .execute()
}

/** The secrets of an organization's clients, or of one of them, oldest first; those that ended before `since` are left out. */
export async function secretsOf(
  tx: Tx,
  organizationId: OrganizationId,
  clientId: string | undefined,
  since: Instant,
): Promise<readonly SecretSummary[]> {
  let query = tables(tx)
    .selectFrom('client_secrets as s')
    .innerJoin('clients as c', 'c.client_id', 's.client_id')
    .where('c.organization_id', '=', organizationId)
    .where((or) => or.or([or('s.expires_at', 'is', null), or('s.expires_at', '>', text(since))]))
  if (clientId !== undefined) query = query.where('c.client_id', '=', clientId)
  const rows = await query
    .orderBy('s.created_at')
    .orderBy('s.secret_id')
    .select(['s.secret_id', 's.client_id', 's.hint', 's.created_at', 's.expires_at', 's.revoked_for'])
    .select(['s.last_used_at', 's.last_used_from', 's.uses'])
    .execute()
  return rows.map((row) => ({
    id: row.secret_id,
    clientId: row.client_id,
    hint: row.hint,
    createdAt: instant(row.created_at),
    expiresAt: row.expires_at === null ? undefined : instant(row.expires_at),
    revokedFor: row.revoked_for ?? undefined,
    lastUsedAt: row.last_used_at === null ? undefined : instant(row.last_used_at),
    lastUsedFrom: row.last_used_from ?? undefined,
    uses: Number(row.uses),
  }))
}

/** How many live secrets each pepper still has. */
export async function secretsByPepper(tx: Tx, now: Instant): Promise<ReadonlyMap<string, number>> {
  const rows = await tables(tx)
    .selectFrom('client_secrets')
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', text(now))]))
    .groupBy('key_id')
    .select((count) => ['key_id', count.fn.countAll<bigint>().as('secrets')])
    .execute()
  return new Map(rows.map((row) => [row.key_id, Number(row.secrets)]))
}

export async function saveAllowedAddresses(
  tx: Tx,
  clientId: string,
  addresses: readonly string[],
): Promise<void> {
  await tables(tx)
    .updateTable('clients')
    .set({ allowed_addresses: [...addresses] })
    .where('client_id', '=', clientId)
    .execute()
}

// ---- secrets that somebody found where they do not belong

/** A look-up that names hashes, as the database reads it: it sees the secrets that have them, and nothing else. */
export const lookingFor = (hashes: readonly Uint8Array[]): Session => ({
  role: 'client_lookup',
  client: `hashes:${hashes.map((hash) => Buffer.from(hash).toString('hex')).join(',')}`,
})

/** What `lookingFor` sees. */
export async function secretsFound(
  tx: Tx,
): Promise<readonly { readonly secretId: string; readonly clientId: string }[]> {
  const rows = await tables(tx)
    .selectFrom('client_secrets')
    .where(sql<boolean>`hash = any (hashes_looked_for())`)
    .select(['secret_id', 'client_id'])
    .execute()
  return rows.map((row) => ({ secretId: row.secret_id, clientId: row.client_id }))
}

export async function organizationOfClient(tx: Tx, clientId: string): Promise<OrganizationId | undefined> {
  const row = await tables(tx)
    .selectFrom('clients')
    .where('client_id', '=', clientId)
    .select('organization_id')
    .executeTakeFirst()
  return row?.organization_id
}
