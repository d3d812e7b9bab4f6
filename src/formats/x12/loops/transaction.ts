import type { ReviewRequest } from '../../../core/request.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Direction, partyLoops, type TransactionRule } from '../grammar/rules.ts'
import { findLoop, type Loop } from '../grammar/walk.ts'
import type { Row } from '../text/index.ts'
import type { EventAdditions } from './additions.ts'
import { decodeEvent, encodeEvent } from './event.ts'
import { decodeDependent, decodeSubscriber, encodeDependent, encodeSubscriber } from './patient.ts'
import { decodePayer, encodePayer } from './payer.ts'
import { decodeRequester, encodeRequester } from './requester.ts'

/** Reads what every guide's tree has in common; whose interchange it was stands elsewhere. */
export function decodeTree(
  transaction: Loop,
  { guide, direction }: Pick<TransactionRule, 'guide' | 'direction'>,
): Omit<ReviewRequest, 'correspondence'> {
  const at = partyLoops(guide)
  const payer = decodePayer(findLoop(transaction, at.payer))
  const requester = decodeRequester(findLoop(transaction, at.requester))
  const subscriber = decodeSubscriber(findLoop(transaction, '2010C'))
  const loop = findLoop(transaction, '2010D')
  const dependent = loop && decodeDependent(loop)
  const event = decodeEvent(findLoop(transaction, '2000E'), direction)
  return dependent === undefined
    ? { payer, requester, subscriber, event }
    : { payer, requester, subscriber, dependent, event }
}

/** What a request or an answer adds of its own to each loop. */
export interface Additions extends EventAdditions {
  readonly system: readonly Row[]
  readonly payer: readonly Row[]
  readonly requester: readonly Row[]
  readonly subscriber: readonly Row[]
  readonly dependent: readonly Row[]
}

export const NOTHING_ADDED: Additions = {
  system: [],
  payer: [],
  requester: [],
  subscriber: [],
  dependent: [],
  event: [],
  line: () => [],
}

/** Builds the tree of a transaction; the patient's event hangs under the dependent when there is one. */
export function encodeTree(
  request: ReviewRequest,
  beginning: Row,
  table: TransactionRule,
  added: Additions,
): Draft {
  const { dependent } = request
  const direction: Direction = table.direction
  const event = encodeEvent(request.event, direction, added)
  const patient =
    dependent === undefined
      ? event
      : level('2000D', [], leaf('2010D', [...encodeDependent(dependent), ...added.dependent]), event)
  const subscriber = leaf('2010C', [...encodeSubscriber(request.subscriber), ...added.subscriber])
  const at = partyLoops(table.guide)
  const requester = leaf(at.requester, [...encodeRequester(request.requester), ...added.requester])
  const payer = leaf(at.payer, [encodePayer(request.payer, payerRole(table)), ...added.payer])
  const [first, second] = at.payer === '2010A' ? [payer, requester] : [requester, payer]
  const tree = level(
    '2000A',
    added.system,
    first,
    level('2000B', [], second, level('2000C', [], subscriber, patient)),
  )
  return { id: table.body.id, segments: [beginning], loops: [tree] }
}

/** The first of the roles that the table allows a payer. */
function payerRole({ guide, body }: TransactionRule): string {
  const [first] = body.loops
  const host = partyLoops(guide).payer === '2010A' ? first : first?.loops[1]
  return host?.loops[0]?.segments[0]?.qualifiers?.[0] ?? 'X3'
}

function level(id: string, segments: readonly Row[], ...loops: readonly Draft[]): Draft {
  return { id, segments, loops }
}

function leaf(id: string, segments: readonly Row[]): Draft {
  return { id, segments, loops: [] }
}
