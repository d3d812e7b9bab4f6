import type { Quantity } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'
import { decodeProcedure, encodeProcedure } from './procedure.ts'
import type { Service } from './sv1.ts'

/** Reads a dental service. SV306 counts without naming a unit, so these are units. */
export function decodeDental(sv3: SegmentReader): Service {
  const procedure = decodeProcedure(sv3, 1)
  if (procedure === undefined) sv3.fault(1, 'expected a procedure, as AD:D2750; found none')
  return present<Service>({
    kind: 'dental',
    procedure,
    amount: sv3.decimal(2),
    quantity: units(sv3.decimal(6)),
  })
}

function units(value: string | undefined): Quantity | undefined {
  return value === undefined ? undefined : { unit: 'UN', value }
}

export function encodeDental({ procedure, amount, quantity }: Service): Row {
  return ['SV3', encodeProcedure(procedure), amount, undefined, undefined, undefined, quantity?.value]
}
