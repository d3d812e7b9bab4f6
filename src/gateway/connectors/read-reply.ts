import type { NoticeAnswer } from '../../core/admission.ts'
import type { ReviewAnswer } from '../../core/decision.ts'
import {
  decodeDeterminationAnswer,
  decodeStream,
  type GroupAcknowledgement,
  type InterchangeAcknowledgement,
} from '../../formats/x12/index.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Reply } from './model.ts'

export type PayersAnswer = ReviewAnswer | NoticeAnswer

/** Everything that a payer said at once: acknowledgements and answers, in the order of the text. */
export interface Said {
  readonly answers: readonly PayersAnswer[]
  readonly interchanges: readonly InterchangeAcknowledgement[]
  readonly groups: readonly GroupAcknowledgement[]
  /** Whether any part of it could not be read. */
  readonly isBroken: boolean
}

/** Reads interchanges, one after the other. Never throws, whatever the text. */
export async function readSaid(text: string): Promise<Said> {
  const answers: PayersAnswer[] = []
  const interchanges: InterchangeAcknowledgement[] = []
  const groups: GroupAcknowledgement[] = []
  let isBroken = false
  for await (const event of decodeStream([Buffer.from(text, 'utf8')])) {
    if (event.kind === 'acknowledgement') interchanges.push(event.acknowledgement)
    if (event.kind === 'unreadable') isBroken = true
    // An answer that stands in a broken envelope may be half of one.
    if ((event.kind === 'group-end' || event.kind === 'interchange-end') && event.faults.length > 0)
      isBroken = true
    if (event.kind !== 'transaction') continue
    const { result } = event.transaction
    if (!result.ok) isBroken = true
    else if (result.value.kind === 'acknowledgement') groups.push(result.value.acknowledgement)
    else if (result.value.kind === 'answer') answers.push(result.value.answer.answer)
    else if (result.value.kind === 'notice-answer') answers.push(result.value.answer.answer)
  }
  return { answers, interchanges, groups, isBroken }
}

/** By which of its numbers an answer may be known again: BHT03, and the TRNs of the event. */
export function tracesOf({ request }: Pick<PayersAnswer, 'request'>): readonly string[] {
  const { correspondence, event } = request
  return [correspondence.transactionIdentifier, ...(event.traces ?? []).map(({ number }) => number)]
}

/** TA105: the same interchange came before, so the payer has it. */
const DUPLICATE = '025'

/** What a payer said, as the reply to one message. */
export function replyIn(said: Said, traceNumber: string, raw: Uint8Array): Reply {
  const { answers, interchanges, groups, isBroken } = said
  const answer = answers.find((one) => tracesOf(one).includes(traceNumber))
  if (answer) return isBroken ? failed('unreadable', raw) : { as: 'answered', answer, raw }
  const envelope = interchanges.find(({ status }) => status === 'rejected')
  if (envelope?.note === DUPLICATE) return { as: 'taken', by: 'duplicate', raw }
  if (envelope) return { as: 'refused', by: 'TA1', faults: [faultOf(envelope)], raw }
  const refused = groups.filter(isRefusal)
  if (refused.length > 0) return { as: 'refused', by: '999', faults: refused.flatMap(faultsOf), raw }
  if (isBroken) return failed('unreadable', raw)
  if (answers.length > 0) return failed('other-trace', raw)
  if (groups.length > 0) return { as: 'taken', by: '999', raw }
  return interchanges.length > 0 ? { as: 'taken', by: 'TA1', raw } : failed('unreadable', raw)
}

/** @returns undefined when it is none, so that it is read as anything else that a payer may say */
export function determinedIn(text: string, traceNumber: string, raw: Uint8Array): Reply | undefined {
  const decoded = decodeDeterminationAnswer(text)
  if (!decoded.ok) return undefined
  const { value: said } = decoded
  return tracesOf(said).includes(traceNumber) ? { as: 'determined', said, raw } : failed('other-trace', raw)
}

function failed(why: 'unreadable' | 'other-trace', raw: Uint8Array): Reply {
  return { as: 'failed', why, reached: 'perhaps', raw }
}

/** One transaction is sent at a time: refused with its group, or for itself. */
function isRefusal({ status, transactions }: GroupAcknowledgement): boolean {
  return status === 'rejected' || transactions.some((one) => one.status === 'rejected')
}

function faultOf({ note }: InterchangeAcknowledgement): Fault {
  return { at: 'TA1', message: `the payer refuses the interchange, with note code ${note} (TA105)` }
}

/** Where and by which code, and nothing of what stood there: that may be somebody's. */
function faultsOf({ codes, transactions }: GroupAcknowledgement): readonly Fault[] {
  const group = codes.map((code) => ({
    at: 'AK9',
    message: `the payer refuses the group, with code ${code} (AK905)`,
  }))
  const inside = transactions.flatMap(({ errors, codes: ofSet }) => [
    ...ofSet.map((code) => ({
      at: 'IK5',
      message: `the payer refuses the transaction, with code ${code} (IK502)`,
    })),
    ...errors.flatMap(({ segmentId, position, loop, code, elements }) => {
      const at = `${loop === undefined ? '' : `${loop}/`}${segmentId}, segment ${position}`
      if (elements.length === 0) return [{ at, message: `segment error ${code} (IK304)` }]
      return elements.map(({ element, component, code: wrong }) => ({
        at: `${at}, element ${element}${component === undefined ? '' : `-${component}`}`,
        message: `element error ${wrong} (IK403)`,
      }))
    }),
  ])
  const all = [...group, ...inside]
  return all.length > 0 ? all : [{ at: '999', message: 'the payer refuses it, and does not say why' }]
}
