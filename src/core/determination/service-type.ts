import type { Condition } from './model.ts'

/** What kind of service it is: the line's own type, else the event's. */
export const serviceType: Condition = {
  asks: (rule) => rule.serviceTypes !== undefined,
  holds: (rule, { line, event }) => {
    const given = line.serviceType ?? event.serviceType
    if (given === undefined) return { missing: 'the service type' }
    return rule.serviceTypes?.includes(given) ? 'met' : 'unmet'
  },
}
