import type { PlainDate } from '../../kernel/time.ts'
import type { Condition } from './model.ts'

/** The patient's age on the day of service. */
export const age: Condition = {
  asks: (rule) => rule.age !== undefined,
  holds: (rule, { facts, on }) => {
    if (rule.age === undefined) return 'met'
    if (facts.birthDate === undefined || facts.birthDate > on)
      return { missing: "the patient's date of birth" }
    const years = ageOn(facts.birthDate, on)
    return years >= rule.age.from && years <= rule.age.until ? 'met' : 'unmet'
  },
}

/**
 * Completed years of life on a day. Who is born on 29 February completes a year on 1 March where there is no such day.
 *
 * @param on not before `birthDate`
 */
export function ageOn(birthDate: PlainDate, on: PlainDate): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return on.slice(5) < birthDate.slice(5) ? years - 1 : years
}
