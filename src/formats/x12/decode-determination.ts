import type { Rejection } from '../../core/decision.ts'
import type { SaidOfLine } from '../../core/determination/index.ts'
import type { ReviewRequest } from '../../core/request.ts'
import type { Decoded } from '../../kernel/result.ts'
import { turnedBack } from './decode-answer.ts'
import { findLoop, type Loop, loopsOf, segmentOf } from './grammar/walk.ts'
import { decodeRejections } from './loops/rejections.ts'
import { decodeTree } from './loops/transaction.ts'
import { Findings, present, readingOf } from './reading/index.ts'
import { decodeCertification } from './segments/hcr.ts'
import { decodeMessage } from './segments/msg.ts'
import { openTransaction } from './transaction.ts'

/** What a payer says to a determination, in codes and words; what they mean is not said by X12. */
export interface DecodedDetermination {
  /** As the payer repeats it; its correspondence is that of the question. */
  readonly request: ReviewRequest
  readonly outcome:
    | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] }
    | { readonly kind: 'said'; readonly event: SaidOfLine; readonly lines: readonly SaidOfLine[] }
}

/**
 * Reads a determination that was written as the answer to an inquiry. Unlike an answer it may be without an HCR, at the event
 * and at each line. Never throws. With an AAA anywhere it is a rejection.
 *
 * @see 005010X215, response; `encodeDeterminationAnswer`
 */
export function decodeDeterminationAnswer(text: string): Decoded<DecodedDetermination> {
  const reading = readingOf(undefined)
  const findings = new Findings(reading.strictness)
  const transaction = openTransaction(text, 'answer', findings, reading)
  if (transaction === undefined) return findings.refuse()
  const { table, tree, envelope } = transaction
  if (table.guide !== '215') {
    findings.fault('', `expected the answer to an inquiry (005010X215), found 005010X${table.guide}`)
    return findings.refuse()
  }
  const event = findLoop(tree, '2000E')
  const rejections = decodeRejections(tree, table.guide)
  return findings.conclude<DecodedDetermination>({
    request: { correspondence: turnedBack(envelope), ...decodeTree(tree, table) },
    outcome:
      rejections.length > 0
        ? { kind: 'rejected', rejections }
        : { kind: 'said', event: saidIn(event), lines: loopsOf(event, '2000F').map(saidIn) },
  })
}

function saidIn(loop: Loop | undefined): SaidOfLine {
  const hcr = segmentOf(loop, 'HCR')
  return present<SaidOfLine>({
    action: hcr && decodeCertification(hcr).action,
    message: decodeMessage(segmentOf(loop, 'MSG')),
  })
}
