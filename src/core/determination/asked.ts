import type { DatePeriod, PlainDate } from '../../kernel/time.ts'
import type { PatientEvent, ReviewRequest, ServiceLine } from '../request.ts'

const EVENT_AS_A_LINE: ServiceLine = { number: 0, kind: 'unspecified', providers: [] }

/** What is asked for, one by one: the service lines; an event that has none is asked for whole, as a line numbered 0. */
export function linesAsked({ lines }: PatientEvent): readonly ServiceLine[] {
  return lines.length > 0 ? lines : [EVENT_AS_A_LINE]
}

/** The days for which a line asks: its own, else the event's, else those of the admission. */
export function periodAsked(line: ServiceLine, event: PatientEvent): DatePeriod | undefined {
  return line.period ?? event.period ?? event.admission
}

/** The patient's date of birth. A dependent's is never taken from the subscriber. */
export function patientBirthDate(request: ReviewRequest): PlainDate | undefined {
  return (request.dependent ?? request.subscriber).birthDate
}
