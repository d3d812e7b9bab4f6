import type { Appeal, Decision, Pending, Successor } from '../../core/authorization.ts'
import type { Rejection } from '../../core/decision.ts'
import type { AuthorizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { DataKey } from '../../platform/secrets/index.ts'

/**
 * Where each sealed column belongs: table, case and column are authenticated with it, so that what was moved elsewhere
 * does not open.
 */
export const PLACE = {
  request: (id: AuthorizationId) => `authorizations/${id}/sealed_request`,
  outcome: (id: AuthorizationId) => `authorizations/${id}/sealed_outcome`,
  detail: (id: AuthorizationId, sequence: number) => `events/${id}/sealed_detail/${sequence}`,
  body: (id: AuthorizationId, exchange: string) => `exchanges/${id}/sealed_body/${exchange}`,
  notes: (id: AuthorizationId, exchange: string) => `exchanges/${id}/sealed_notes/${exchange}`,
} as const

export function sealJson(key: DataKey, value: unknown, place: string): Uint8Array {
  return key.seal(Buffer.from(JSON.stringify(value), 'utf8'), place)
}

/** @throws Error when the value was sealed for another place or by another key, or was changed */
export function openJson(key: DataKey, sealed: Uint8Array, place: string): unknown {
  return JSON.parse(Buffer.from(key.open(sealed, place)).toString('utf8'))
}

export const momentOf = (instant: Instant): string => new Date(instant).toISOString()
export const instantOf = (moment: string): Instant => Date.parse(moment) as Instant

/** What a case's outcome says beyond its columns. */
export type Outcome =
  | { readonly rejections: readonly Rejection[] }
  | {
      readonly decided: Decision['decided']
      readonly pending?: Pending
      readonly appeal?: Appeal
      readonly endedAt?: Instant
      readonly successor?: Successor
    }
