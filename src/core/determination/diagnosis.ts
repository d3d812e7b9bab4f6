import { diagnosisCode } from './codes.ts'
import type { Condition } from './model.ts'

/** What the patient has: any diagnosis of the event that begins as the row says. ICD-9 codes say nothing to it. */
export const diagnosis: Condition = {
  asks: (rule) => rule.diagnoses !== undefined,
  holds: (rule, { event }) => {
    const codes = event.diagnoses
      .filter(({ system }) => system === 'icd-10')
      .map(({ code }) => diagnosisCode(code))
    if (codes.length === 0) return { missing: 'an ICD-10 diagnosis' }
    const begins = (code: string) => rule.diagnoses?.some((prefix) => code.startsWith(diagnosisCode(prefix)))
    return codes.some(begins) ? 'met' : 'unmet'
  },
}
