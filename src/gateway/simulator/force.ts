import type { Decided, Ground, LineOutcome, PendReason, Rejection } from '../../core/decision.ts'
import type { PatientEvent, ReviewRequest, ServiceLine } from '../../core/request.ts'
import { rollUp } from '../../core/roll-up.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import { signature } from './reviewers.ts'
import type { Scenario } from './scenarios.ts'

export type Simulated = Extract<Decided, { readonly by: 'simulated' }>

/** What is put on a case in place of what rules and policies would say. */
export type Forced =
  /** One decision after the other; what is not given as asked is pended to a reviewer first, as it would be in life. */
  | {
      readonly kind: 'decided'
      readonly steps: readonly Simulated[]
      /** What becomes of it after that: given up at once, or certified when its time has come. */
      readonly afterwards?: 'cancelled' | 'approved-later'
    }
  | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] }

/** X12 901 73 and 889 C: no member goes by that name; correct it and send again. */
const NO_SUCH_MEMBER: Rejection = { level: 'subscriber', reason: '73', followUp: 'C' }
/** X12 901 42 and 889 P: unable to respond at the current time; please resubmit. */
export const UNABLE_TO_RESPOND: Rejection = { level: 'system', reason: '42', followUp: 'P' }

/** @returns undefined when the scenario says nothing about how a request is decided */
export function force(scenario: Scenario, request: ReviewRequest): Forced | undefined {
  switch (scenario) {
    case 'approve':
      return { kind: 'decided', steps: [approved(scenario, request)] }
    case 'pend':
      return { kind: 'decided', steps: [pended(scenario, request)] }
    case 'pend-then-approve':
      return { kind: 'decided', steps: [pended(scenario, request)], afterwards: 'approved-later' }
    case 'cancel':
      return { kind: 'decided', steps: [approved(scenario, request)], afterwards: 'cancelled' }
    case 'deny':
    case 'modify':
    case 'partial':
      return {
        kind: 'decided',
        steps: [pended(scenario, request), decided(scenario, request, DECIDE_LINE[scenario])],
      }
    case 'reject-member':
      return { kind: 'rejected', rejections: [NO_SUCH_MEMBER] }
    case 'unable-to-respond':
      return { kind: 'rejected', rejections: [UNABLE_TO_RESPOND] }
    default:
      return undefined
  }
}

/** Certified as asked: by force, or when the time of a pended case has come. */
export function approved(scenario: Scenario, request: ReviewRequest): Simulated {
  return decided(scenario, request, (line, { event }) => ({ action: 'certified', ...asAsked(line, event) }))
}

type Line = Omit<LineOutcome, 'line' | 'grounds'>
type DecideLine = (line: ServiceLine, request: ReviewRequest, isLast: boolean) => Line

const DECIDE_LINE: Readonly<Record<'deny' | 'modify' | 'partial', DecideLine>> = {
  deny: () => ({
    action: 'not-certified',
    message: `The records sent do not show that a less intensive service was tried. ${signature('deny')}`,
  }),
  modify: (line, { event }) => {
    const { certified, words } = reduced(line, event)
    return {
      action: 'modified',
      message: `Certified with changes: ${words}. ${signature('modify')}`,
      ...certified,
    }
  },
  // One line is certified in part; of several the last is refused and the others are certified as asked.
  partial: (line, { event }, isLast) => {
    if (event.lines.length > 1)
      return isLast
        ? {
            action: 'not-certified',
            message: `Medical need is not shown for this part. ${signature('partial')}`,
          }
        : { action: 'certified', ...asAsked(line, event) }
    const { certified, words } = reduced(line, event)
    return {
      action: 'certified-partially',
      message: `Certified in part: ${words}. ${signature('partial')}`,
      ...certified,
    }
  },
}

const EVENT_AS_A_LINE: ServiceLine = { number: 0, kind: 'unspecified', providers: [] }

function decided(scenario: Scenario, request: ReviewRequest, decide: DecideLine): Simulated {
  const asked = request.event.lines.length > 0 ? request.event.lines : [EVENT_AS_A_LINE]
  const lines = asked.map(
    (line, i): LineOutcome => ({
      line: line.number,
      grounds: [groundOf(scenario)],
      ...decide(line, request, i === asked.length - 1),
    }),
  )
  return { by: 'simulated', action: rollUp(lines.map(({ action }) => action)), lines, scenario }
}

const WAITS: PendReason = { waitingFor: 'reviewer', text: 'A simulated reviewer has to look at it.' }

const pended = (scenario: Scenario, request: ReviewRequest): Simulated =>
  decided(scenario, request, () => ({ action: 'pended', pend: WAITS }))

type Certified = Pick<LineOutcome, 'certifiedQuantity' | 'certifiedPeriod'>

function asAsked(line: ServiceLine, event: PatientEvent): Certified {
  const period = periodOf(line, event)
  return {
    ...(line.quantity && { certifiedQuantity: line.quantity }),
    ...(period && { certifiedPeriod: period }),
  }
}

/** Half of the quantity, rounded up; where that is no less, the first day alone; else it is said in words. */
function reduced(line: ServiceLine, event: PatientEvent): { certified: Certified; words: string } {
  const certified = asAsked(line, event)
  const { certifiedQuantity: quantity, certifiedPeriod: period } = certified
  const half = Math.ceil(Number(quantity?.value) / 2)
  if (quantity && half < Number(quantity.value))
    return {
      certified: { ...certified, certifiedQuantity: { unit: quantity.unit, value: String(half) } },
      words: 'half of the quantity',
    }
  if (period && period.from < period.until)
    return {
      certified: { ...certified, certifiedPeriod: { from: period.from, until: period.from } },
      words: 'the first day',
    }
  return { certified, words: 'at a lower level of service than was asked for' }
}

function periodOf(line: ServiceLine, event: PatientEvent): DatePeriod | undefined {
  return line.period ?? event.period ?? event.admission
}

function groundOf(scenario: Scenario): Ground {
  return {
    kind: 'policy',
    id: `sandbox/${scenario}`,
    version: 1,
    text: `The sandbox was asked for the scenario ${scenario}.`,
    source: 'docs/reference/sandbox.md, scenarios',
  }
}
