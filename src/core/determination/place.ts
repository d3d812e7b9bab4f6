import type { PatientEvent, Place, ServiceLine } from '../request.ts'
import type { Condition } from './model.ts'

/** Where care is given: the line's own place, else the event's. */
export const place: Condition = {
  asks: (rule) => rule.places !== undefined,
  holds: (rule, { line, event }) => {
    const given = placeOf(line, event)
    if (given === undefined) return { missing: 'the place of service' }
    return rule.places?.includes(placeText(given)) ? 'met' : 'unmet'
  },
}

export function placeOf(line: ServiceLine, event: PatientEvent): Place | undefined {
  return line.place ?? event.place
}

/** As rows write a place: the bare code of a place of service, `bill:` before a type of bill. */
export function placeText({ code, system }: Place): string {
  return system === 'place-of-service' ? code : `bill:${code}`
}
