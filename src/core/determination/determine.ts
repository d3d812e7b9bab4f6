import type { PlainDate } from '../../kernel/time.ts'
import type { PatientEvent, ServiceLine } from '../request.ts'
import { CONDITIONS } from './conditions.ts'
import type { Determination, DeterminationRule, Facts, Situation } from './model.ts'
import { breadth } from './procedure.ts'

/**
 * Says whether a service line needs prior authorization, from a payer's rows.
 *
 * The most specific row that is met decides: a single code beats a range, a narrow range beats a wide one, any of them
 * beats a row that names no code; then the row that asks about more beats the one that asks about less. Where equally
 * specific rows disagree, authorization is required, and the answer says so. A row that hangs on a missing fact, and
 * could overrule what is known, makes the answer conditional. `not-required` is answered only on a row that says it; no
 * row at all is `unknown`.
 *
 * @param rules rows of one payer; those that do not concern the line are passed over
 * @param on    the day of service
 */
export function determine(
  rules: readonly DeterminationRule[],
  line: ServiceLine,
  event: PatientEvent,
  facts: Facts,
  on: PlainDate,
): Determination {
  if (line.procedure?.until !== undefined)
    return conditional([], ['a single procedure code in place of a range'])
  const weighed = rules
    .map((rule) => weigh(rule, { line, event, facts, on }))
    .filter((row) => row !== undefined)
    .sort((one, other) => bySpecificity(one.rule, other.rule))
  const met = weighed.filter(({ missing }) => missing.length === 0).map(({ rule }) => rule)
  const deciding = met.filter((rule) => met[0] && bySpecificity(met[0], rule) === 0)
  const answer = deciding.some((rule) => rule.answer === 'required') ? 'required' : 'not-required'
  const hanging = weighed.filter(
    ({ rule, missing }) => missing.length > 0 && couldOverrule(rule, deciding, answer),
  )
  if (hanging.length > 0)
    return conditional(
      weighed.filter((row) => hanging.includes(row) || deciding.includes(row.rule)).map(({ rule }) => rule),
      hanging.flatMap(({ missing }) => missing),
    )
  if (deciding.length === 0)
    return {
      answer: 'unknown',
      fired: [],
      explanation: 'No row of the payer’s rules speaks of this service.',
    }
  return { answer, deciding, fired: met, explanation: explain(deciding, answer) }
}

/** A row that may concern the line, with the facts that are missing to say so. */
interface Weighed {
  readonly rule: DeterminationRule
  readonly missing: readonly string[]
}

function weigh(rule: DeterminationRule, situation: Situation): Weighed | undefined {
  const missing: string[] = []
  for (const condition of CONDITIONS) {
    if (!condition.asks(rule)) continue
    const match = condition.holds(rule, situation)
    if (match === 'unmet') return undefined
    if (match !== 'met') missing.push(match.missing)
  }
  return { rule, missing }
}

/** Negative when `one` is the more specific, zero when neither is. */
function bySpecificity(one: DeterminationRule, other: DeterminationRule): number {
  const [a, b] = [breadth(one), breadth(other)]
  return a === b ? askedBy(other) - askedBy(one) : a - b
}

function askedBy(rule: DeterminationRule): number {
  return CONDITIONS.filter((condition) => condition.asks(rule)).length
}

/** Whether a row, once its missing fact is known, could change the answer that stands without it. */
function couldOverrule(
  rule: DeterminationRule,
  deciding: readonly DeterminationRule[],
  answer: DeterminationRule['answer'],
): boolean {
  const [decider] = deciding
  if (decider === undefined) return true
  if (rule.answer === answer) return false
  const order = bySpecificity(rule, decider)
  return order < 0 || (order === 0 && rule.answer === 'required')
}

function conditional(fired: readonly DeterminationRule[], missing: readonly string[]): Determination {
  const facts = [...new Set(missing)]
  return {
    answer: 'conditional',
    missing: facts,
    fired,
    explanation: `The answer depends on ${facts.join('; or on ')}.`,
  }
}

function explain(deciding: readonly DeterminationRule[], answer: DeterminationRule['answer']): string {
  if (deciding.some((rule) => rule.answer !== answer))
    return `${deciding.length} equally specific rows disagree; authorization is required to be safe.`
  return deciding.length === 1
    ? 'The most specific row that applies decides.'
    : `${deciding.length} equally specific rows agree.`
}
