import { sql } from 'kysely'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { text } from './tables.ts'

/** A token that was ended before its time. */
export interface RevokedToken {
  /** Its `jti`. */
  readonly tokenId: string
  /** When it would have ended by itself, ms since 1970. */
  readonly expiresAt: Instant
}

/**
 * Ends a token of the client that the session names. One that was ended before stays as it was.
 *
 * @returns whether it was still alive
 */
export async function saveRevokedToken(
  tx: Tx,
  token: RevokedToken & { readonly clientId: string; readonly organizationId: OrganizationId },
  now: Instant,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into revoked_tokens (token_id, client_id, organization_id, expires_at, revoked_at)
    values (${token.tokenId}, ${token.clientId}, ${token.organizationId}, ${text(token.expiresAt)}::timestamptz,
      ${text(now)}::timestamptz)
    on conflict do nothing`.execute(tx)
  return (numAffectedRows ?? 0n) > 0n
}

/**
 * The tokens ended since a mark, as `readChanges` names marks.
 *
 * @param from `0` for all of them
 */
export async function revokedTokens(tx: Tx, from: string): Promise<readonly RevokedToken[]> {
  const { rows } = await sql<{ token_id: string; expires_at_ms: number }>`
    select token_id, extract(epoch from expires_at)::float8 * 1000 as expires_at_ms
    from revoked_tokens where changed_in >= ${from}::xid8`.execute(tx)
  return rows.map((row) => ({ tokenId: row.token_id, expiresAt: Number(row.expires_at_ms) as Instant }))
}

/** Removes the tokens that have ended by themselves. @returns how many */
export async function deleteEndedTokens(tx: Tx, before: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from revoked_tokens where expires_at <= ${text(before)}::timestamptz`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/**
 * Raises a client's epoch, which ends every token that it has, and disables it when told so.
 *
 * @returns undefined when the organization has no such client; else its epoch, and whether this changed anything
 */
export async function raiseEpoch(
  tx: Tx,
  { organizationId, clientId }: { readonly organizationId: OrganizationId; readonly clientId: string },
  disabledAt: Instant | undefined,
): Promise<{ readonly epoch: number; readonly isChanged: boolean } | undefined> {
  const found = await sql<{ epoch: number; disabled: boolean }>`
    select epoch, disabled_at is not null as disabled from clients
    where client_id = ${clientId} and organization_id = ${organizationId} for update`.execute(tx)
  const [client] = found.rows
  if (!client) return undefined
  if (disabledAt !== undefined && client.disabled) return { epoch: client.epoch, isChanged: false }
  const disabled = disabledAt === undefined ? null : text(disabledAt)
  const { rows } = await sql<{ epoch: number }>`
    update clients set epoch = epoch + 1, disabled_at = coalesce(disabled_at, ${disabled}::timestamptz)
    where client_id = ${clientId} returning epoch`.execute(tx)
  return { epoch: rows[0]?.epoch ?? client.epoch, isChanged: true }
}
