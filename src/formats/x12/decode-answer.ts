import type { ReviewAnswer } from '../../core/decision.ts'
import type { Correspondence, PatientEvent } from '../../core/request.ts'
import type { Decoded } from '../../kernel/result.ts'
import { type Instant, utcTime } from '../../kernel/time.ts'
import type { Envelope } from './envelope/index.ts'
import type { Guide } from './grammar/rules.ts'
import { findLoop, segmentOf, segmentsOf } from './grammar/walk.ts'
import { decodeDecision } from './loops/decision.ts'
import { decodeRejections } from './loops/rejections.ts'
import { decodeTree } from './loops/transaction.ts'
import type { CitedDecoded } from './reading/index.ts'
import { Findings, present, type ReadingOptions, readingOf } from './reading/index.ts'
import { decodeContact } from './segments/per.ts'
import { noteUnread, openTransaction, type Transaction } from './transaction.ts'

/** An answer as read, and the envelope it came in. */
export interface DecodedAnswer {
  readonly guide: Exclude<Guide, '216'>
  /** Its correspondence is that of the request: names are turned round again. */
  readonly answer: ReviewAnswer
  readonly envelope: Envelope
}

/**
 * Reads the answer to a request for review or to an inquiry. Never throws.
 *
 * An answer with an AAA anywhere is a rejection, whatever else it says. Where an answer leaves out what ours always say (the
 * payer's reference, the day of the request, its own moment), the nearest that it has stands in, and a note says so.
 *
 * @see 005010X217 and 005010X215, response
 */
export function decodeAnswer(text: string, options?: ReadingOptions): CitedDecoded<DecodedAnswer> {
  const reading = readingOf(options)
  const findings = new Findings(reading.strictness)
  const transaction = openTransaction(text, 'answer', findings, reading)
  if (transaction === undefined) return findings.refuse()
  const { guide } = transaction.table
  if (guide === '216') return refuseNotice(findings)
  return findings.conclude(readAnswer(transaction, guide, findings))
}

function refuseNotice(findings: Findings): Decoded<never> {
  findings.fault('', 'expected the answer to a request or an inquiry; found that to a notice of admission')
  return findings.refuse()
}

/** Reads an answer that was sorted into its loops. */
export function readAnswer(
  transaction: Transaction,
  guide: DecodedAnswer['guide'],
  findings: Findings,
): DecodedAnswer {
  const { table, tree, envelope } = transaction
  const common = decodeTree(tree, table)
  const answeredAt = answeredAtOf(transaction, findings)
  const outcome = decodeOutcome(transaction, common.event, answeredAt, findings)
  const answer: ReviewAnswer = {
    request: {
      correspondence: turnedBack(envelope),
      ...common,
      event: asAsked(common.event, outcome),
    },
    payer: present<ReviewAnswer['payer']>({
      id: common.payer.id,
      name: common.payer.name ?? common.payer.id,
      contact: decodeContact(segmentsOf(findLoop(tree, '2010A'), 'PER')),
    }),
    answeredAt,
    outcome,
  }
  noteUnread(tree)
  return { guide, answer, envelope }
}

/** Whose interchange the answered one was: names are turned round again. */
export function turnedBack(envelope: Envelope): Correspondence {
  return {
    senderId: envelope.receiverId,
    receiverId: envelope.applicationSender,
    transactionIdentifier: envelope.beginningReference,
  }
}

/** When an answer was made; the moment of its group where it does not say. */
export function answeredAtOf({ beginning, interchange }: Transaction, findings: Findings): Instant {
  if (beginning.at !== undefined) return beginning.at
  findings.note('BHT', 'the answer does not say when it was made; the moment of its group stands in')
  return interchange.sentAt() ?? (0 as Instant)
}

function decodeOutcome(
  { table, tree, envelope }: Transaction,
  echoed: PatientEvent,
  answeredAt: Instant,
  findings: Findings,
): ReviewAnswer['outcome'] {
  const rejections = decodeRejections(tree, table.guide)
  if (rejections.length > 0) return { kind: 'rejected', rejections }
  const decision = decodeDecision(findLoop(tree, '2000E'), echoed)
  if (decision === undefined) {
    findings.fault(
      '',
      'the answer decides nothing: expected an HCR in loop 2000E, or an AAA',
      'Ask the payer.',
    )
    return { kind: 'rejected', rejections: [] }
  }
  const { administrativeReference, requestedOn } = decision
  if (segmentOf(findLoop(tree, '2000E'), 'UM') === undefined) {
    findings.note('2000E', 'UM is absent; read as an initial review of health services')
  }
  if (administrativeReference === undefined) {
    findings.note(
      '2000E',
      'REF*NT is absent; another number of the answer stands in for the payer’s reference',
    )
  }
  if (requestedOn === undefined) {
    findings.note('2000E', 'DTP*881 is absent; the day of the answer stands in for that of the request')
  }
  return {
    kind: 'decided',
    ...decision,
    administrativeReference:
      administrativeReference ?? decision.authorizationNumber ?? envelope.beginningReference,
    requestedOn: requestedOn ?? utcTime(answeredAt).date,
  }
}

/** Takes out of the repeated request what the answer put there: its own numbers. */
function asAsked(event: PatientEvent, outcome: ReviewAnswer['outcome']): PatientEvent {
  if (outcome.kind !== 'decided') return event
  const { previousAdministrativeReference: _, previousAuthorizationNumber, ...asked } = event
  const isNew = previousAuthorizationNumber === outcome.authorizationNumber
  return present<PatientEvent>({
    ...asked,
    previousAuthorizationNumber: isNew ? undefined : previousAuthorizationNumber,
  })
}
