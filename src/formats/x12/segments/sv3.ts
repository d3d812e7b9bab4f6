import type { Quantity } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import { at, type Row } from '../segment.ts'
import { decodeProcedure, encodeProcedure } from './procedure.ts'
import { listOf, type Service } from './sv1.ts'

/** Reads a dental service. SV306 counts without naming a unit, so these are units. */
export function decodeDental(sv3: SegmentReader): Service {
  const procedure = decodeProcedure(sv3, 1)
  if (procedure === undefined) sv3.fault(1, 'expected a procedure, as AD:D2750; found none')
  return present<Service>({
    kind: 'dental',
    procedure,
    amount: sv3.decimal(2),
    oralCavities: listOf(sv3, 4),
    prosthesis: sv3.text(5),
    quantity: units(sv3.decimal(6)),
    dentalDescription: sv3.text(7),
  })
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
