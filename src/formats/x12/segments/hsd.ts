import type { Delivery, DeliveryPattern, Quantity } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present, presentIfAny } from '../reading/index.ts'
import type { Cell, Row } from '../text/index.ts'

/** HSD01 has words of its own for the units of SV1; others travel as they are. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['DA', 'DY'],
  ['UN', 'FL'],
  ['HR', 'HS'],
  ['MO', 'MN'],
])
const BACK: ReadonlyMap<string, string> = new Map([...UNITS].map(([unit, word]) => [word, unit]))

/** Reads how much of a service is asked for, how often and when. */
export function decodeDelivery(hsd: SegmentReader | undefined): Delivery | undefined {
  if (hsd === undefined) return undefined
  return presentIfAny<Delivery>({
    countUnit: hsd.text(1),
    count: hsd.decimal(2),
    ...decodePattern(hsd),
  })
}

export function encodeDelivery(delivery: Delivery | undefined): readonly Row[] {
  return delivery === undefined
    ? []
    : [['HSD', delivery.countUnit, delivery.count, ...patternCells(delivery)]]
}

/** What an HSD of an answer says: how much is certified, and how often and when. */
export interface Certified {
  readonly certifiedQuantity?: Quantity
  readonly certifiedPattern?: DeliveryPattern
}

/** Reads what was certified. A count without its unit, or the other way round, says nothing. */
export function decodeCertified(hsd: SegmentReader | undefined): Certified {
  if (hsd === undefined) return {}
  const word = hsd.text(1)
  const value = hsd.decimal(2)
  const isCounted = word !== undefined && value !== undefined
  return present<Certified>({
    certifiedQuantity: isCounted ? { unit: BACK.get(word) ?? word, value } : undefined,
    certifiedPattern: decodePattern(hsd),
  })
}

/** Writes what was certified; the service segment before it repeats what was asked for. */
export function encodeCertified({ certifiedQuantity, certifiedPattern }: Certified): readonly Row[] {
  if (certifiedQuantity === undefined && certifiedPattern === undefined) return []
  const unit = certifiedQuantity && (UNITS.get(certifiedQuantity.unit) ?? certifiedQuantity.unit)
  return [['HSD', unit, certifiedQuantity?.value, ...patternCells(certifiedPattern ?? {})]]
}

function decodePattern(hsd: SegmentReader): DeliveryPattern | undefined {
  return presentIfAny<DeliveryPattern>({
    unit: hsd.text(3),
    modulus: hsd.decimal(4),
    periodUnit: hsd.text(5),
    periodCount: hsd.decimal(6),
    frequency: hsd.text(7),
    time: hsd.text(8),
  })
}

function patternCells(pattern: DeliveryPattern): readonly Cell[] {
  const { unit, modulus, periodUnit, periodCount, frequency, time } = pattern
  return [unit, modulus, periodUnit, periodCount, frequency, time]
}
