import type { Quantity } from '../../../core/request.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'
import { decodeProcedure, encodeProcedure } from './procedure.ts'
import { listOf, type Service } from './sv1.ts'

/** Puts in a dental service. SV306 counts without naming a unit, so these are units. */
export function putDental(service: Growing<Service>, sv3: SegmentReader): void {
  const procedure = decodeProcedure(sv3, 1)
  if (procedure === undefined) sv3.fault(1, 'expected a procedure, as AD:D2750; found none')
  const amount = sv3.decimal(2)
  const oralCavities = listOf(sv3, 4)
  const prosthesis = sv3.text(5)
  const quantity = units(sv3.decimal(6))
  const dentalDescription = sv3.text(7)
  service.kind = 'dental'
  if (procedure !== undefined) service.procedure = procedure
  if (amount !== undefined) service.amount = amount
  if (oralCavities !== undefined) service.oralCavities = oralCavities
  if (prosthesis !== undefined) service.prosthesis = prosthesis
  if (quantity !== undefined) service.quantity = quantity
  if (dentalDescription !== undefined) service.dentalDescription = dentalDescription
}

function units(value: string | undefined): Quantity | undefined {
  return value === undefined ? undefined : { unit: 'UN', value }
}

export function encodeDental(service: Service): Row {
  const { procedure, amount, oralCavities, prosthesis, quantity, dentalDescription } = service
  return at('SV3', {
    1: encodeProcedure(procedure),
    2: amount,
    4: oralCavities,
    5: prosthesis,
    6: quantity?.value,
    7: dentalDescription,
  })
}
