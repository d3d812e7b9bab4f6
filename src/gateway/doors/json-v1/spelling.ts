import type { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'

/**
 * The status that the compatible API has for a problem: it knows 400 for everything wrong with a body, where ours tells
 * an unreadable one (400) from one that breaks a rule (422).
 */
export function statusOf(problem: Problem): number {
  return problem.code === 'request/invalid' ? 400 : problem.status
}

/**
 * A problem as the compatible API spells it: a bare array of strings, one for each fault.
 *
 * @see the published schema `Errors`
 */
export function errorsOf(problem: Problem): readonly string[] {
  if (problem.faults.length === 0) return [problem.detail]
  return problem.faults.map(sentenceOf)
}

function sentenceOf(fault: Fault): string {
  return [fault.at === '' ? fault.message : `${fault.at}: ${fault.message}`, fault.remedy]
    .filter(Boolean)
    .join('. ')
}

/**
 * Whether an `Accept` header names problem documents. A caller that does gets them, with the statuses that they state,
 * in place of the compatible API's errors; a range that merely covers them (any type at all) does not ask for them.
 *
 * @see RFC 9457 section 3, RFC 9110 section 12.5.1
 */
export function wantsProblemJson(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === 'application/problem+json' && !parameters.some((one) => /^q=0(\.0*)?$/.test(one))
  })
}
