import type { CertificationAction, LineOutcome, ReviewAnswer } from '../../../core/decision.ts'
import type { PatientEvent } from '../../../core/request.ts'
import type { DatePeriod } from '../../../kernel/time.ts'
import { type Loop, loopsOf, segmentOf } from '../grammar/walk.ts'
import { present } from '../reading/index.ts'
import { decodeDay, decodePeriod, encodeDay } from '../segments/dtp.ts'
import { decodeCertification, encodeCertification } from '../segments/hcr.ts'
import { decodeCertified, encodeCertified } from '../segments/hsd.ts'
import { decodeMessage, encodeMessage } from '../segments/msg.ts'
import { encodeAttachments } from '../segments/pwk.ts'
import { encodeKnown, encodeNumber } from '../segments/ref.ts'
import type { Row } from '../text/index.ts'
import type { EventAdditions } from './additions.ts'
import { decodeInformation, encodeInformationContact, INFORMATION_LOOPS } from './information.ts'

type Decision = Extract<ReviewAnswer['outcome'], { kind: 'decided' }>

/** The actions on whose lines a claim may be paid, and which therefore carry the authorization number. */
const CERTIFYING: ReadonlySet<CertificationAction> = new Set(['certified', 'certified-partially', 'modified'])

/**
 * Spells a decision: HCR, the payer's numbers and days, and words for people, at the event and at each line.
 *
 * REF*BB holds the authorization number that the request named; without one, the number now given, as the published
 * answers do. An interchange has no place for the rows a decision rests on, nor for whom a pended case waits; the reason
 * for waiting is written where there are no other words for people.
 */
export function encodeDecision(decision: Decision, event: PatientEvent): EventAdditions {
  const outcomes = new Map(decision.lines.map((outcome) => [outcome.line, outcome]))
  const whole = outcomes.get(0)
  const wanted = decision.informationWanted ?? whole?.informationWanted
  return {
    event: [
      encodeCertification(decision.action, decision.authorizationNumber, { ...whole, ...decision }),
      ...encodeNumber('BB', event.previousAuthorizationNumber ?? decision.authorizationNumber),
      ...encodeNumber('NT', decision.administrativeReference),
      ...encodeDay('102', decision.issuedOn),
      ...encodeValidity(decision.effective ?? whole?.certifiedPeriod),
      ...encodeDay('881', decision.requestedOn),
      ...encodeCertified(whole ?? {}),
      ...encodeAttachments(wanted?.documents),
      ...encodeMessage(decision.message ?? wordsOf(whole)),
    ],
    eventLoops: encodeInformationContact(wanted, INFORMATION_LOOPS.event),
    lineLoops: (line) =>
      encodeInformationContact(outcomes.get(line.number)?.informationWanted, INFORMATION_LOOPS.line),
    line: (line) => {
      const outcome = outcomes.get(line.number)
      return [...encodeKnown(line), ...(outcome ? encodeLine(outcome, decision.authorizationNumber) : [])]
    },
  }
}

/** What people are told of a line: in so many words, else why it waits. */
function wordsOf(outcome: LineOutcome | undefined): string | undefined {
  return outcome?.message ?? outcome?.pend?.text
}

function encodeLine(outcome: LineOutcome, authorizationNumber: string | undefined): readonly Row[] {
  const number =
    outcome.authorizationNumber ?? (CERTIFYING.has(outcome.action) ? authorizationNumber : undefined)
  return [
    encodeCertification(outcome.action, number, outcome),
    ...encodeDay('102', outcome.issuedOn),
    ...encodeValidity(outcome.certifiedPeriod),
    ...encodeCertified(outcome),
    ...encodeAttachments(outcome.informationWanted?.documents),
    ...encodeMessage(wordsOf(outcome)),
  ]
}

/** From its first day (007) to its last (036), as the published answers spell it. */
function encodeValidity(period: DatePeriod | undefined): readonly Row[] {
  return [...encodeDay('036', period?.until), ...encodeDay('007', period?.from)]
}

function decodeValidity(loop: Loop | undefined): DatePeriod | undefined {
  const [dtp007, dtp036] = [segmentOf(loop, 'DTP', '007'), segmentOf(loop, 'DTP', '036')]
  const effective = decodePeriod(dtp007)
  const expiry = decodeDay(dtp036)
  if (effective === undefined) {
    if (expiry !== undefined)
      dtp036?.note(undefined, 'not kept: it says when the decision ends, and nothing when it begins')
    return undefined
  }
  if (expiry !== undefined && expiry < effective.from) {
    dtp036?.fault(3, 'the decision ends before it begins')
    return undefined
  }
  return { from: effective.from, until: expiry ?? effective.until }
}

/** What a decision says, as far as the answer had it. */
export interface DecisionRead extends Omit<Decision, 'kind' | 'administrativeReference' | 'requestedOn'> {
  readonly administrativeReference?: string
  readonly requestedOn?: Decision['requestedOn']
}

/**
 * Reads the decision of an answer that has one.
 *
 * @returns undefined when the event has no HCR
 */
export function decodeDecision(event: Loop | undefined, echoed: PatientEvent): DecisionRead | undefined {
  const hcr = segmentOf(event, 'HCR')
  if (hcr === undefined) return undefined
  const { action, authorizationNumber, ...reason } = decodeCertification(hcr)
  const lines = loopsOf(event, '2000F')
  return present<DecisionRead>({
    action: action ?? 'pended',
    ...reason,
    lines:
      lines.length === 0
        ? [decodeWhole(event, action)]
        : lines.flatMap((line, index) => decodeLine(line, index + 1, authorizationNumber)),
    authorizationNumber,
    administrativeReference: echoed.previousAdministrativeReference,
    issuedOn: decodeDay(segmentOf(event, 'DTP', '102')),
    effective: decodeValidity(event),
    requestedOn: decodeDay(segmentOf(event, 'DTP', '881')),
    informationWanted: decodeInformation(event, INFORMATION_LOOPS.event),
    message: decodeMessage(segmentOf(event, 'MSG')),
  })
}

/** The event without lines is decided as a whole. */
function decodeWhole(event: Loop | undefined, action: CertificationAction | undefined): LineOutcome {
  const certified = decodeCertified(segmentOf(event, 'HSD'))
  return present<LineOutcome>({ line: 0, action: action ?? 'pended', grounds: [], ...certified })
}

function decodeLine(loop: Loop, line: number, ofTheWhole: string | undefined): readonly LineOutcome[] {
  const hcr = segmentOf(loop, 'HCR')
  if (hcr === undefined) return []
  const { action, authorizationNumber, ...reason } = decodeCertification(hcr)
  const isOwn = authorizationNumber !== ofTheWhole || (action !== undefined && !CERTIFYING.has(action))
  return [
    present<LineOutcome>({
      line,
      action: action ?? 'pended',
      grounds: [],
      ...reason,
      ...decodeCertified(segmentOf(loop, 'HSD')),
      certifiedPeriod: decodeValidity(loop),
      authorizationNumber: isOwn ? authorizationNumber : undefined,
      issuedOn: decodeDay(segmentOf(loop, 'DTP', '102')),
      informationWanted: decodeInformation(loop, INFORMATION_LOOPS.line),
      message: decodeMessage(segmentOf(loop, 'MSG')),
    }),
  ]
}
