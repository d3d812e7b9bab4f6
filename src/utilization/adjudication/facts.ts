import { ageOn, diagnosisCode, placeOf, placeText, procedureCode } from '../../core/determination/index.ts'
import type { PatientEvent, ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { DatePeriod, Instant, PlainDate } from '../../kernel/time.ts'
import type { PolicyInputs } from '../policies/index.ts'

/** The days for which a line asks: its own, else the event's, else those of the admission. */
export function periodAsked(line: ServiceLine, event: PatientEvent): DatePeriod | undefined {
  return line.period ?? event.period ?? event.admission
}

/** The calendar day of a moment, in UTC: near midnight it may be the day after the sender's. */
export function dayOf(at: Instant): PlainDate {
  return new Date(at).toISOString().slice(0, 10) as PlainDate
}

/** The patient's date of birth. A dependent's is never taken from the subscriber. */
export function patientBirthDate(request: ReviewRequest): PlainDate | undefined {
  return (request.dependent ?? request.subscriber).birthDate
}

/** The facts of one line, as a policy sees them; what the request does not say is left out. */
export function policyInputs(
  request: ReviewRequest,
  line: ServiceLine,
  determination: string,
  received: PlainDate,
): PolicyInputs {
  const { event, subscriber, requester } = request
  const period = periodAsked(line, event)
  const birthDate = patientBirthDate(request)
  const place = placeOf(line, event)
  const serviceType = line.serviceType ?? event.serviceType
  const quantity = decimal(line.quantity?.value)
  const amount = decimal(line.amount)
  const { gender } = request.dependent ?? subscriber
  const on = period?.from ?? received
  return {
    determination,
    category: line.category ?? event.category,
    urgency: event.urgency ?? 'elective',
    diagnoses: event.diagnoses
      .filter(({ system }) => system === 'icd-10')
      .map(({ code }) => diagnosisCode(code)),
    modifiers: (line.procedure?.modifiers ?? []).map(procedureCode),
    ...(line.procedure && { code: procedureCode(line.procedure.code), codeSystem: line.procedure.system }),
    ...(quantity !== undefined && { quantity }),
    ...(line.quantity && { unit: line.quantity.unit }),
    ...(amount !== undefined && { amount }),
    ...(place && { place: placeText(place) }),
    ...(serviceType && { serviceType }),
    ...(birthDate !== undefined && birthDate <= on && { age: ageOn(birthDate, on) }),
    ...(gender !== undefined && gender !== 'unknown' && { gender }),
    ...(subscriber.memberId && { memberId: subscriber.memberId }),
    ...(requester.identifier?.system === 'npi' && { requesterNpi: requester.identifier.value }),
    ...(period && {
      daysSinceService: daysBetween(period.from, received),
      daysOfService: daysBetween(period.from, period.until) + 1,
    }),
  }
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

const MS_PER_DAY = 86_400_000

/** Negative when `to` is before `from`. */
function daysBetween(from: PlainDate, to: PlainDate): number {
  return (Date.parse(to) - Date.parse(from)) / MS_PER_DAY
}
