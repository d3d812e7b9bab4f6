/** What certain kinds of care are certified by: institutions, chiropractic treatment, oxygen and care at home. */
import type {
  Code,
  Delivery,
  FacilityAdmission,
  HomeHealth,
  HomeOxygen,
  SpinalManipulation,
  YesOrNo,
} from '../../core/request.ts'
import { assemblePeriod } from './assemble-period.ts'
import { type Draft, given, givenAny } from './draft.ts'
import type { Findings } from './findings.ts'

export function assembleFacilityAdmission(draft: Draft): FacilityAdmission | undefined {
  return givenAny({
    type: draft.text('type'),
    source: draft.text('source'),
    patientStatus: draft.text('patientStatus'),
    nursingHomeStatus: draft.text('nursingHomeStatus'),
  })
}

export function assembleSpinalManipulation(draft: Draft): SpinalManipulation | undefined {
  return givenAny({
    seriesNumber: draft.text('seriesNumber'),
    treatmentCount: draft.text('treatmentCount'),
    levelFrom: draft.text('levelFrom'),
    levelUntil: draft.text('levelUntil'),
    condition: draft.text('condition'),
    complicated: draft.word<YesOrNo>('complicated'),
    description: draft.text('description'),
    furtherDescription: draft.text('furtherDescription'),
    xrayAvailable: draft.word<YesOrNo>('xrayAvailable'),
  })
}

export function assembleHomeOxygen(draft: Draft): HomeOxygen | undefined {
  if (draft.isEmpty) return undefined
  return {
    ...given({
      equipment: draft.text('equipment'),
      secondEquipment: draft.text('secondEquipment'),
      systemType: draft.text('systemType'),
      equipmentReason: draft.text('equipmentReason'),
      flowRate: draft.text('flowRate'),
      dailyUses: draft.text('dailyUses'),
      hoursPerUse: draft.text('hoursPerUse'),
      therapistOrder: draft.text('therapistOrder'),
      arterialBloodGas: draft.text('arterialBloodGas'),
      saturation: draft.text('saturation'),
      testCondition: draft.text('testCondition'),
      portableFlowRate: draft.text('portableFlowRate'),
      deliverySystem: draft.text('deliverySystem'),
    }),
    testFindings: codesOf(draft, 'testFindings') ?? [],
  }
}

export function assembleHomeHealth(draft: Draft, findings: Findings): HomeHealth | undefined {
  return givenAny({
    prognosis: draft.text('prognosis'),
    startDate: draft.date('startDate'),
    certificationPeriod: assemblePeriod(draft, 'certificationPeriod', findings),
    medicareCoverage: draft.word<YesOrNo>('medicareCoverage'),
    certificationType: draft.text('certificationType'),
    surgeryDate: draft.date('surgeryDate'),
    surgicalProcedureSystem: draft.text('surgicalProcedureSystem'),
    surgicalProcedure: draft.text('surgicalProcedure'),
    orderDate: draft.date('orderDate'),
    lastVisitDate: draft.date('lastVisitDate'),
    physicianContactDate: draft.date('physicianContactDate'),
    lastAdmission: assemblePeriod(draft, 'lastAdmission', findings),
    patientLocation: draft.text('patientLocation'),
  })
}

/** @param prefix where its fields stand in the draft: `delivery.`, or nothing */
export function assembleDelivery(draft: Draft, prefix: string): Delivery | undefined {
  return givenAny({
    countUnit: draft.text(`${prefix}countUnit`),
    count: draft.text(`${prefix}count`),
    unit: draft.text(`${prefix}unit`),
    modulus: draft.text(`${prefix}modulus`),
    periodUnit: draft.text(`${prefix}periodUnit`),
    periodCount: draft.text(`${prefix}periodCount`),
    frequency: draft.text(`${prefix}frequency`),
    time: draft.text(`${prefix}time`),
  })
}

/** What numbered fields hold, gaps closed; undefined when they hold nothing. */
export function codesOf(draft: Draft, path: string): readonly Code[] | undefined {
  const codes = draft.below(path).map(([, code]) => code)
  return codes.length === 0 ? undefined : codes
}
