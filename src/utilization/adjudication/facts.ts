import {
  ageOn,
  diagnosisCode,
  patientBirthDate,
  periodAsked,
  placeOf,
  placeText,
  procedureCode,
} from '../../core/determination/index.ts'
import type { ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { PlainDate } from '../../kernel/time.ts'
import type { PolicyInputs } from '../policies/index.ts'

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
