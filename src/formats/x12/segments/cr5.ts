import type { HomeOxygen } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'

const FINDINGS = [13, 14, 15]

/** Reads oxygen at home; the certificate of CR501 and CR502 has no place in the model and is noted. */
export function decodeHomeOxygen(cr5: SegmentReader | undefined): HomeOxygen | undefined {
  if (cr5 === undefined) return undefined
  return present<HomeOxygen>({
    equipment: cr5.text(3),
    secondEquipment: cr5.text(4),
    equipmentReason: cr5.text(5),
    flowRate: cr5.text(6),
    dailyUses: cr5.decimal(7),
    hoursPerUse: cr5.decimal(8),
    therapistOrder: cr5.text(9),
    arterialBloodGas: cr5.decimal(10),
    saturation: cr5.decimal(11),
    testCondition: cr5.text(12),
    testFindings: FINDINGS.map((element) => cr5.text(element)).filter((code) => code !== undefined),
    portableFlowRate: cr5.text(16),
    deliverySystem: cr5.text(17),
    systemType: cr5.text(18),
  })
}

export function encodeHomeOxygen(oxygen: HomeOxygen | undefined): readonly Row[] {
  if (oxygen === undefined) return []
  const [first, second, third] = oxygen.testFindings
  return [
    at('CR5', {
      3: oxygen.equipment,
      4: oxygen.secondEquipment,
      5: oxygen.equipmentReason,
      6: oxygen.flowRate,
      7: oxygen.dailyUses,
      8: oxygen.hoursPerUse,
      9: oxygen.therapistOrder,
      10: oxygen.arterialBloodGas,
      11: oxygen.saturation,
      12: oxygen.testCondition,
      13: first,
      14: second,
      15: third,
      16: oxygen.portableFlowRate,
      17: oxygen.deliverySystem,
      18: oxygen.systemType,
    }),
  ]
}
