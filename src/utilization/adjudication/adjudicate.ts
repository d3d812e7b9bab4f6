import type { Decided, Ground, LineOutcome, MachineAction, PendReason } from '../../core/decision.ts'
import {
  type Determination,
  groundOf,
  linesAsked,
  NOT_A_GUARANTEE,
  patientBirthDate,
  periodAsked,
} from '../../core/determination/index.ts'
import type { ReviewRequest, ServiceLine } from '../../core/request.ts'
import { rollUp } from '../../core/roll-up.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { type Instant, type PlainDate, utcTime } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Decide, Policies } from '../policies/index.ts'
import type { Rules } from '../rules/index.ts'
import { policyInputs } from './facts.ts'

/** What a machine decided: certified as asked, no action required, or pended. */
export type MachineDecided = Extract<Decided, { readonly by: 'machine' }>

type MachineOutcome = LineOutcome<MachineAction>

export interface Adjudication {
  /**
   * Decides a request by the payer's own rules and policy, as far as a machine may.
   *
   * Line by line: where a rule says that no authorization is needed, no action is required; all else goes to the policy,
   * which certifies as asked or pends. What would change or end an earlier decision, or asks for a range of codes, is
   * pended to a reviewer. An event without lines is decided as one line, numbered 0.
   *
   * @param tx any role that may read rules and policies; nothing is written
   * @param at when the request was received
   */
  adjudicate(
    tx: Tx,
    payer: { readonly id: PayerId; readonly lineOfBusiness: string },
    request: ReviewRequest,
    at: Instant,
  ): Promise<MachineDecided>
}

export interface AdjudicationParts {
  readonly rules: Rules
  readonly policies: Pick<Policies, 'of'>
}

export function openAdjudication({ rules, policies }: AdjudicationParts): Adjudication {
  return {
    adjudicate: async (tx, payer, request, at) => {
      const received = utcTime(at).date
      const birthDate = patientBirthDate(request)
      const needs = await rules.determineLines(
        tx,
        payer,
        { event: request.event, ...(birthDate !== undefined && { birthDate }) },
        at,
      )
      const decide = await policies.of(tx, payer.id)
      const lines = await Promise.all(
        linesAsked(request.event).map((line, i) =>
          decideLine(decide, request, line, received, needs[i]?.determination),
        ),
      )
      // Nothing but what a machine may say goes in, so nothing else comes out.
      return { by: 'machine', action: rollUp(lines.map(({ action }) => action)) as MachineAction, lines }
    },
  }
}

async function decideLine(
  decide: Decide,
  request: ReviewRequest,
  line: ServiceLine,
  received: PlainDate,
  need: Determination | undefined,
): Promise<MachineOutcome> {
  const purpose = line.purpose ?? request.event.purpose
  if (purpose !== 'initial') return pended(line, [], forReviewer(REVIEWED_BY_PURPOSE[purpose]))
  if (line.procedure?.until !== undefined)
    return pended(line, [], forReviewer('The request asks for a range of procedure codes.'))
  if (need === undefined) throw new Error('a line was not asked about')
  const grounds = need.fired.slice(0, GROUNDS_TOLD).map(groundOf)
  if (need.answer === 'not-required')
    return { line: line.number, action: 'no-action-required', grounds, message: NOT_REQUIRED }
  const decision = await decide(policyInputs(request, line, need.answer, received))
  if (decision.outcome === 'certify') return certifiedAsAsked(request, line, [...grounds, decision.ground])
  const { waitingFor, reason, ground } = decision
  return pended(line, ground ? [...grounds, ground] : grounds, { waitingFor, text: reason })
}

/** The most specific rows are told; those that they overrule, beyond a few, are not. */
const GROUNDS_TOLD = 5

const NOT_REQUIRED = `Prior authorization is not required. ${NOT_A_GUARANTEE}`

const REVIEWED_BY_PURPOSE = {
  renewal: 'A renewal is decided by a reviewer, with the earlier authorization at hand.',
  revised: 'A change to an earlier request is decided by a reviewer.',
  extension: 'An extension is decided by a reviewer, with the earlier authorization at hand.',
  cancel: 'A cancellation is confirmed by a reviewer.',
  'appeal-immediate': 'An appeal is decided by a reviewer who had no part in the first decision.',
  'appeal-standard': 'An appeal is decided by a reviewer who had no part in the first decision.',
  notification: 'A notification is taken note of by a reviewer.',
  verification: 'What is to be verified is looked up by a reviewer.',
  reconsideration: 'A reconsideration is decided by a reviewer.',
} as const

function forReviewer(text: string): PendReason {
  return { waitingFor: 'reviewer', text }
}

function pended(line: ServiceLine, grounds: readonly Ground[], pend: PendReason): MachineOutcome {
  return { line: line.number, action: 'pended', grounds, pend }
}

/** Quantity and days are those of the request, untouched. */
function certifiedAsAsked(
  { event }: ReviewRequest,
  line: ServiceLine,
  grounds: readonly Ground[],
): MachineOutcome {
  const period = periodAsked(line, event)
  return {
    line: line.number,
    action: 'certified',
    grounds,
    ...(line.quantity && { certifiedQuantity: line.quantity }),
    ...(period && { certifiedPeriod: period }),
  }
}
