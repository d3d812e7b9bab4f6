import type { Code, Place, Purpose, ReviewCategory, Urgency } from '../../../core/request.ts'
import { present } from '../absent.ts'
import { codeTable } from '../code-table.ts'
import { CATEGORIES, PURPOSES, URGENCIES } from '../codes.ts'
import { quote } from '../findings.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** What kind of review is asked for, of what, where and how soon. */
export interface ReviewKind {
  readonly category?: ReviewCategory
  readonly purpose?: Purpose
  readonly serviceType?: Code
  readonly place?: Place
  readonly urgency?: Urgency
}

/** UM04-2: which list the place's code is of. */
const PLACE_SYSTEMS = codeTable<Place['system']>({ 'type-of-bill': 'A', 'place-of-service': 'B' })

/** @see 005010X217 loops 2000E and 2000F UM; UM05 and UM07 to UM10 are not read yet */
export function decodeReviewKind(um: SegmentReader | undefined): ReviewKind {
  if (um === undefined) return {}
  return present<ReviewKind>({
    category: um.requiredWord(1, CATEGORIES),
    purpose: um.word(2, PURPOSES),
    serviceType: um.text(3),
    place: decodePlace(um),
    urgency: um.word(6, URGENCIES),
  })
}

function decodePlace(um: SegmentReader): Place | undefined {
  const [code, qualifier] = um.components(4)
  if (code === undefined && qualifier === undefined) return undefined
  if (code === undefined) um.fault(4, 'expected the code of a place, found nothing', undefined, 1)
  const system = PLACE_SYSTEMS.word(qualifier ?? '')
  if (system === undefined) {
    um.fault(4, `expected A (type of bill) or B (place of service), found ${quote(qualifier)}`, undefined, 2)
  }
  return code === undefined || system === undefined ? undefined : { code, system }
}

/** Writes the kind of review; nothing when there is nothing to say. */
export function encodeReviewKind(
  kind: { [K in keyof ReviewKind]: ReviewKind[K] | undefined },
): readonly Row[] {
  const { category, purpose, serviceType, place, urgency } = kind
  if ([category, purpose, serviceType, place, urgency].every((part) => part === undefined)) return []
  return [
    [
      'UM',
      category && CATEGORIES.code(category),
      purpose && PURPOSES.code(purpose),
      serviceType,
      place && [place.code, PLACE_SYSTEMS.code(place.system)],
      undefined,
      urgency && URGENCIES.code(urgency),
    ],
  ]
}
