import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type CoreFault,
  type EnvelopeKind,
  encodeSoapFault,
  type Message,
  soapFaultStatus,
} from '../../../formats/core-envelope/index.ts'
import { bareUuid, type Id } from '../../../kernel/ids.ts'
import type { Problem } from '../../../kernel/problem.ts'
import { type SpellProblem, spellAsProblemJson } from '../../../platform/http/index.ts'
import { controlNumber } from '../control-number.ts'
import { DuplicateInterchange } from '../json-v1/new-interchange.ts'
import type { DoorDeps } from '../model.ts'
import type { EnvelopePath, ReadEnvelope } from './read-envelope.ts'
import { EnvelopeRefused } from './refused.ts'
import { type Writing, writeAcknowledgement, writeError } from './write-envelope.ts'

/** What is wrong with the payload, or with who may send it; the rest is of HTTP. */
const OF_THE_PAYLOAD = new Set<Problem['code']>(['request/invalid', 'request/sandbox-only'])

/**
 * The refusals of this door.
 *
 * What is wrong with the envelope or its payload is told in an envelope, and HTTP went well (200), as the rule has it; so is that
 * the caller may not, with the status of HTTP beside it. What keeps a message from being one is a SOAP fault, or a problem document at the
 * path of the form.
 *
 * @param envelopeOf the envelope of a request, once it was read
 * @see CAQH CORE 270 section 4.3.3, SOAP 1.2 Part 2 section 7.5
 */
export function spellAsCore(
  deps: DoorDeps,
  path: EnvelopePath,
  envelopeOf: (request: FastifyRequest) => ReadEnvelope | undefined,
): SpellProblem {
  return (problem, request, reply) => {
    const envelope = envelopeOf(request)
    const writing = (read: Writing['read'], kind: EnvelopeKind): Writing => ({
      kind,
      read,
      at: deps.clock.now(),
      ownId: bareUuid(request.id as Id<'request'>),
    })
    if (problem instanceof EnvelopeRefused) {
      const { decoded } = problem
      if (decoded.reason === 'faults')
        return send(reply.code(200), writeError(writing(decoded.read, decoded.kind), decoded.faults))
      if (decoded.reason === 'no-form') return spellAsProblemJson(problem, request, reply)
      return send(reply.code(soapFaultStatus(decoded.refusal)), encodeSoapFault(decoded.refusal))
    }
    const about = writing(envelope?.request ?? {}, envelope?.kind ?? path)
    if (problem.code.startsWith('access/'))
      return send(reply, writeError(about, [{ at: '', code: 'UnAuthorized', message: problem.detail }]))
    if (!envelope || !OF_THE_PAYLOAD.has(problem.code)) return ofTheMessage(path, problem, request, reply)
    const acknowledgement = writeAcknowledgement(
      about,
      envelope.request,
      controlNumber(deps.random),
      problem instanceof DuplicateInterchange,
    )
    send(reply.code(200), acknowledgement ?? writeError(about, payloadFaults(problem)))
  }
}

function payloadFaults({ detail, faults }: Problem): readonly CoreFault[] {
  const code = 'PayloadIllegal'
  return faults.length === 0
    ? [{ at: '', code, message: detail }]
    : faults.map((fault) => ({ ...fault, code }))
}

function ofTheMessage(
  path: EnvelopePath,
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const code = problem.status < 500 ? 'Sender' : 'Receiver'
  if (path === 'mime') spellAsProblemJson(problem, request, reply)
  else send(reply, encodeSoapFault({ code, faults: [{ at: '', message: problem.detail }] }))
}

function send(reply: FastifyReply, { contentType, body }: Message): void {
  reply.header('content-type', contentType).send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
}
