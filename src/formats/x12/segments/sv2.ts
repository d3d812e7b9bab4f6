import type { Growing, SegmentReader } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'
import { decodeProcedure, decodeQuantity, encodeProcedure } from './procedure.ts'
import type { Service } from './sv1.ts'

/** Puts in an institutional service: a revenue code, a procedure, or both. */
export function putInstitutional(service: Growing<Service>, sv2: SegmentReader): void {
  const revenueCode = sv2.text(1)
  const procedure = decodeProcedure(sv2, 2)
  if (revenueCode === undefined && procedure === undefined) {
    sv2.fault(1, 'expected a revenue code, or a procedure in SV2-02; found neither')
  }
  const amount = sv2.decimal(3)
  const quantity = decodeQuantity(sv2, 4)
  const rate = sv2.decimal(6)
  const [nursingHomeStatus, nursingHomeLevel] = [sv2.text(9), sv2.text(10)]
  service.kind = 'institutional'
  if (revenueCode !== undefined) service.revenueCode = revenueCode
  if (procedure !== undefined) service.procedure = procedure
  if (amount !== undefined) service.amount = amount
  if (quantity !== undefined) service.quantity = quantity
  if (rate !== undefined) service.rate = rate
  if (nursingHomeStatus !== undefined) service.nursingHomeStatus = nursingHomeStatus
  if (nursingHomeLevel !== undefined) service.nursingHomeLevel = nursingHomeLevel
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
