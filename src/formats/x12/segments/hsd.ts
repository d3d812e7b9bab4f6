import type { Quantity } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** HSD01 has words of its own for the units of SV1; others travel as they are. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['DA', 'DY'],
  ['UN', 'FL'],
  ['HR', 'HS'],
  ['MO', 'MN'],
])
const BACK: ReadonlyMap<string, string> = new Map([...UNITS].map(([unit, word]) => [word, unit]))

/** Reads how much was certified. How often and when (HSD03 to HSD08) is not read yet. */
export function decodeCertifiedQuantity(hsd: SegmentReader | undefined): Quantity | undefined {
  if (hsd === undefined) return undefined
  const word = hsd.text(1)
  const value = hsd.decimal(2)
  if (word === undefined || value === undefined) return undefined
  return present<Quantity>({ unit: BACK.get(word) ?? word, value })
}

/** Writes how much was certified; the service segment before it repeats what was asked for. */
export function encodeCertifiedQuantity(quantity: Quantity | undefined): readonly Row[] {
  return quantity === undefined ? [] : [['HSD', UNITS.get(quantity.unit) ?? quantity.unit, quantity.value]]
}
