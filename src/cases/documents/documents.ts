import { createHash } from 'node:crypto'
import { mintId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import {
  type CaseDocument,
  type Documents,
  type DocumentsDeps,
  MOST_DOCUMENTS,
  type NewDocument,
} from './model.ts'
import * as store from './store.ts'

/** Opens the documents of one environment's cases. Holds nothing itself. */
export function openDocuments({ keyOf, random }: DocumentsDeps): Documents {
  return {
    add: async (tx, added) => {
      const key = await keyOf(tx, added.payerId)
      const row = rowOf(added, mintId('document', added.at, random), key)
      const known = await store.selectByHash(tx, row)
      if (known) return { document: documentOf(known, key), isNew: false }
      if ((await store.countDocuments(tx, added.caseId, added.addedBy)) >= MOST_DOCUMENTS) return undefined
      const isNew = await store.insertDocument(tx, row, key.seal(added.content, placeOf(row, 'content')))
      // Of two that came at once, the later waited for the earlier, and is that one.
      const kept = isNew ? row : ((await store.selectByHash(tx, row)) ?? row)
      return { document: documentOf(kept, key), isNew }
    },
    list: async (tx, caseId, payerId) => {
      const rows = await store.selectDocuments(tx, caseId)
      if (rows.length === 0) return []
      const key = await keyOf(tx, payerId)
      return rows.map((row) => documentOf(row, key))
    },
    find: async (tx, caseId, payerId, id) => {
      const row = await store.selectDocument(tx, caseId, id)
      if (!row) return undefined
      const key = await keyOf(tx, payerId)
      return {
        document: documentOf(row, key),
        content: key.open(row.sealed_content, placeOf(row, 'content')),
      }
    },
  }
}

type Facts = Pick<CaseDocument, 'name' | 'controlNumber'>

/** Where a sealed column belongs: authenticated with it, so that what was moved elsewhere does not open. */
function placeOf(
  { case_id, document_id }: Pick<store.DocumentRow, 'case_id' | 'document_id'>,
  part: 'facts' | 'content',
): string {
  return `documents/${case_id}/${document_id}/sealed_${part}`
}

function rowOf(added: NewDocument, id: CaseDocument['id'], key: DataKey): store.DocumentRow {
  const { name, controlNumber } = added
  const facts: Facts = {
    ...(name === undefined ? {} : { name }),
    ...(controlNumber === undefined ? {} : { controlNumber }),
  }
  const place = placeOf({ case_id: added.caseId, document_id: id }, 'facts')
  return {
    case_id: added.caseId,
    document_id: id,
    organization_id: added.addedBy,
    media_type: added.mediaType,
    bytes: added.content.length,
    content_hash: new Uint8Array(createHash('sha256').update(added.content).digest()),
    added_at: new Date(added.at).toISOString(),
    sealed_facts: key.seal(Buffer.from(JSON.stringify(facts), 'utf8'), place),
  }
}

function documentOf(row: store.DocumentRow, key: DataKey): CaseDocument {
  const facts = Buffer.from(key.open(row.sealed_facts, placeOf(row, 'facts'))).toString('utf8')
  return {
    id: row.document_id,
    addedBy: row.organization_id,
    mediaType: row.media_type,
    bytes: row.bytes,
    sha256: Buffer.from(row.content_hash).toString('hex'),
    addedAt: Date.parse(row.added_at) as Instant,
    ...(JSON.parse(facts) as Facts),
  }
}
