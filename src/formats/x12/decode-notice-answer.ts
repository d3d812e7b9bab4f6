import type { NoticeAnswer } from '../../core/admission.ts'
import type { Decoded } from '../../kernel/result.ts'
import { answeredAtOf, turnedBack } from './decode-answer.ts'
import type { Envelope } from './envelope/index.ts'
import { findLoop, segmentsOf } from './grammar/walk.ts'
import { decodeRejections } from './loops/rejections.ts'
import { decodeTree } from './loops/transaction.ts'
import { Findings, present, type ReadingOptions, readingOf } from './reading/index.ts'
import { decodeContact } from './segments/per.ts'
import { noteUnread, openTransaction, type Transaction } from './transaction.ts'

/** What a payer said to a notice, as read, and the envelope it came in. */
export interface DecodedNoticeAnswer {
  /** Its correspondence is that of the notice: names are turned round again. */
  readonly answer: NoticeAnswer
  readonly envelope: Envelope
}

/**
 * Reads what a payer says to a notice of admission. Never throws. With an AAA anywhere it is a rejection.
 *
 * @see 005010X216, acknowledgement
 */
export function decodeNoticeAnswer(text: string, options?: ReadingOptions): Decoded<DecodedNoticeAnswer> {
  const reading = readingOf(options)
  const findings = new Findings(reading.strictness)
  const transaction = openTransaction(text, 'answer', findings, reading)
  if (transaction === undefined) return findings.refuse()
  const { table } = transaction
  if (table.guide !== '216') {
    findings.fault(
      '',
      `expected the answer to a notice of admission (005010X216), found 005010X${table.guide}`,
    )
    return findings.refuse()
  }
  return findings.conclude(readNoticeAnswer(transaction, findings))
}

/** Reads an acknowledgement that was sorted into its loops. */
export function readNoticeAnswer(transaction: Transaction, findings: Findings): DecodedNoticeAnswer {
  const { table, tree, envelope } = transaction
  const common = decodeTree(tree, table)
  const { previousAdministrativeReference, ...event } = common.event
  const rejections = decodeRejections(tree, table.guide)
  const answer: NoticeAnswer = {
    request: {
      correspondence: turnedBack(envelope),
      ...common,
      event: present<NoticeAnswer['request']['event']>({
        ...event,
        category: 'admission',
        // In a rejection it is the number that the notice named; else the one that is given.
        previousAdministrativeReference: rejections.length > 0 ? previousAdministrativeReference : undefined,
      }),
    },
    payer: present<NoticeAnswer['payer']>({
      id: common.payer.id,
      name: common.payer.name ?? common.payer.id,
      contact: decodeContact(segmentsOf(findLoop(tree, '2010B'), 'PER')),
    }),
    answeredAt: answeredAtOf(transaction, findings),
    outcome:
      rejections.length > 0
        ? { kind: 'rejected', rejections }
        : { kind: 'acknowledged', referenceNumber: previousAdministrativeReference ?? '' },
  }
  if (rejections.length === 0 && previousAdministrativeReference === undefined) {
    findings.fault('2000E', 'the answer says nothing: expected REF*NT, or an AAA', 'Ask the payer.')
  }
  noteUnread(tree)
  return { answer, envelope }
}
