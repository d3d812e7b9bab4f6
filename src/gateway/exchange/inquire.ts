import { record } from '../../audit/index.ts'
import type { Authorization } from '../../core/authorization.ts'
import type { Inquiry } from '../../core/request.ts'
import type { DatePeriod, Instant, PlainDate } from '../../kernel/time.ts'
import { utcTime } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { findPayer } from '../payers/index.ts'
import { answerOf, namedAs, refusalOf } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import type { Answered, StatusQuestion } from './model.ts'
import { canBeOfPatient, isSameDependent } from './patient.ts'
import { standing } from './standing.ts'

/** X12 901 79 and AA, 889 C: no payer goes by that id; there is no such authorization; correct it and ask again. */
const UNKNOWN_PAYER = { level: 'payer', reason: '79', followUp: 'C' } as const
const NONE_FOUND = { level: 'event', reason: 'AA', followUp: 'C' } as const
/** How many of a member's cases are looked through for the one that is asked about. */
const CANDIDATES = 50

/**
 * Says what became of a request: the newest case that fits what the inquiry names, among those that the asking company
 * takes part in. Nothing tells whether another company has one.
 */
export async function inquire(deps: ExchangeDeps, tx: Tx, question: StatusQuestion): Promise<Answered> {
  const at = deps.clock.now()
  const { inquiry } = question
  const payer = await findPayer(tx, inquiry.payer.id)
  if (!payer) {
    await note(deps, tx, question, at)
    return { answer: refusalOf(inquiry, undefined, UNKNOWN_PAYER, at) }
  }
  const canned = question.scenario && deps.simulator?.answerInquiry(question.scenario, inquiry, at)
  if (canned) {
    await note(deps, tx, question, at)
    return { answer: { ...canned, payer: namedAs(payer, inquiry), answeredAt: at }, payer }
  }
  const procedures = inquiry.event.lines.flatMap((line) => line.procedure?.code ?? [])
  const { previousAuthorizationNumber, previousAdministrativeReference, period } = inquiry.event
  const { memberId } = inquiry.subscriber
  const candidates = await deps.record.findForInquiry(tx, {
    payerId: payer.id,
    ...(memberId === undefined ? {} : { memberId }),
    ...(previousAuthorizationNumber === undefined
      ? {}
      : { authorizationNumber: previousAuthorizationNumber }),
    ...(previousAdministrativeReference === undefined
      ? {}
      : { administrativeReference: previousAdministrativeReference }),
    ...(period === undefined ? {} : { period }),
    ...(procedures.length === 0 ? {} : { procedures }),
    limit: CANDIDATES,
  })
  const found = candidates.find((candidate) => isAskedFor(candidate, inquiry))
  await note(deps, tx, question, at, found)
  if (!found) return { answer: refusalOf(inquiry, payer, NONE_FOUND, at), payer }
  return { answer: answerOf(found, payer, inquiry, at), authorizationId: found.id, payer }
}

function note(
  deps: ExchangeDeps,
  tx: Tx,
  { caller, requestId }: StatusQuestion,
  at: Instant,
  found?: Authorization,
): Promise<void> {
  return record(
    tx,
    {
      at,
      actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
      act: 'authorization.inquire',
      outcome: 'done',
      requestId,
      ...(found ? { on: found.id } : {}),
      detail: { found: found ? 1 : 0 },
    },
    deps.random,
  )
}

/** What the record's own search does not narrow by: which patient of a family, and when it was asked and answered. */
function isAskedFor(candidate: Authorization, inquiry: Inquiry): boolean {
  const { filter } = inquiry
  const issuedAt = 'decided' in candidate ? standing(candidate).issuedAt : undefined
  return (
    isOfPatient(candidate, inquiry) &&
    isWithin(filter.requestedOn, utcTime(candidate.receivedAt).date) &&
    isWithin(filter.issued, issuedAt === undefined ? undefined : utcTime(issuedAt).date)
  )
}

/** A number of the case says which patient is meant; a member id alone is a whole family's. */
function isOfPatient({ request }: Authorization, inquiry: Inquiry): boolean {
  const { previousAuthorizationNumber, previousAdministrativeReference } = inquiry.event
  return previousAuthorizationNumber === undefined && previousAdministrativeReference === undefined
    ? isSameDependent(request.dependent, inquiry.dependent)
    : canBeOfPatient(request, inquiry)
}

function isWithin(period: DatePeriod | undefined, day: PlainDate | undefined): boolean {
  if (!period) return true
  return day !== undefined && period.from <= day && day <= period.until
}
