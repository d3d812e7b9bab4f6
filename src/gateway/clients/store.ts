import { sql } from 'kysely'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { ClientStanding, Grant, GrantedProvider, GrantTerms, Scope } from './model.ts'
import { type RevokedToken, revokedTokens } from './revocation-store.ts'
import { instant, tables, text } from './tables.ts'

// ---- clients, as the token endpoint looks one up

export interface StoredSecret {
  readonly id: string
  /** HMAC-SHA-256 of the secret, 32 bytes. */
  readonly hash: Uint8Array
  /** Which key the hash was made with. */
  readonly keyId: string
  readonly expiresAt: Instant | undefined
  readonly lastUsedAt: Instant | undefined
}

export interface ClientRecord extends ClientStanding {
  readonly secrets: readonly StoredSecret[]
}

/** The client that the session names, with its grant and secrets. */
export async function findClient(tx: Tx, clientId: string): Promise<ClientRecord | undefined> {
  const rows = await tables(tx)
    .selectFrom('clients as c')
    .leftJoin('grants as g', 'g.organization_id', 'c.organization_id')
    .leftJoin('client_secrets as s', 's.client_id', 'c.client_id')
    .where('c.client_id', '=', clientId)
    .select(['c.client_id', 'c.organization_id', 'c.epoch', 'c.disabled_at', 'c.scopes'])
    .select('c.allowed_addresses')
    .select(['g.scopes as grant_scopes', 'g.providers', 'g.valid_from', 'g.valid_until'])
    .select(['s.secret_id', 's.hash', 's.key_id', 's.expires_at', 's.last_used_at'])
    .execute()
  const [first] = rows
  if (!first) return undefined
  const secrets = rows.flatMap(({ secret_id, hash, key_id, expires_at, last_used_at }): StoredSecret[] =>
    secret_id === null || hash === null || key_id === null
      ? []
      : [
          {
            id: secret_id,
            hash,
            keyId: key_id,
            expiresAt: expires_at === null ? undefined : instant(expires_at),
            lastUsedAt: last_used_at === null ? undefined : instant(last_used_at),
          },
        ],
  )
  const { grant_scopes: scopes, providers, valid_from, valid_until } = first
  const grant =
    scopes === null || valid_from === null
      ? undefined
      : termsOf({ scopes, providers, valid_from, valid_until })
  return { ...standingOf(first), grant, secrets }
}

// ---- the standing of every client, as a node keeps it in memory

/** What may have changed since a mark. */
export interface StandingChanges {
  /** Without their grants. */
  readonly clients: readonly Omit<ClientStanding, 'grant'>[]
  readonly grants: readonly { readonly organizationId: OrganizationId; readonly terms: GrantTerms }[]
  readonly revokedTokens: readonly RevokedToken[]
  /** To be given the next time. */
  readonly mark: string
}

/**
 * Everything that was not yet visible when `since` was taken; some of it may have been seen before.
 *
 * The mark is the oldest transaction still running, so a change that commits late is not missed.
 *
 * @param since the mark of the last reading; absent for everything
 */
