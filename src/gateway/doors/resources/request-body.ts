import type { FastifyRequest } from 'fastify'
import type { PatientEvent, Provider, ReviewRequest, ServiceLine } from '../../../core/request.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'

/**
 * Takes the body of a request whose route checks its schema with `attachValidation`, and tells what the schema found
 * together with what the rules do: of a body that is wrong throughout the first fifty, and no more are looked for.
 *
 * @throws Problem `request/invalid`
 */
export function checkedBody(request: FastifyRequest, rules: Rules): unknown {
  return checked(request.body, faultsOfSchema(request), rules)
}

/** What a schema cannot say of a body. */
export type Rules = (body: unknown) => Iterable<Fault>

export const faultsOfSchema = (request: FastifyRequest) =>
  (request.validationError?.validation ?? []) as unknown as readonly Fault[]

/**
 * The same of a body that is no call's own.
 *
 * @param bySchema what its schema found
 * @throws Problem `request/invalid` with every fault
 */
export function checked(body: unknown, bySchema: readonly Fault[], rules: Rules): unknown {
  const faults = firstFaults(bySchema, () => rules(body))
  if (faults.length === 0) return body
  const isMore = faults.length > MOST_FAULTS
  const count = isMore
    ? `more than ${MOST_FAULTS} faults`
    : faults.length === 1
      ? 'one fault'
      : `${faults.length} faults`
  throw new Problem(
    'request/invalid',
    `The body has ${count}; nothing was stored. Mend what is listed and send it again.`,
    { faults: isMore ? [...faults.slice(0, MOST_FAULTS), NOT_LISTED] : faults },
  )
}

/** Faults told at once: a body that is wrong throughout is not answered with a book. */
const MOST_FAULTS = 50
const NOT_LISTED: Fault = { at: '', message: 'there are more faults; mend these first' }

/** One more than are told, which tells that there are more. */
export function firstFaults(bySchema: readonly Fault[], rules: () => Iterable<Fault>): readonly Fault[] {
  const all: Fault[] = bySchema.slice(0, MOST_FAULTS + 1)
  if (all.length > MOST_FAULTS) return all
  for (const fault of rules()) {
    all.push(fault)
    if (all.length > MOST_FAULTS) break
  }
  return all
}

/** A request in JSON: the core's, but that empty lists, and who wrote to whom, may be left out. */
interface Draft extends Omit<ReviewRequest, 'correspondence' | 'event'> {
  readonly correspondence?: Partial<ReviewRequest['correspondence']>
  readonly event: EventDraft
}
export type EventDraft = Partial<Omit<PatientEvent, 'lines'>> &
  Pick<PatientEvent, 'category'> & { readonly lines?: readonly LineDraft[] }
type LineDraft = Pick<ServiceLine, 'number'> & Partial<ServiceLine>

/** Who writes, where the request does not say: an interchange names somebody. */
const SENDER = 'COUNTERSIGN'
const LONGEST_RECEIVER = 15

/**
 * A body that was checked, as the core has it.
 *
 * @param body      what the schema `CREATE` and the rules found right
 * @param requestId stands in for the sender's own number of the transaction
 */
export function requestOf(body: unknown, requestId: string): ReviewRequest {
  const draft = body as Draft
  const { requester, subscriber, dependent, payer, correspondence } = draft
  return {
    ...draft,
    correspondence: {
      senderId: SENDER,
      receiverId: payer.id.slice(0, LONGEST_RECEIVER),
      transactionIdentifier: requestId,
      ...correspondence,
    },
    requester: withReferences(requester),
    subscriber: withReferences(subscriber),
    ...(dependent ? { dependent: withReferences(dependent) } : {}),
    event: eventOf(draft.event),
  }
}

/** An event with its empty lists. */
export function eventOf(draft: EventDraft): PatientEvent {
  const { purpose, diagnoses, conditions, transportStops, providers, lines } = draft
  return {
    ...draft,
    purpose: purpose ?? 'initial',
    diagnoses: diagnoses ?? [],
    conditions: conditions ?? [],
    transportStops: transportStops ?? [],
    providers: providersOf(providers),
    lines: (lines ?? []).map(lineOf),
  }
}

function lineOf(draft: LineDraft): ServiceLine {
  const { kind, procedure, revenueCode, providers, ...rest } = draft
  const meant = revenueCode !== undefined ? 'institutional' : procedure ? 'professional' : 'unspecified'
  return {
    ...rest,
    kind: kind ?? meant,
    ...(revenueCode === undefined ? {} : { revenueCode }),
    ...(procedure ? { procedure: { ...procedure, modifiers: procedure.modifiers ?? [] } } : {}),
    providers: providersOf(providers),
  }
}

function providersOf(providers: readonly Provider[] | undefined): readonly Provider[] {
  return (providers ?? []).map(withReferences)
}

function withReferences<P extends { readonly references?: unknown }>(party: P): P {
  return { ...party, references: party.references ?? [] }
}
