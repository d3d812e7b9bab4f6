import type { Code } from '../request.ts'

/** A procedure code as rows are compared by: capitals, no blanks. */
export function procedureCode(code: Code): Code {
  return code.replaceAll(' ', '').toUpperCase()
}

/** An ICD code as rows are compared by: capitals, no point. */
export function diagnosisCode(code: Code): Code {
  return code.replaceAll('.', '').toUpperCase()
}
