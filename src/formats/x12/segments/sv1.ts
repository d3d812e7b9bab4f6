import type { ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import { YES_OR_NO } from '../codes.ts'
import type { SegmentReader } from '../reader.ts'
import { at, type Row } from '../segment.ts'
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
  const parts = sv.components(element).filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts
}

/** Reads a professional service. */
export function decodeProfessional(sv1: SegmentReader): Service {
  const procedure = decodeProcedure(sv1, 1)
  if (procedure === undefined) sv1.fault(1, 'expected a procedure, as HC:99213; found none')
  return present<Service>({
    kind: 'professional',
    procedure,
    amount: sv1.decimal(2),
    quantity: decodeQuantity(sv1, 3),
    diagnosisPointers: listOf(sv1, 7),
    screening: sv1.word(11, YES_OR_NO),
    nursingHomeLevel: sv1.text(20),
  })
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
