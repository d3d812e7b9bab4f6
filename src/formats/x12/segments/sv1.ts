import type { ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'
import { decodeProcedure, decodeQuantity, encodeProcedure } from './procedure.ts'

/** What a service line asks for: the part of it that SV1, SV2 or SV3 spells. */
export type Service = Pick<ServiceLine, 'kind' | 'procedure' | 'revenueCode' | 'quantity' | 'amount'>

/** Reads a professional service. */
export function decodeProfessional(sv1: SegmentReader): Service {
  const procedure = decodeProcedure(sv1, 1)
  if (procedure === undefined) sv1.fault(1, 'expected a procedure, as HC:99213; found none')
  return present<Service>({
    kind: 'professional',
    procedure,
    amount: sv1.decimal(2),
    quantity: decodeQuantity(sv1, 3),
  })
}

export function encodeProfessional({ procedure, amount, quantity }: Service): Row {
  return ['SV1', encodeProcedure(procedure), amount, quantity?.unit, quantity?.value]
}
