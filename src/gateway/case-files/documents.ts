import { type CaseDocument, MOST_DOCUMENTS } from '../../cases/documents/index.ts'
import type { Authorization } from '../../core/authorization.ts'
import type { ReviewRequest } from '../../core/request.ts'
import type { AuthorizationId, Id } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { sessionOf } from '../access/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { AddedDocument, AwaitedDocument, DocumentList, Reader, SentDocument } from './model.ts'
import { noSuchCase } from './no-such-case.ts'
import { note } from './noting.ts'

/** Does something with a case, as the company that asks. @throws Problem `state/not-found` */
function withCase<T>(
  deps: CaseFilesDeps,
  { caller }: Reader,
  id: AuthorizationId,
  work: (tx: Tx, found: Authorization) => Promise<T>,
): Promise<T> {
  return deps.database.transaction(sessionOf(caller), async (tx) => {
    const found = await deps.record.find(tx, id)
    if (!found) throw noSuchCase()
    return work(tx, found)
  })
}

/** @see CaseFiles.addDocument */
export function addDocument(
  deps: CaseFilesDeps,
  reader: Reader,
  id: AuthorizationId,
  sent: SentDocument,
): Promise<AddedDocument> {
  return withCase(deps, reader, id, (tx, found) => addTo(deps, tx, reader, found, sent))
}

/** @throws Problem `state/already-there` */
export async function addTo(
  deps: CaseFilesDeps,
  tx: Tx,
  reader: Reader,
  { id, payerId }: Pick<Authorization, 'id' | 'payerId'>,
  sent: SentDocument,
): Promise<AddedDocument> {
  const at = deps.clock.now()
  const addedBy = reader.caller.organizationId
  const added = await deps.documents.add(tx, { ...sent, caseId: id, payerId, addedBy, at })
  if (!added)
    throw new Problem(
      'state/already-there',
      `The case holds ${MOST_DOCUMENTS} documents of yours, which is the most that it takes. Send several pages as one PDF.`,
    )
  const { document, isNew } = added
  await note(deps, tx, reader, {
    act: 'document.add',
    on: id,
    detail: {
      document: document.id,
      mediaType: document.mediaType,
      bytes: document.bytes,
      new: isNew ? 1 : 0,
    },
  })
  return added
}

/** @see CaseFiles.documents */
export function documents(deps: CaseFilesDeps, reader: Reader, id: AuthorizationId): Promise<DocumentList> {
  return withCase(deps, reader, id, async (tx, { payerId, request }) => {
    const found = await deps.documents.list(tx, id, payerId)
    await note(deps, tx, reader, { act: 'document.list', on: id, detail: { documents: found.length } })
    return { documents: found, awaited: awaitedOf(request, found) }
  })
}

/** The documents that a request says go with it, and that have not come. Capitals do not tell two numbers apart. */
function awaitedOf({ event }: ReviewRequest, found: readonly CaseDocument[]): readonly AwaitedDocument[] {
  const come = new Set(found.map(({ controlNumber }) => controlNumber?.toUpperCase()))
  const named = [
    ...(event.attachments ?? []).map((each) => ({ ...each, line: 0 })),
    ...event.lines.flatMap((line) =>
      (line.attachments ?? []).map((each) => ({ ...each, line: line.number })),
    ),
  ]
  return named.flatMap(({ controlNumber, reportType, line }) =>
    controlNumber === undefined || come.has(controlNumber.toUpperCase())
      ? []
      : [{ controlNumber, reportType, ...(line === 0 ? {} : { line }) }],
  )
}

/** @see CaseFiles.document */
export function document(
  deps: CaseFilesDeps,
  reader: Reader,
  id: AuthorizationId,
  documentId: Id<'document'>,
): Promise<{ readonly document: CaseDocument; readonly content: Uint8Array }> {
  return withCase(deps, reader, id, async (tx, { payerId }) => {
    const found = await deps.documents.find(tx, id, payerId, documentId)
    if (!found)
      throw new Problem(
        'state/not-found',
        'No document of this case has this id. Take it from the list of the case.',
      )
    await note(deps, tx, reader, {
      act: 'document.read',
      on: id,
      detail: { document: documentId, bytes: found.document.bytes },
    })
    return found
  })
}
