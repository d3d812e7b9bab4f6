import type { Condition } from './model.ts'

/** Under which line of business the patient is covered. */
export const lineOfBusiness: Condition = {
  asks: (rule) => rule.lineOfBusiness !== undefined,
  holds: (rule, { facts }) => {
    if (facts.lineOfBusiness === undefined) return { missing: 'the line of business' }
    return facts.lineOfBusiness === rule.lineOfBusiness ? 'met' : 'unmet'
  },
}
