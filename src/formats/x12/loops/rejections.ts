import type { Rejection } from '../../../core/decision.ts'
import type { ReviewRequest } from '../../../core/request.ts'
import { findLoop, type Loop, loopsOf, segmentsOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodeRefusal, encodeRefusal } from '../segments/aaa.ts'
import { encodeKnown } from '../segments/ref.ts'
import type { Additions } from './transaction.ts'

type Level = Exclude<Rejection['level'], 'line'>

/** In which loop a rejection of each level stands. */
const LOOPS: Readonly<Record<Level, string>> = {
  system: '2000A',
  payer: '2010A',
  requester: '2010B',
  subscriber: '2010C',
  dependent: '2010D',
  event: '2000E',
}

/** Reads every rejection, the outermost first. That of a provider counts for the event or the line it belongs to. */
export function decodeRejections(transaction: Loop): readonly Rejection[] {
  const levels = Object.entries(LOOPS) as [Level, string][]
  const event = findLoop(transaction, '2000E')
  return [
    ...levels.flatMap(([level, id]) =>
      refusalsIn(findLoop(transaction, id)).map((refusal) => ({ level, ...refusal })),
    ),
    ...refusalsUnder(event, '2010EA', '2010EC').map((refusal) => ({ level: 'event' as const, ...refusal })),
    ...loopsOf(event, '2000F').flatMap((line, index) =>
      [...refusalsIn(line), ...refusalsUnder(line, '2010F')].map((refusal) => ({
        level: 'line' as const,
        line: index + 1,
        ...refusal,
      })),
    ),
  ]
}

function refusalsIn(loop: Loop | undefined) {
  return segmentsOf(loop, 'AAA').map(decodeRefusal)
}

function refusalsUnder(loop: Loop | undefined, ...ids: readonly string[]) {
  return ids.flatMap((id) => loopsOf(loop, id).flatMap(refusalsIn))
}

/**
 * Puts each rejection into its loop. One about a dependent whom the request does not have goes to the subscriber, and one
 * about a line that it does not have to the event.
 */
export function encodeRejections(rejections: readonly Rejection[], request: ReviewRequest): Additions {
  const numbers = new Set(request.event.lines.map((line) => line.number))
  const rows = Map.groupBy(rejections, (rejection) => placeOf(rejection, request, numbers))
  const rowsAt = (place: string): readonly Row[] => (rows.get(place) ?? []).map(encodeRefusal)
  return {
    system: rowsAt('system'),
    payer: rowsAt('payer'),
    requester: rowsAt('requester'),
    subscriber: rowsAt('subscriber'),
    dependent: rowsAt('dependent'),
    event: [...rowsAt('event'), ...encodeKnown(request.event)],
    line: (line) => [...rowsAt(`line ${line.number}`), ...encodeKnown(line)],
  }
}

function placeOf({ level, line }: Rejection, request: ReviewRequest, numbers: ReadonlySet<number>): string {
  if (level === 'dependent' && request.dependent === undefined) return 'subscriber'
  if (level !== 'line') return level
  return line !== undefined && numbers.has(line) ? `line ${line}` : 'event'
}
