import type { Rejection } from '../../../core/decision.ts'
import type { ReviewRequest } from '../../../core/request.ts'
import { type Guide, partyLoops } from '../grammar/rules.ts'
import { findLoop, type Loop, loopsOf, segmentsOf } from '../grammar/walk.ts'
import { decodeRefusal, encodeRefusal } from '../segments/aaa.ts'
import { encodeKnown } from '../segments/ref.ts'
import type { Row } from '../text/index.ts'
import type { Additions } from './transaction.ts'

type Level = Exclude<Rejection['level'], 'line'>

/** In which loop a rejection of each level stands. */
const loopsOfLevels = (guide: Guide): Readonly<Record<Level, string>> => ({
  system: '2000A',
  ...partyLoops(guide),
  subscriber: '2010C',
  dependent: '2010D',
  event: '2000E',
})

/** Reads every rejection, the outermost first. That of a provider or a stop belongs to its event or its line. */
export function decodeRejections(transaction: Loop, guide: Guide): readonly Rejection[] {
  const levels = Object.entries(loopsOfLevels(guide)) as [Level, string][]
  const event = findLoop(transaction, '2000E')
  return [
    ...levels.flatMap(([level, id]) =>
      refusalsIn(findLoop(transaction, id)).map((refusal) => ({ level, ...refusal })),
    ),
    ...numbered(event, '2010EA').map(([provider, refusal]) => ({
      level: 'event' as const,
      provider,
      ...refusal,
    })),
    ...numbered(event, '2010EC').map(([stop, refusal]) => ({ level: 'event' as const, stop, ...refusal })),
    ...loopsOf(event, '2000F').flatMap((loop, index) => {
      const at = { level: 'line' as const, line: index + 1 }
      return [
        ...refusalsIn(loop).map((refusal) => ({ ...at, ...refusal })),
        ...numbered(loop, '2010F').map(([provider, refusal]) => ({ ...at, provider, ...refusal })),
      ]
    }),
  ]
}

function refusalsIn(loop: Loop | undefined) {
  return segmentsOf(loop, 'AAA').map(decodeRefusal)
}

/** The refusals in the loops of one kind, each with the number of its loop, from 1. */
function numbered(loop: Loop | undefined, id: string) {
  return loopsOf(loop, id).flatMap((inner, index) =>
    refusalsIn(inner).map((refusal) => [index + 1, refusal] as const),
  )
}

/**
 * Puts each rejection into its loop. One about a dependent whom the request does not have goes to the subscriber, and one
 * about a line, a provider or a stop that it does not have to what stands above it.
 */
export function encodeRejections(rejections: readonly Rejection[], request: ReviewRequest): Additions {
  const rows = Map.groupBy(rejections, (rejection) => placeOf(rejection, request))
  const rowsAt = (place: string): readonly Row[] => (rows.get(place) ?? []).map(encodeRefusal)
  return {
    system: rowsAt('system'),
    payer: rowsAt('payer'),
    requester: rowsAt('requester'),
    subscriber: rowsAt('subscriber'),
    dependent: rowsAt('dependent'),
    event: [...rowsAt('event'), ...encodeKnown(request.event)],
    line: (line) => [...rowsAt(`line ${line.number}`), ...encodeKnown(line)],
    provider: (index, line) => rowsAt(`${line ? `line ${line.number}` : 'event'} provider ${index}`),
    stop: (index) => rowsAt(`event stop ${index}`),
  }
}

function placeOf({ level, line, provider, stop }: Rejection, { dependent, event }: ReviewRequest): string {
  if (level === 'dependent' && dependent === undefined) return 'subscriber'
  if (level !== 'line' && level !== 'event') return level
  const asked = level === 'line' ? event.lines.find(({ number }) => number === line) : event
  if (asked === undefined) return 'event'
  const place = level === 'line' ? `line ${line}` : 'event'
  if (provider !== undefined && asked.providers[provider - 1]) return `${place} provider ${provider}`
  return stop !== undefined && level === 'event' && event.transportStops[stop - 1]
    ? `event stop ${stop}`
    : place
}
