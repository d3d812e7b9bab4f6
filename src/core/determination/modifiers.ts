import { procedureCode } from './codes.ts'
import type { Condition } from './model.ts'

/** How the procedure is modified. A procedure sent without modifiers has none: that is known, not missing. */
export const modifiers: Condition = {
  asks: (rule) => rule.modifiers !== undefined,
  holds: (rule, { line }) => {
    const sent = (line.procedure?.modifiers ?? []).map(procedureCode)
    return rule.modifiers?.some((modifier) => sent.includes(procedureCode(modifier))) ? 'met' : 'unmet'
  },
}
