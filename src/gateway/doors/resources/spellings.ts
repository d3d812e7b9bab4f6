import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Exchange } from '../../../cases/record/index.ts'
import { encodeSubmission, encodeSubmissionAnswer } from '../../../formats/json/index.ts'
import { encodeAnswer, encodeRequest } from '../../../formats/x12/index.ts'
import { type AuthorizationId, bareUuid, readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import { sessionOf } from '../../access/index.ts'
import { answerOf, type Reading } from '../../exchange/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { exchangeList } from './case-files-wire.ts'
import { caseIdOf } from './case-id.ts'

/**
 * A case in each spelling: `GET /v1/authorizations/{id}/json` and `…/x12` write it anew, request and answer, from what is
 * known now; `…/exchanges` has the bytes that came and went.
 */
export function addSpellings(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  type OfCase = { Params: { id: string } }
  const readerOf = (request: FastifyRequest) => ({ caller: caught.callerOf(request), requestId: request.id })
  const spelled = async (request: FastifyRequest<OfCase>, spelling: 'json' | 'x12') => {
    const { caller, requestId } = readerOf(request)
    const id = caseIdOf(request.params.id)
    const reading = await deps.database.transaction(sessionOf(caller), (tx) => deps.exchange.read(tx, id))
    await deps.recorder.note({
      at: deps.clock.now(),
      actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
      act: 'authorization.read-spelling',
      on: id,
      outcome: 'done',
      requestId,
      detail: { spelling },
    })
    return SPELLINGS[spelling](reading, deps)
  }

  for (const spelling of ['json', 'x12'] as const)
    server.get<OfCase>(
      `/v1/authorizations/:id/${spelling}`,
      { config: { act: 'authorization.read-spelling' } },
      (request) => spelled(request, spelling),
    )
  server.get<OfCase>(
    '/v1/authorizations/:id/exchanges',
    { config: { act: 'authorization.list-exchanges' } },
    async (request) =>
      exchangeList(await deps.caseFiles.exchanges(readerOf(request), caseIdOf(request.params.id))),
  )
  server.get<{ Params: { id: string; exchangeId: string } }>(
    '/v1/authorizations/:id/exchanges/:exchangeId',
    { config: { act: 'authorization.read-exchange' } },
    async (request, reply) => {
      const { id, exchangeId } = request.params
      const exchange = readId('exchange', exchangeId)
      if (!exchange)
        throw new Problem('state/not-found', 'An exchange has an id such as exc_01989d5e-…; this is not one.')
      const kept = await deps.caseFiles.exchange(readerOf(request), caseIdOf(id), exchange)
      const { type, ending } = FILES[kept.format]
      return (
        reply
          .type(type)
          // Whoever opens it in a browser saves it: what somebody sent is never shown as a page of ours.
          .header('content-disposition', `attachment; filename="${kept.id}.${ending}"`)
          .send(Buffer.from(kept.body))
      )
    },
  )
}

const FILES: Readonly<Record<Exchange['format'], { readonly type: string; readonly ending: string }>> = {
  json: { type: 'application/json', ending: 'json' },
  x12: { type: 'application/edi-x12', ending: 'edi' },
  fhir: { type: 'application/fhir+json', ending: 'json' },
}

/** The request and, once there is one, the answer; of no interchange that was sent, but as it would be written now. */
const SPELLINGS = {
  json: (reading: Reading): object => {
    const { request } = reading.authorization
    const answer = answered(reading)
    return {
      request: encodeSubmission(request),
      ...(answer ? { answer: encodeSubmissionAnswer(answer) } : {}),
    }
  },
  x12: (reading: Reading, { environment }: DoorDeps): object => {
    const { id, request, receivedAt } = reading.authorization
    const answer = answered(reading)
    const number = controlNumberOf(id)
    const usage = environment === 'sandbox' ? 'T' : 'P'
    return {
      request: encodeRequest(request, {
        guide: '217',
        at: receivedAt,
        interchangeControlNumber: String(number).padStart(CONTROL_NUMBER_DIGITS, '0'),
        usage,
      }),
      ...(answer
        ? {
            answer: encodeAnswer(answer, {
              guide: '217',
              at: answer.answeredAt,
              controlNumber: number,
              usage,
            }),
          }
        : {}),
    }
  },
} as const

function answered({ authorization, payer }: Reading) {
  if (authorization.state === 'rejected')
    return answerOf(authorization, payer, authorization.request, authorization.rejectedAt)
  return 'decided' in authorization
    ? answerOf(authorization, payer, authorization.request, authorization.decidedAt)
    : undefined
}

const CONTROL_NUMBER_DIGITS = 9

/** The same for a case every time, so that reading it twice gives the same text; 1 to 999999999. */
function controlNumberOf(id: AuthorizationId): number {
  const chance = Number.parseInt(bareUuid(id).slice(-12), 16)
  return (chance % (10 ** CONTROL_NUMBER_DIGITS - 1)) + 1
}
