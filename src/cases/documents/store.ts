import { sql } from 'kysely'
import type { AuthorizationId, Id, OrganizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { MediaType } from './media-type.ts'

export interface DocumentRow {
  readonly case_id: AuthorizationId
  readonly document_id: Id<'document'>
  readonly organization_id: OrganizationId
  readonly media_type: MediaType
  readonly bytes: number
  readonly content_hash: Uint8Array
  readonly added_at: string
  readonly sealed_facts: Uint8Array
}

/** All but the bytes themselves, which are large. */
const ROW = sql`case_id, document_id, organization_id, media_type, bytes, content_hash, added_at, sealed_facts`

/** @returns false when the company has sent these bytes before */
export async function insertDocument(tx: Tx, row: DocumentRow, sealedContent: Uint8Array): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into documents (case_id, document_id, organization_id, media_type, bytes, content_hash, added_at, sealed_facts,
      sealed_content)
    values (${row.case_id}, ${row.document_id}, ${row.organization_id}, ${row.media_type}, ${row.bytes},
      ${row.content_hash}, ${row.added_at}, ${row.sealed_facts}, ${sealedContent})
    on conflict (case_id, organization_id, content_hash) do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}

export async function selectByHash(
  tx: Tx,
  {
    case_id,
    organization_id,
    content_hash,
  }: Pick<DocumentRow, 'case_id' | 'organization_id' | 'content_hash'>,
): Promise<DocumentRow | undefined> {
  const { rows } = await sql<DocumentRow>`
    select ${ROW} from documents
    where case_id = ${case_id} and organization_id = ${organization_id} and content_hash = ${content_hash}`.execute(
    tx,
  )
  return rows[0]
}

export async function countDocuments(
  tx: Tx,
  caseId: AuthorizationId,
  organizationId: OrganizationId,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from documents
    where case_id = ${caseId} and organization_id = ${organizationId}`.execute(tx)
  return rows[0]?.count ?? 0
}

export async function selectDocuments(tx: Tx, caseId: AuthorizationId): Promise<readonly DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    select ${ROW} from documents where case_id = ${caseId} order by document_id`.execute(tx)
  return rows
}

export async function selectDocument(
  tx: Tx,
  caseId: AuthorizationId,
  id: Id<'document'>,
): Promise<(DocumentRow & { readonly sealed_content: Uint8Array }) | undefined> {
  const { rows } = await sql<DocumentRow & { sealed_content: Uint8Array }>`
    select ${ROW}, sealed_content from documents where case_id = ${caseId} and document_id = ${id}`.execute(
    tx,
  )
  return rows[0]
}
