import type { FacilityAdmission } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import { presentIfAny } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Reads an admission to an institution. */
export function decodeFacilityAdmission(cl1: SegmentReader | undefined): FacilityAdmission | undefined {
  if (cl1 === undefined) return undefined
  return presentIfAny<FacilityAdmission>({
    type: cl1.text(1),
    source: cl1.text(2),
    patientStatus: cl1.text(3),
    nursingHomeStatus: cl1.text(4),
  })
}

export function encodeFacilityAdmission(admission: FacilityAdmission | undefined): readonly Row[] {
  if (admission === undefined) return []
  const { type, source, patientStatus, nursingHomeStatus } = admission
  return [['CL1', type, source, patientStatus, nursingHomeStatus]]
}