export async function readChanges(tx: Tx, since: string | undefined): Promise<StandingChanges> {
  const { rows } = await sql<{ mark: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as mark`.execute(tx)
  const mark = rows[0]?.mark
  if (mark === undefined) throw new Error('the database named no snapshot')
  const from = since ?? '0'
  const clients = await tables(tx)
    .selectFrom('clients')
    .where(sql<boolean>`changed_in >= ${from}::xid8`)
    .select(['client_id', 'organization_id', 'epoch', 'disabled_at', 'scopes', 'allowed_addresses'])
    .execute()
  const grants = await tables(tx)
    .selectFrom('grants')
    .where(sql<boolean>`changed_in >= ${from}::xid8`)
    .select(['organization_id', 'scopes', 'providers', 'valid_from', 'valid_until'])
    .execute()
  return {
    clients: clients.map(standingOf),
    grants: grants.map((row) => ({ organizationId: row.organization_id, terms: termsOf(row) })),
    revokedTokens: await revokedTokens(tx, from),
    mark,
  }
}

function standingOf(row: {
  client_id: string
  organization_id: OrganizationId
  epoch: number
  disabled_at: string | null
  scopes: string[]
  allowed_addresses: string[]
}) {
  return {
    clientId: row.client_id,
    organizationId: row.organization_id,
    epoch: row.epoch,
    disabled: row.disabled_at !== null,
    scopes: row.scopes,
    allowedAddresses: row.allowed_addresses,
  }
}

function termsOf(row: {
  scopes: string[]
  providers: unknown
  valid_from: string
  valid_until: string | null
}): GrantTerms {
  return {
    scopes: row.scopes,
    from: instant(row.valid_from),
    until: row.valid_until === null ? undefined : instant(row.valid_until),
    // Written by `saveGrant`, moments as numbers.
    providers: row.providers === null ? undefined : (row.providers as readonly GrantedProvider[]),
  }
}

// ---- what the administration writes

/** @returns whether this version was new; an equal or lower one changes nothing */
export async function saveGrant(tx: Tx, grant: Grant, now: Instant): Promise<boolean> {
  const row = {
    organization_id: grant.organizationId,
    grant_id: grant.id,
    organization_name: grant.organizationName,
    version: grant.version,
    products: [...grant.products],
    scopes: [...grant.scopes],
    providers: grant.providers === undefined ? null : JSON.stringify(grant.providers),
    valid_from: text(grant.from),
    valid_until: grant.until === undefined ? null : text(grant.until),
    applied_at: text(now),
  }
  const { organization_id: _, ...terms } = row
  const written = await tables(tx)
    .insertInto('grants')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('organization_id')
        .doUpdateSet(terms)
        .where('grants.version', '<', (excluded) => excluded.ref('excluded.version')),
    )
    .returning('version')
    .execute()
  return written.length > 0
}

export async function findGrant(tx: Tx, organizationId: OrganizationId): Promise<GrantTerms | undefined> {
  const row = await tables(tx)
    .selectFrom('grants')
    .where('organization_id', '=', organizationId)
    .select(['scopes', 'providers', 'valid_from', 'valid_until'])
    .executeTakeFirst()
  return row && termsOf(row)
}

export interface NewClientRow {
  readonly clientId: string
  readonly organizationId: OrganizationId
  readonly label: string
  readonly scopes: readonly Scope[]
  readonly requestId: string | undefined
}

export async function saveClient(tx: Tx, client: NewClientRow, now: Instant): Promise<void> {
  await tables(tx)
    .insertInto('clients')
    .values({
      client_id: client.clientId,
      organization_id: client.organizationId,
      label: client.label,
      scopes: [...client.scopes],
      epoch: 1,
      created_at: text(now),
      disabled_at: null,
      request_id: client.requestId ?? null,
      allowed_addresses: [],
    })
    .execute()
}

/** Whether an organization has a client of this id. */
export async function isClientOf(tx: Tx, organizationId: OrganizationId, clientId: string): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('clients')
    .where('client_id', '=', clientId)
    .where('organization_id', '=', organizationId)
    .select('client_id')
    .executeTakeFirst()
  return row !== undefined
}

/** A client as its company and the operator see it. */
export interface ClientSummary {
  readonly clientId: string
  readonly organizationId: OrganizationId
  readonly label: string
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  readonly disabledAt: Instant | undefined
  /** Addresses and CIDR ranges that it may call from; none means any. */
  readonly allowedAddresses: readonly string[]
  /** Its newest secret, recognizable and useless: `css_test_…a1B2`. Absent: it has none. */
  readonly secretHint: string | undefined
  readonly lastUsedAt: Instant | undefined
  /** Absent: it has none. */
  readonly keys?: KeySetSummary
}

/** A client's keys as people are shown them. */
export interface KeySetSummary {
  /** The names of those that were uploaded and have one. */
  readonly kids: readonly string[]
  /** Where it publishes them instead. */
  readonly jwksUri: string | undefined
  readonly lastUsedAt: Instant | undefined
  readonly lastUsedKid: string | undefined
}

/** An organization's clients, oldest first. */
export async function clientsOf(tx: Tx, organizationId: OrganizationId): Promise<readonly ClientSummary[]> {
  const rows = await tables(tx)
    .selectFrom('clients as c')
    .leftJoin('client_secrets as s', 's.client_id', 'c.client_id')
    .leftJoin('client_key_sets as k', 'k.client_id', 'c.client_id')
    .where('c.organization_id', '=', organizationId)
    .distinctOn('c.client_id')
    .orderBy('c.client_id')
    .orderBy('s.created_at', 'desc')
    .select(['c.client_id', 'c.organization_id', 'c.label', 'c.scopes', 'c.created_at', 'c.disabled_at'])
    .select(['c.allowed_addresses', 's.hint', 's.last_used_at'])
    .select(['k.client_id as has_keys', 'k.jwks', 'k.jwks_uri'])
    .select(['k.last_used_at as key_used_at', 'k.last_used_kid'])
    .execute()
  return rows
    .map((row) => ({
      clientId: row.client_id,
      organizationId: row.organization_id,
      label: row.label,
      scopes: row.scopes,
      createdAt: instant(row.created_at),
      disabledAt: row.disabled_at === null ? undefined : instant(row.disabled_at),
      allowedAddresses: row.allowed_addresses,
      secretHint: row.hint ?? undefined,
      lastUsedAt: row.last_used_at === null ? undefined : instant(row.last_used_at),
      ...(row.has_keys === null ? {} : { keys: keySummary(row) }),
    }))
    .sort((a, b) => a.createdAt - b.createdAt)
}

function keySummary(row: {
  readonly jwks: unknown
  readonly jwks_uri: string | null
  readonly key_used_at: string | null
  readonly last_used_kid: string | null
}): KeySetSummary {
  const { keys } = (row.jwks ?? { keys: [] }) as { readonly keys: readonly { readonly kid?: string }[] }
  return {
    kids: keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])),
    jwksUri: row.jwks_uri ?? undefined,
    lastUsedAt: row.key_used_at === null ? undefined : instant(row.key_used_at),
    lastUsedKid: row.last_used_kid ?? undefined,
  }
}
