import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import { at, type Row } from '../segment.ts'
import { decodeProcedure, decodeQuantity, encodeProcedure } from './procedure.ts'
import type { Service } from './sv1.ts'

/** Reads an institutional service: a revenue code, a procedure, or both. */
export function decodeInstitutional(sv2: SegmentReader): Service {
  const revenueCode = sv2.text(1)
  const procedure = decodeProcedure(sv2, 2)
  if (revenueCode === undefined && procedure === undefined) {
    sv2.fault(1, 'expected a revenue code, or a procedure in SV2-02; found neither')
  }
  return present<Service>({
    kind: 'institutional',
    revenueCode,
    procedure,
    amount: sv2.decimal(3),
    quantity: decodeQuantity(sv2, 4),
    rate: sv2.decimal(6),
    nursingHomeStatus: sv2.text(9),
    nursingHomeLevel: sv2.text(10),
  })
}

export function encodeInstitutional(service: Service): Row {
  const { revenueCode, procedure, amount, quantity, rate, nursingHomeStatus, nursingHomeLevel } = service
  return at('SV2', {
    1: revenueCode,
    2: encodeProcedure(procedure),
    3: amount,
    4: quantity?.unit,
    5: quantity?.value,
    6: rate,
    9: nursingHomeStatus,
    10: nursingHomeLevel,
  })
}
