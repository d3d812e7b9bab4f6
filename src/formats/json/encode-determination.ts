import { ACTION_CODES } from '../../core/action-codes.ts'
import {
  type Determination,
  type DeterminationAnswer,
  type DeterminationRule,
  documentsOf,
  type LineDetermination,
  NOT_A_GUARANTEE,
  reviewersOf,
  tell,
  toldOfEvent,
} from '../../core/determination/index.ts'
import { encodeInquiryAnswer, viewAnswer } from './encode-answer.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { type WireObject, writeObject } from './write.ts'

/**
 * Writes a determination as `InquiryResponseJson`, the `json` of its envelope: what the 278 beside it says, word for word.
 *
 * @see reference section 2.5; docs/decisions/0027-determination.md
 */
export function encodeDeterminationAnswer(answer: DeterminationAnswer): WireObject {
  const { outcome, ...common } = answer
  if (outcome.kind === 'rejected') return encodeInquiryAnswer({ ...common, outcome })
  const { event, ...view } = viewAnswer({ ...common, outcome: { kind: 'rejected', rejections: [] } })
  const told = new Map(outcome.lines.map(({ line, determination }) => [line, tell(determination)]))
  const asked = answer.request.event
  return writeObject(
    {
      ...view,
      event: {
        ...event,
        decision: {
          ...viewTold(toldOfEvent(outcome.lines)),
          previousAuthorizationNumber: asked.previousAuthorizationNumber,
          administrativeReference: asked.previousAdministrativeReference,
        },
        lines: event.lines.map((line, i) => ({ ...line, decision: viewTold(told.get(i + 1)) })),
      },
    },
    INQUIRY_ANSWER,
  )
}

function viewTold(told: ReturnType<typeof tell> | undefined) {
  return told && { action: told.action && ACTION_CODES[told.action], message: told.message }
}

/**
 * Writes what the 278 has no place for: one object for each line, in the shape of the published `ExecuteRulesResponse`, and
 * the rules themselves. Empty when the payer refused to consider the request.
 *
 * `authorizationRequired` is false only where a rule says so: a reader who looks at nothing else is never told by mistake
 * that nothing is needed. `outcome` is exact.
 */
export function encodeDeterminationRules(answer: DeterminationAnswer): readonly WireObject[] {
  const { outcome } = answer
  if (outcome.kind === 'rejected') return []
  return outcome.lines.map((line) => encodeLine(answer, outcome, line))
}

type Determined = Extract<DeterminationAnswer['outcome'], { kind: 'determined' }>

function encodeLine(
  { request, globalPayerId, plan, payer }: DeterminationAnswer,
  { lineOfBusiness, standsIn }: Determined,
  { line, determination }: LineDetermination,
): WireObject {
  const { answer, explanation } = determination
  const deciding = 'deciding' in determination ? determination.deciding : []
  const reviewers = reviewersOf(determination).join(', ')
  const code = request.event.lines.find(({ number }) => number === line)?.procedure?.code
  return withoutAbsent({
    authorizationRequired: answer !== 'not-required',
    umVendor: reviewers || undefined,
    rhPayerId: globalPayerId,
    planId: plan,
    code,
    exceptions: explanation,
    payerXrefStatus: standsIn ? 'stand-in' : 'found',
    rule: deciding[0]?.id,
    canSubmit: true,
    vendor: reviewers || undefined,
    lob: lineOfBusiness,
    isGlobal: deciding.length === 0 ? undefined : deciding.every((rule) => rule.plan === undefined),
    line,
    outcome: answer,
    missing: 'missing' in determination ? determination.missing : [],
    documents: documentsOf(determination),
    fired: encodeFiredRules(determination),
    contact: answer === 'unknown' ? payer.contact : undefined,
    disclaimer: NOT_A_GUARANTEE,
  })
}

/** The rules that the answer rests on, or that hang on a missing fact, the most specific first; ten at most. */
export function encodeFiredRules(determination: Determination): readonly WireObject[] {
  const deciding = 'deciding' in determination ? determination.deciding : []
  return determination.fired.slice(0, RULES_TOLD).map((rule) => encodeRule(rule, deciding.includes(rule)))
}

/** The most specific rules are told; those that they overrule, beyond a few, are not. */
const RULES_TOLD = 10

function encodeRule(rule: DeterminationRule, decides: boolean): WireObject {
  return withoutAbsent({
    id: rule.id,
    version: rule.version,
    answer: rule.answer,
    decides,
    text: rule.text,
    source: rule.source,
    effectiveFrom: rule.effective.from,
    effectiveUntil: rule.effective.until,
    reviewer: rule.reviewer,
    documents: rule.documents,
    plan: rule.plan,
  })
}

function withoutAbsent(object: WireObject): WireObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
