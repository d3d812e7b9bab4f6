import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MOST_DOCUMENTS } from '../../../cases/documents/index.ts'
import {
  acknowledge,
  decodeAttachments,
  encodeAcknowledgements,
  type ReceivedAttachments,
  type ReceivedInterchange,
  withFaults,
  type X12Fault,
} from '../../../formats/x12/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import { type SpellProblem, spellAsProblemJson, spellProblems } from '../../../platform/http/index.ts'
import { controlNumber } from '../control-number.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { linkedDocument, objectFaults, unlinkedFault, usageFaults } from './attachment-faults.ts'
import { documentResource } from './case-files-wire.ts'
import { MOST_BYTES } from './sent-document.ts'
import type { Transfers } from './transfers.ts'

const EDI_TYPE = 'application/edi-x12'
/** An object of the greatest size as Base64, and what stands around it. */
const MOST_INTERCHANGE_BYTES = 14 * 1024 * 1024
const BUDGET = { objectBytes: MOST_BYTES, objects: MOST_DOCUMENTS, segments: 2_000 }

/**
 * `POST /v1/attachments`: a 275 with its objects, each of which goes to the case that its numbers lead to; all of them, or none.
 * It is answered in JSON, or by TA1 and 999 where `Accept` names X12.
 */
export function addAttachments(
  server: FastifyInstance,
  deps: DoorDeps,
  caught: Caught,
  uploads: Transfers,
): void {
  // What is said in X12 of an interchange that was read and refused.
  const acknowledgements = new WeakMap<FastifyRequest, string>()
  const spell: SpellProblem = (problem, request, reply) => {
    const text = wantsX12(request) ? acknowledgements.get(request) : undefined
    if (text === undefined) return spellAsProblemJson(problem, request, reply)
    reply.type(EDI_TYPE).send(text)
  }
  server.register(async (scope) => {
    spellProblems(scope, caught.onRecord(spell))
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(EDI_TYPE, { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
    scope.post<{ Body: Buffer | undefined }>(
      '/v1/attachments',
      {
        bodyLimit: MOST_INTERCHANGE_BYTES,
        config: { act: 'document.attach', scope: 'pa:submit' },
        preParsing: async (request, reply) => {
          requireX12(request)
          uploads.hold(caught.callerOf(request).organizationId, reply.raw)
        },
      },
      async (request, reply) => {
        const { received, objects, faults } = read(request.body)
        const acknowledged = (of: ReceivedInterchange) =>
          encodeAcknowledgements(acknowledge(of, false), of.header, {
            at: deps.clock.now(),
            controlNumber: controlNumber(deps.random),
          })
        const refuse = (
          all: readonly X12Fault[],
          ofEnvelope: readonly X12Fault[],
          ofTransactions: readonly X12Fault[],
        ): never => {
          const marked = { ...received, faults: [...ofEnvelope, ...received.faults] }
          acknowledgements.set(request, acknowledged(withFaults(marked, ofTransactions)))
          throw refused(all)
        }
        const ofUsage = usageFaults(received.header, deps.environment)
        const later = objects.flatMap(objectFaults)
        const isSound = faults.length + ofUsage.length + later.length === 0
        const reader = { caller: caught.callerOf(request), requestId: request.id }
        const linked = await deps.caseFiles.linkDocuments(reader, objects.map(linkedDocument), isSound)
        if (!('added' in linked)) {
          const unlinked = linked.unlinked.map((one) => unlinkedFault(one, objects))
          return refuse([...ofUsage, ...faults, ...later, ...unlinked], ofUsage, [...later, ...unlinked])
        }
        const { added } = linked
        const acknowledgement = acknowledged(received)
        reply.code(added.some(({ isNew }) => isNew) ? 201 : 200)
        if (wantsX12(request)) return reply.type(EDI_TYPE).send(acknowledgement)
        return reply.send({
          interchangeControlNumber: received.header.controlNumber,
          acknowledgement,
          documents: added.map(({ caseId, document, isNew }, i) => ({
            authorizationId: caseId,
            assignedNumber: objects[i]?.assignedNumber ?? '',
            isNew,
            document: documentResource(document, reader.caller.organizationId),
          })),
        })
      },
    )
  })
}

/** X12 is asked for by name; everything else is answered in JSON. */
function wantsX12({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').toLowerCase().includes(EDI_TYPE)
}

function requireX12({ headers }: FastifyRequest): void {
  if ((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === EDI_TYPE) return
  throw new Problem(
    'request/media-type',
    `Attachments are sent as ${EDI_TYPE}: one interchange of 275 transactions.`,
  )
}

/** @throws Problem `request/invalid` there is no interchange to answer */
function read(body: Uint8Array | undefined): ReceivedAttachments {
  const decoded = decodeAttachments(body ?? new Uint8Array(0), BUDGET)
  if (decoded.ok) return decoded.value
  throw refused(decoded.faults)
}

function refused(faults: readonly X12Fault[]): Problem {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new Problem(
    'request/invalid',
    `The interchange has ${count}; nothing was stored. Mend what is listed and send it again.`,
    { faults: faults.toSorted((one, other) => (one.place?.byte ?? 0) - (other.place?.byte ?? 0)) },
  )
}
