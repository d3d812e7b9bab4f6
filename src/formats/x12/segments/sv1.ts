import type { ServiceLine } from '../../../core/request.ts'
import { YES_OR_NO } from '../codes/index.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'
import { decodeProcedure, decodeQuantity, encodeProcedure } from './procedure.ts'

/** What a service line asks for: the part of it that SV1, SV2 or SV3 spells. */
export type Service = Pick<
  ServiceLine,
  | 'kind'
  | 'procedure'
  | 'revenueCode'
  | 'quantity'
  | 'amount'
  | 'rate'
  | 'diagnosisPointers'
  | 'screening'
  | 'nursingHomeLevel'
  | 'nursingHomeStatus'
  | 'oralCavities'
  | 'prosthesis'
  | 'dentalDescription'
>

/** The components of a composite that is a list; undefined when there are none. */
export function listOf(sv: SegmentReader, element: number): readonly string[] | undefined {
  if (sv.text(element) === undefined) return undefined
  const parts = sv.components(element).filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts
}

/** Puts in a professional service. */
export function putProfessional(service: Growing<Service>, sv1: SegmentReader): void {
  const procedure = decodeProcedure(sv1, 1)
  if (procedure === undefined) sv1.fault(1, 'expected a procedure, as HC:99213; found none')
  const amount = sv1.decimal(2)
  const quantity = decodeQuantity(sv1, 3)
  const diagnosisPointers = listOf(sv1, 7)
  const screening = sv1.word(11, YES_OR_NO)
  const nursingHomeLevel = sv1.text(20)
  service.kind = 'professional'
  if (procedure !== undefined) service.procedure = procedure
  if (amount !== undefined) service.amount = amount
  if (quantity !== undefined) service.quantity = quantity
  if (diagnosisPointers !== undefined) service.diagnosisPointers = diagnosisPointers
  if (screening !== undefined) service.screening = screening
  if (nursingHomeLevel !== undefined) service.nursingHomeLevel = nursingHomeLevel
}

export function encodeProfessional(service: Service): Row {
  const { procedure, amount, quantity, diagnosisPointers, screening, nursingHomeLevel } = service
  return at('SV1', {
    1: encodeProcedure(procedure),
    2: amount,
    3: quantity?.unit,
    4: quantity?.value,
    7: diagnosisPointers,
    11: screening && YES_OR_NO.code(screening),
    20: nursingHomeLevel,
  })
}
