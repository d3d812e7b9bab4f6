import { procedureCode } from './codes.ts'
import type { Condition, DeterminationRule } from './model.ts'

/**
 * Which procedure is asked for. Codes of the same list and length are compared as text, so `A0426` to `A0429` holds
 * `A0428`. A line without a procedure (an admission, a kind of service) is judged by the rows that name none.
 */
export const procedure: Condition = {
  asks: (rule) => rule.procedure !== undefined,
  holds: (rule, { line }) => {
    if (rule.procedure === undefined || line.procedure === undefined) return 'unmet'
    const { system, code, until = code } = rule.procedure
    const asked = procedureCode(line.procedure.code)
    const holds =
      line.procedure.system === system && asked.length === code.length && code <= asked && asked <= until
    return holds ? 'met' : 'unmet'
  },
}

/**
 * How narrowly a row names its procedure: 0 for a single code, the number of texts between the ends of a range plus
 * one, infinite for a row that names none.
 */
export function breadth(rule: DeterminationRule): number {
  if (rule.procedure === undefined) return Number.POSITIVE_INFINITY
  const { code, until } = rule.procedure
  return until === undefined ? 0 : ordinal(until) - ordinal(code) + 1
}

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function ordinal(code: string): number {
  return Array.from(code).reduce((sum, sign) => sum * SIGNS.length + SIGNS.indexOf(sign), 0)
}
