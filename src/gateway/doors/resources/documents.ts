import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MEDIA_TYPES } from '../../../cases/documents/index.ts'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { documentList, documentResource } from './case-files-wire.ts'
import { caseIdOf } from './case-id.ts'
import { asAttachment } from './content-disposition.ts'
import { type DocumentHeaders, declaredType, MOST_BYTES, sentDocument } from './sent-document.ts'
import { boundTransfers, DOWNLOADS, type Transfers } from './transfers.ts'

type OfCase = { Params: { id: string } }

/**
 * The documents of a case: the body is the document itself, and headers say what it is called. Nothing here looks for
 * malware, and nothing is ever shown: whoever takes a document out saves it.
 */
export function addDocuments(
  server: FastifyInstance,
  deps: DoorDeps,
  caught: Caught,
  uploads: Transfers,
): void {
  const readerOf = (request: FastifyRequest) => ({ caller: caught.callerOf(request), requestId: request.id })

  const downloads = boundTransfers(DOWNLOADS)
  // A scope of its own, as bodies are read in no other way here.
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
    scope.post<OfCase & { Body: Buffer | undefined }>(
      '/v1/authorizations/:id/documents',
      {
        bodyLimit: MOST_BYTES,
        config: { act: 'document.add', scope: 'pa:submit' },
        // Before ten megabytes are read of what will not be taken.
        preParsing: async (request, reply) => {
          declaredType(request.headers['content-type'])
          uploads.hold(caught.callerOf(request).organizationId, reply.raw)
        },
      },
      async (request, reply) => {
        const reader = readerOf(request)
        const id = caseIdOf(request.params.id)
        const sent = sentDocument(request.body ?? new Uint8Array(0), request.headers as DocumentHeaders)
        const { document, isNew } = await deps.caseFiles.addDocument(reader, id, sent)
        return reply
          .code(isNew ? 201 : 200)
          .header('location', `/v1/authorizations/${id}/documents/${document.id}`)
          .send(documentResource(document, reader.caller.organizationId))
      },
    )
  })

  server.get<OfCase>(
    '/v1/authorizations/:id/documents',
    { config: { act: 'document.list' } },
    async (request) => {
      const reader = readerOf(request)
      const found = await deps.caseFiles.documents(reader, caseIdOf(request.params.id))
      return documentList(found, reader.caller.organizationId)
    },
  )

  server.get<{ Params: { id: string; documentId: string } }>(
    '/v1/authorizations/:id/documents/:documentId',
    { config: { act: 'document.read' } },
    async (request, reply) => {
      const id = caseIdOf(request.params.id)
      const documentId = readId('document', request.params.documentId)
      if (!documentId)
        throw new Problem('state/not-found', 'A document has an id such as doc_01989d5e-…; this is not one.')
      downloads.hold(caught.callerOf(request).organizationId, reply.raw)
      const { document, content } = await deps.caseFiles.document(readerOf(request), id, documentId)
      const plain = `${document.id}.${MEDIA_TYPES[document.mediaType].endings[0]}`
      return (
        reply
          .type(document.mediaType)
          .header('content-disposition', asAttachment(plain, document.name))
          // Should a browser show it all the same, it runs nothing and reaches nobody.
          .header('content-security-policy', "sandbox; default-src 'none'")
          .send(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
      )
    },
  )
}
