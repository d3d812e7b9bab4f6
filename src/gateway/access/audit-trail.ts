import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** One act, as the audit record keeps it. */
export interface AuditEntry {
  readonly at: Instant
  readonly actor: Actor
  readonly act: string
  readonly on?: string
  readonly outcome: 'done' | 'refused'
  readonly problem?: string
  readonly requestId?: string
  /** Whose record it belongs to, when that is not the actor's own company. */
  readonly organizationId?: OrganizationId
  readonly detail?: Readonly<Record<string, string | number>>
}

/** Keeps an entry; resolves once it is safe, so that an answer can wait for it. */
export interface Recorder {
  note(entry: AuditEntry): Promise<void>
}
