import { sql } from 'kysely'
import type { AdmissionId, AuthorizationId, Id, OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { NewOutgoing, Outgoing, OutgoingChange } from './outbox.ts'

interface MessageRow {
  readonly message_id: Id<'exchange'>
  readonly payer_id: PayerId
  readonly case_id: AuthorizationId | null
  readonly admission_id: AdmissionId | null
  readonly received_from: OrganizationId
  readonly follows: AuthorizationId | null
  readonly operation: 'submission' | 'notice'
  readonly purpose: Outgoing['purpose']
  readonly trace_number: string
  readonly stage: Outgoing['stage']
  readonly attempts: number
  readonly is_unsure: boolean
  readonly created_at: string
}

function outgoingOf(row: MessageRow): Outgoing {
  return {
    id: row.message_id,
    payerId: row.payer_id,
    ...(row.case_id !== null && { caseId: row.case_id }),
    ...(row.admission_id !== null && { admissionId: row.admission_id }),
    receivedFrom: row.received_from,
    ...(row.follows !== null && { follows: row.follows }),
    operation: row.operation,
    purpose: row.purpose,
    traceNumber: row.trace_number,
    stage: row.stage,
    attempts: row.attempts,
    isUnsure: row.is_unsure,
    createdAt: Date.parse(row.created_at) as Instant,
  }
}

export async function insertMessage(tx: Tx, kept: NewOutgoing): Promise<void> {
  await sql`
    insert into upstream_messages (message_id, payer_id, case_id, admission_id, received_from, follows, operation, purpose,
      trace_number, stage, due_at, created_at)
    values (${kept.id}, ${kept.payerId}, ${kept.caseId ?? null}, ${kept.admissionId ?? null}, ${kept.receivedFrom},
      ${kept.follows ?? null}, ${kept.operation}, ${kept.purpose}, ${kept.traceNumber}, 'send',
      ${momentOf(kept.dueAt)}::timestamptz, ${momentOf(kept.createdAt)}::timestamptz)`.execute(tx)
}

/** Those whose time has come, longest due first, put off until `until`: nobody else takes them before that. */
export async function takeDue(
  tx: Tx,
  at: Instant,
  until: Instant,
  limit: number,
): Promise<readonly Outgoing[]> {
  const { rows } = await sql<MessageRow>`
    update upstream_messages set due_at = ${momentOf(until)}::timestamptz
    where message_id in (
      select message_id from upstream_messages
      where stage <> 'done' and due_at <= ${momentOf(at)}::timestamptz
      order by due_at limit ${limit} for update skip locked)
    returning *`.execute(tx)
  return rows.map(outgoingOf)
}

/** Nobody else moves it on until the transaction ends. */
export async function lockMessage(tx: Tx, id: Id<'exchange'>): Promise<Outgoing | undefined> {
  const { rows } = await sql<MessageRow>`
    select * from upstream_messages where message_id = ${id} for update`.execute(tx)
  return rows[0] && outgoingOf(rows[0])
}

export async function updateMessage(tx: Tx, id: Id<'exchange'>, change: OutgoingChange): Promise<void> {
  await sql`
    update upstream_messages set stage = ${change.stage}, attempts = ${change.attempts}, is_unsure = ${change.isUnsure},
      due_at = ${momentOf(change.dueAt)}::timestamptz, last_failure = ${change.lastFailure ?? null}
    where message_id = ${id}`.execute(tx)
}

/** The message of a case whose decision is still owed: the newest, where there are several. */
export async function openMessageOf(tx: Tx, caseId: AuthorizationId): Promise<Outgoing | undefined> {
  const { rows } = await sql<MessageRow>`
    select * from upstream_messages where case_id = ${caseId} and stage <> 'done'
    order by message_id desc limit 1`.execute(tx)
  return rows[0] && outgoingOf(rows[0])
}

/** Whether the same is being asked of a case already, and nobody has answered. */
export async function isUnderWay(tx: Tx, caseId: AuthorizationId, purpose: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from upstream_messages
    where case_id = ${caseId} and purpose = ${purpose} and stage <> 'done' limit 1`.execute(tx)
  return rows.length === 1
}

const momentOf = (instant: Instant): string => new Date(instant).toISOString()
