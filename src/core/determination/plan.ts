import type { Condition } from './model.ts'

/** Under which plan the patient is covered. */
export const plan: Condition = {
  asks: (rule) => rule.plan !== undefined,
  holds: (rule, { facts }) => {
    if (facts.plan === undefined) return { missing: "the patient's plan" }
    return facts.plan === rule.plan ? 'met' : 'unmet'
  },
}
