import type { LineOfBusiness } from '../deadlines.ts'
import type { MachineAction, Rejection, ReviewAnswer } from '../decision.ts'
import type { ReviewRequest } from '../request.ts'
import type { Determination } from './model.ts'

/** Every answer says it: whether care is covered is decided when it is claimed. */
export const NOT_A_GUARANTEE = 'This is not a guarantee of payment.'

/** What is answered for one service line; 0 stands for the event when it has no lines. */
export interface LineDetermination {
  readonly line: number
  readonly determination: Determination
}

/** Whether each line of a request needs prior authorization: what the codecs spell. No case belongs to it. */
export interface DeterminationAnswer extends Pick<ReviewAnswer, 'payer' | 'answeredAt'> {
  /** What was asked, in the tree of a request. */
  readonly request: ReviewRequest
  /** The payer's id in the numbering of all payers, where the sender gave one. */
  readonly globalPayerId?: string
  readonly plan?: string
  readonly outcome:
    | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] }
    | {
        readonly kind: 'determined'
        readonly lineOfBusiness: LineOfBusiness
        /** Whether the payer is the one that stands in for ids that nobody knows. */
        readonly standsIn: boolean
        readonly lines: readonly LineDetermination[]
      }
}

/** An action that a determination may use: it certifies nothing, denies nothing and pends nothing. */
export type DeterminationAction = Extract<MachineAction, 'no-action-required' | 'contact-payer'>

/** A determination in the words of a 278: HCR01, where it has one, and what people are told. */
export interface ToldDetermination {
  /** Absent where authorization is, or may be, required: no code of X12 306 says so without deciding. */
  readonly action?: DeterminationAction
  /** At most 264 characters (MSG01). */
  readonly message: string
}

/**
 * How a determination is told where there is no room for its rules: required and conditional by words alone, not required
 * by NA, unknown by CT.
 *
 * @see 005010X215 loop 2000F HCR01 and MSG01
 */
export function tell(determination: Determination): ToldDetermination {
  const { words } = determination
  const told = inOurWords(determination)
  return words === undefined ? told : { ...told, message: fitted([words]) }
}

function inOurWords(determination: Determination): ToldDetermination {
  switch (determination.answer) {
    case 'required':
      return { message: fitted(['Prior authorization is required.', ...wordsOf(determination)]) }
    case 'conditional':
      return {
        message: fitted([
          `Whether prior authorization is required depends on ${determination.missing.join('; or on ')}.`,
          'Ask again with it, or ask for authorization.',
        ]),
      }
    case 'not-required':
      return {
        action: 'no-action-required',
        message: fitted(['Prior authorization is not required.', NOT_A_GUARANTEE, ...wordsOf(determination)]),
      }
    case 'unknown':
      return {
        action: 'contact-payer',
        message:
          'No rule of the payer says whether prior authorization is required. Contact the payer before the service.',
      }
  }
}

/** The action of the whole event: that of all its lines, when they have the same. */
export function toldOfEvent(lines: readonly LineDetermination[]): ToldDetermination {
  const [first, ...others] = lines.map(({ determination }) => tell(determination))
  const action = others.every((other) => other.action === first?.action) ? first?.action : undefined
  const whole = lines.length === 1 && lines[0]?.line === 0 ? first?.message : undefined
  return {
    ...(action && { action }),
    message: fitted([...(whole === undefined ? [] : [whole]), NOT_A_GUARANTEE]),
  }
}

/** The rows that decide, who reviews and what to send. */
function wordsOf(determination: Determination): readonly string[] {
  const deciding = 'deciding' in determination ? determination.deciding : []
  const [first] = deciding
  const reviewers = reviewersOf(determination)
  const documents = documentsOf(determination)
  return [
    ...(reviewers.length > 0 ? [`Reviewed by ${reviewers.join(', ')}.`] : []),
    ...(documents.length > 0 ? [`Send ${documents.join(', ')}.`] : []),
    ...(first ? [`${first.text} (${first.source}).`] : []),
  ]
}

/** Who reviews such a request on the payer's behalf; of the rows that decide. */
export function reviewersOf(determination: Determination): readonly string[] {
  return [...new Set(demanding(determination).flatMap(({ reviewer }) => reviewer ?? []))]
}

/** What to send with a request for authorization; of the rows that decide. */
export function documentsOf(determination: Determination): readonly string[] {
  return [...new Set(demanding(determination).flatMap(({ documents }) => documents))]
}

/** The rows by which authorization is required. */
function demanding(determination: Determination) {
  return determination.answer === 'required'
    ? determination.deciding.filter((rule) => rule.answer === 'required')
    : []
}

const LONGEST_MESSAGE = 264

/** As many of the sentences as one message holds, the first ones first. */
function fitted(sentences: readonly string[]): string {
  let text = ''
  for (const sentence of sentences) {
    const longer = text === '' ? sentence : `${text} ${sentence}`
    if (longer.length <= LONGEST_MESSAGE) text = longer
    else if (text === '') text = `${sentence.slice(0, LONGEST_MESSAGE - 3)}...`
  }
  return text
}
