import { type DeterminationAnswer, tell, toldOfEvent } from '../../core/determination/index.ts'
import { type AnswerEnvelope, encodeAnswer, sealAnswer } from './encode-answer.ts'
import { NOTHING_ADDED } from './loops/transaction.ts'
import { encodeCertification } from './segments/hcr.ts'
import { encodeMessage } from './segments/msg.ts'
import { encodeKnown } from './segments/ref.ts'
import type { Row } from './text/index.ts'

/**
 * Writes a determination as the answer to an inquiry.
 *
 * A line that needs no authorization has HCR NA, one that no rule speaks of HCR CT. One that needs authorization, or may,
 * has no HCR: it stands as it was asked, with the rule in MSG. The rules whole have no place in an interchange.
 *
 * @see 005010X215, response; docs/decisions/0027-determination.md
 */
export function encodeDeterminationAnswer(
  answer: DeterminationAnswer,
  options: Omit<AnswerEnvelope, 'guide'>,
): string {
  const { outcome, request } = answer
  const envelope = { ...options, guide: '215' } as const
  if (outcome.kind === 'rejected') return encodeAnswer({ ...answer, outcome }, envelope)
  const told = new Map(outcome.lines.map(({ line, determination }) => [line, tell(determination)]))
  const additions = {
    ...NOTHING_ADDED,
    event: [...encodeKnown(request.event), ...encodeTold(toldOfEvent(outcome.lines))],
    line: (line: { readonly number: number } & Parameters<typeof encodeKnown>[0]) => [
      ...encodeKnown(line),
      ...encodeTold(told.get(line.number)),
    ],
  }
  return sealAnswer(answer, additions, envelope)
}

function encodeTold(told: ReturnType<typeof tell> | undefined): readonly Row[] {
  if (told === undefined) return []
  return [
    ...(told.action ? [encodeCertification(told.action, undefined, {})] : []),
    ...encodeMessage(told.message),
  ]
}
