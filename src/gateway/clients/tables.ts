import type { Id, OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AlertKind, RevokedFor } from './model.ts'

/** The tables of this slice, each once; which file reads which is for the file to say. */
type ClientTables = {
  grants: {
    organization_id: OrganizationId
    grant_id: string
    organization_name: string
    version: number
    products: string[]
    scopes: string[]
    providers: unknown
    valid_from: string
    valid_until: string | null
    applied_at: string
  }
  clients: {
    client_id: string
    organization_id: OrganizationId
    label: string
    scopes: string[]
    epoch: number
    created_at: string
    disabled_at: string | null
    request_id: string | null
    allowed_addresses: string[]
  }
  client_secrets: {
    secret_id: string
    client_id: string
    hash: Uint8Array
    key_id: string
    hint: string
    created_at: string
    expires_at: string | null
    last_used_at: string | null
    last_used_from: string | null
    uses: bigint
    request_id: string | null
    revoked_at: string | null
    revoked_for: RevokedFor | null
  }
  secret_networks: {
    secret_id: string
    client_id: string
    network: string
    first_seen_at: string
    last_seen_at: string
  }
  client_key_sets: {
    client_id: string
    jwks: unknown
    jwks_uri: string | null
    updated_at: string
    last_used_at: string | null
    last_used_kid: string | null
  }
  spent_assertions: {
    client_id: string
    jti_hash: Uint8Array
    expires_at: string
  }
  access_alerts: {
    id: Id<'alert'>
    kind: AlertKind
    client_id: string
    secret_id: string | null
    organization_id: OrganizationId
    network: string | null
    at: string
    acknowledged_at: string | null
  }
}

export const tables = (tx: Tx) => tx.withTables<ClientTables>()
export const instant = (text: string) => Date.parse(isoOf(text)) as Instant
export const text = (moment: Instant) => new Date(moment).toISOString()
/** PostgreSQL writes `2026-11-24 06:00:00+00`. */
const isoOf = (moment: string) => moment.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
