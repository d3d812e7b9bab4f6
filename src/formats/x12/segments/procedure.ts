import type { Procedure, Quantity } from '../../../core/request.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import type { Cell } from '../text/index.ts'

/**
 * Reads the composite that names a procedure: list, code, four modifiers, description, and the last code of a range.
 *
 * @see 005010X217 loop 2000F SV101, SV202 and SV301
 */
export function decodeProcedure(sv: SegmentReader, element: number): Procedure | undefined {
  const parts = sv.components(element)
  const [system, code] = [parts[0], parts[1]]
  if (system === undefined && code === undefined) return undefined
  if (system === undefined)
    sv.fault(element, 'expected the list that the code is of, found nothing', undefined, 1)
  if (code === undefined) sv.fault(element, 'expected the code of a procedure, found nothing', undefined, 2)
  if (system === undefined || code === undefined) return undefined
  const modifiers = parts.slice(2, 6).filter((modifier) => modifier !== undefined)
  const [description, until] = [parts[6], parts[7]]
  const procedure: Growing<Procedure> = { system, code, modifiers }
  if (description !== undefined) procedure.description = description
  if (until !== undefined) procedure.until = until
  return procedure
}

export function encodeProcedure(procedure: Procedure | undefined): Cell {
  if (procedure === undefined) return undefined
  const { system, code, modifiers, description, until } = procedure
  const [first, second, third, fourth] = modifiers
  return [system, code, first, second, third, fourth, description, until]
}

/** Reads a unit and the number of them, which stand together. */
export function decodeQuantity(sv: SegmentReader, unitElement: number): Quantity | undefined {
  const unit = sv.text(unitElement)
  const value = sv.decimal(unitElement + 1)
  const isSent = sv.text(unitElement + 1) !== undefined
  if (unit !== undefined && !isSent) sv.fault(unitElement + 1, 'expected how many, found nothing')
  if (unit === undefined && isSent)
    sv.fault(unitElement, 'expected the unit of the number after it, found nothing')
  return unit === undefined || value === undefined ? undefined : { unit, value }
}
