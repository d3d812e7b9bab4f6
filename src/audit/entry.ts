import type { Actor } from '../kernel/actor.ts'
import { mintId, type OrganizationId, type Random } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'

/** One line of the record: who did what, when, on which id, and whether it was done. Holds no PHI and no secret. */
export interface AuditEntry {
  readonly at: Instant
  readonly actor: Actor
  /** The room and the verb: `authorization.submit`, `token.issue`. */
  readonly act: string
  /** The id of what it was done to. */
  readonly on?: string
  readonly outcome: 'done' | 'refused'
  /** Why it was refused: a problem's code, or another door's own word for it. */
  readonly problem?: string
  readonly requestId?: string
  /** Whose record it belongs to, when that is not the actor's own company: they may read it. */
  readonly organizationId?: OrganizationId
  /** Ids, codes, counts. Never PHI: tenants and auditors read this in clear. */
  readonly detail?: Readonly<Record<string, string | number>>
}

/** An entry as the table holds it. */
export interface AuditRow {
  readonly id: string
  readonly at: string
  readonly actor_kind: Actor['kind']
  readonly actor_id: string | null
  readonly organization_id: string | null
  readonly act: string
  readonly on_id: string | null
  readonly outcome: AuditEntry['outcome']
  readonly problem: string | null
  readonly request_id: string | null
  readonly detail: Readonly<Record<string, string | number>> | null
}

/**
 * An entry as a row that the database will take: one odd value in a request must not fail the batch of others that it
 * travels with, so text is made storable here.
 *
 * @throws RangeError when `at` is no moment
 */
export function rowOf(entry: AuditEntry, random: Random): AuditRow {
  return {
    id: mintId('audit', entry.at, random),
    at: new Date(entry.at).toISOString(),
    actor_kind: entry.actor.kind,
    actor_id: optional(actorId(entry.actor)),
    organization_id: optional(entry.organizationId ?? organizationOf(entry.actor)),
    act: storable(entry.act),
    on_id: optional(entry.on),
    outcome: entry.outcome,
    problem: optional(entry.problem),
    request_id: optional(entry.requestId),
    detail: entry.detail === undefined ? null : storableDetail(entry.detail),
  }
}

function actorId(actor: Actor): string | undefined {
  switch (actor.kind) {
    case 'client':
      return actor.clientId
    case 'person':
      return actor.personId
    case 'system':
      return actor.part
    case 'operator':
    case 'anonymous':
      return undefined
  }
}

function organizationOf(actor: Actor): OrganizationId | undefined {
  return 'organizationId' in actor ? actor.organizationId : undefined
}

function optional(text: string | undefined): string | null {
  return text === undefined ? null : storable(text)
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

function storableDetail(detail: Readonly<Record<string, string | number>>): AuditRow['detail'] {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      storable(name),
      typeof value === 'string' ? storable(value) : value,
    ]),
  )
}
