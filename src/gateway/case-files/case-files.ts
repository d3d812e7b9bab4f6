import type { CaseFilesDeps } from './deps.ts'
import { addDocument, document, documents } from './documents.ts'
import { events } from './events.ts'
import { exchange, exchanges } from './exchanges.ts'
import { follow } from './follow.ts'
import { linkDocuments } from './link-documents.ts'
import type { CaseFiles } from './model.ts'
import { search } from './search.ts'

export function openCaseFiles(deps: CaseFilesDeps): CaseFiles {
  return {
    search: (reader, asked) => search(deps, reader, asked),
    events: (reader, id, after, limit) => events(deps, reader, id, after, limit),
    follow: (reader, asked) => follow(deps, reader, asked),
    exchanges: (reader, id) => exchanges(deps, reader, id),
    exchange: (reader, id, exchangeId) => exchange(deps, reader, id, exchangeId),
    addDocument: (reader, id, sent) => addDocument(deps, reader, id, sent),
    linkDocuments: (reader, sent, isSound) => linkDocuments(deps, reader, sent, isSound),
    documents: (reader, id) => documents(deps, reader, id),
    document: (reader, id, documentId) => document(deps, reader, id, documentId),
  }
}
