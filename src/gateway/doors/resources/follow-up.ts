import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import type { PatientEvent, Purpose, ReviewRequest, ServiceLine, Urgency } from '../../../core/request.ts'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { DatePeriod } from '../../../kernel/time.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { answerOnce } from './answer-once.ts'
import { checkedBody, type EventDraft, eventOf } from './request-body.ts'
import { linesBroken, partsBroken } from './request-rules.ts'
import { APPEAL, CANCEL, EXTEND, UPDATE } from './request-schema.ts'

/** What can be asked of a case by its id: how the body is read, and what it makes of the event that the case asks for. */
export interface Action {
  readonly name: 'update' | 'extend' | 'cancel' | 'appeal'
  readonly schema: TSchema
  readonly rules: (body: unknown) => Iterable<Fault>
  /** @throws Problem `request/invalid` */
  readonly eventOf: (kept: PatientEvent, body: unknown) => PatientEvent
}

const rulesOfParts = (body: unknown) => partsBroken(body, '')

export const ACTIONS: readonly Action[] = [
  { name: 'update', schema: UPDATE, rules: rulesOfUpdate, eventOf: updated },
  { name: 'extend', schema: EXTEND, rules: rulesOfExtension, eventOf: extended },
  { name: 'cancel', schema: CANCEL, rules: rulesOfParts, eventOf: cancelled },
  { name: 'appeal', schema: APPEAL, rules: rulesOfParts, eventOf: appealed },
]

/** `POST /v1/authorizations/{id}/{update,extend,cancel,appeal}`: what X12 spells with UM02 and the number of the case. */
export function addFollowUps(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  for (const action of ACTIONS)
    server.post<{ Params: { id: string } }>(
      `/v1/authorizations/:id/${action.name}`,
      {
        config: { act: `authorization.${action.name}`, scope: 'pa:submit' },
        schema: { body: action.schema },
        attachValidation: true,
      },
      (request, reply) => {
        const body = checkedBody(request, action.rules)
        const id = readId('authorization', request.params.id)
        if (!id)
          throw new Problem(
            'state/not-found',
            'An authorization has an id such as auth_01989d5e-…; this is not one.',
          )
        return answerOnce(deps, caught.callerOf(request), request, reply, async (tx) => {
          const { authorization } = await deps.exchange.read(tx, id)
          return { earlier: id, request: requestFor(authorization.request, action, body, request.id) }
        })
      },
    )
}

/** The request of the case with another event, as a transaction of its own. */
export function requestFor(
  kept: ReviewRequest,
  action: Action,
  body: unknown,
  transactionIdentifier: string,
): ReviewRequest {
  return {
    ...kept,
    correspondence: { ...kept.correspondence, transactionIdentifier },
    event: action.eventOf(kept.event, body),
  }
}

function* rulesOfUpdate(body: unknown): Iterable<Fault> {
  const lines = (body as { lines?: unknown } | null | undefined)?.lines
  yield* rulesOfParts(body)
  if (Array.isArray(lines)) yield* linesBroken(lines, '/lines')
}

function updated(kept: PatientEvent, body: unknown): PatientEvent {
  return eventOf({ ...kept, ...(body as Partial<EventDraft>), purpose: 'revised' })
}

interface Extension {
  readonly period?: DatePeriod
  readonly lines?: readonly Pick<ServiceLine, 'number' | 'period' | 'quantity'>[]
  readonly urgency?: Urgency
  readonly message?: string
}

function rulesOfExtension(body: unknown): Iterable<Fault> {
  const { period, lines } = (body ?? {}) as { period?: unknown; lines?: unknown }
  if (period !== undefined || lines !== undefined) return rulesOfParts(body)
  return [
    { at: '', message: 'extends nothing', remedy: 'Give a period, or lines with a period or a quantity.' },
  ]
}

/** Only the lines that are named are asked for again, numbered anew; without any, all of them. */
function extended(kept: PatientEvent, body: unknown): PatientEvent {
  const { lines, ...said } = body as Extension
  const again = (lines ?? kept.lines.map(({ number }) => ({ number }))).map((wanted, i) => {
    const line = kept.lines.find(({ number }) => number === wanted.number)
    if (!line)
      throw new Problem('request/invalid', 'The extension names a line that the case does not have.', {
        faults: [{ at: `/lines/${i}/number`, message: 'is no line of the case' }],
      })
    const { purpose: _, ...asked } = line
    return { ...asked, ...(said.period ? { period: said.period } : {}), ...wanted, number: i + 1 }
  })
  return { ...kept, ...said, purpose: 'extension', lines: again }
}

/** The whole case, whatever its lines. */
function cancelled(kept: PatientEvent, body: unknown): PatientEvent {
  return { ...kept, ...(body as Pick<PatientEvent, 'message'>), purpose: 'cancel', lines: [] }
}

const APPEAL_PURPOSES = {
  immediate: 'appeal-immediate',
  standard: 'appeal-standard',
  reconsideration: 'reconsideration',
} as const satisfies Readonly<Record<string, Purpose>>

function appealed(kept: PatientEvent, body: unknown): PatientEvent {
  const { kind, ...said } = body as Pick<PatientEvent, 'urgency' | 'message'> & {
    readonly kind: keyof typeof APPEAL_PURPOSES
  }
  return { ...kept, ...said, purpose: APPEAL_PURPOSES[kind] }
}
