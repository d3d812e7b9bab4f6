import type {
  Code,
  PatientEvent,
  Place,
  Purpose,
  RelatedCauses,
  ReviewCategory,
} from '../../../core/request.ts'
import { CATEGORIES, codeTable, isPlaceOfService, PURPOSES, URGENCIES } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { type Growing, present, quote, RULES } from '../reading/index.ts'
import { at, type Cell, type Row } from '../text/index.ts'

/** What kind of review is asked for, of what and where. */
export interface ReviewKind {
  readonly category?: ReviewCategory
  readonly purpose?: Purpose
  readonly serviceType?: Code
  readonly place?: Place
}

/** What UM says of an event and not of a service line: UM05 to UM10. */
export type Circumstances = Pick<
  PatientEvent,
  'relatedCauses' | 'urgency' | 'currentCondition' | 'prognosis' | 'releaseOfInformation' | 'delayReason'
>

/** UM04-2: which list the place's code is of. */
const PLACE_SYSTEMS = codeTable<Place['system']>({ 'type-of-bill': 'A', 'place-of-service': 'B' })

/**
 * Puts in what kind of review is asked for.
 *
 * @see 005010X217 loops 2000E and 2000F UM01 to UM04
 */
export function putReviewKind(kind: Growing<ReviewKind>, um: SegmentReader | undefined): void {
  if (um === undefined) return
  const category = um.requiredWord(1, CATEGORIES)
  const purpose = um.word(2, PURPOSES)
  const serviceType = um.text(3)
  const place = decodePlace(um)
  if (category !== undefined) kind.category = category
  if (purpose !== undefined) kind.purpose = purpose
  if (serviceType !== undefined) kind.serviceType = serviceType
  if (place !== undefined) kind.place = place
}

/**
 * Puts in what UM says of an event alone.
 *
 * @see 005010X217 loop 2000E UM05 to UM10
 */
export function putCircumstances(event: Growing<Circumstances>, um: SegmentReader | undefined): void {
  if (um === undefined) return
  const relatedCauses = decodeRelatedCauses(um)
  const urgency = um.word(6, URGENCIES)
  const [currentCondition, prognosis] = [um.text(7), um.text(8)]
  const [releaseOfInformation, delayReason] = [um.text(9), um.text(10)]
  if (relatedCauses !== undefined) event.relatedCauses = relatedCauses
  if (urgency !== undefined) event.urgency = urgency
  if (currentCondition !== undefined) event.currentCondition = currentCondition
  if (prognosis !== undefined) event.prognosis = prognosis
  if (releaseOfInformation !== undefined) event.releaseOfInformation = releaseOfInformation
  if (delayReason !== undefined) event.delayReason = delayReason
}

function decodeRelatedCauses(um: SegmentReader): RelatedCauses | undefined {
  if (um.text(5) === undefined) return undefined
  const [first, second, third, state, country] = um.components(5)
  const codes = [first, second, third].filter((code) => code !== undefined)
  if (codes.length === 0 && state === undefined && country === undefined) return undefined
  if (codes.length === 0) um.fault(5, 'expected the code of a cause, found nothing', undefined, 1)
  return present<RelatedCauses>({ codes, state, country })
}

function decodePlace(um: SegmentReader): Place | undefined {
  const [code, qualifier] = um.components(4)
  if (code === undefined && qualifier === undefined) return undefined
  if (code === undefined) um.fault(4, 'expected the code of a place, found nothing', undefined, 1)
  const system = PLACE_SYSTEMS.word(qualifier ?? '')
  if (system === undefined) {
    um.fault(4, `expected A (type of bill) or B (place of service), found ${quote(qualifier)}`, undefined, 2)
  }
  if (code !== undefined && system === 'place-of-service' && !isPlaceOfService(code))
    um.note(4, `expected a place of service, found ${quote(code)}`, RULES.placeOfService, 'code')
  return code === undefined || system === undefined ? undefined : { code, system }
}

/** Writes the kind of review; nothing when there is nothing to say. */
export function encodeReviewKind(
  kind: { [K in keyof ReviewKind]: ReviewKind[K] | undefined },
  { relatedCauses, urgency, ...more }: Circumstances = {},
): readonly Row[] {
  const { category, purpose, serviceType, place } = kind
  const um = at('UM', {
    1: category && CATEGORIES.code(category),
    2: purpose && PURPOSES.code(purpose),
    3: serviceType,
    4: place && [place.code, PLACE_SYSTEMS.code(place.system)],
    5: relatedCauses && encodeRelatedCauses(relatedCauses),
    6: urgency && URGENCIES.code(urgency),
    7: more.currentCondition,
    8: more.prognosis,
    9: more.releaseOfInformation,
    10: more.delayReason,
  })
  return um.slice(1).every((cell) => cell === undefined) ? [] : [um]
}

function encodeRelatedCauses({ codes, state, country }: RelatedCauses): Cell {
  const [first, second, third] = codes
  return [first, second, third, state, country]
}
