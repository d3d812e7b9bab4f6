import type { SpinalManipulation } from '../../../core/request.ts'
import { YES_OR_NO } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { presentIfAny } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'

/** Reads a series of chiropractic treatments; the period of CR205 to CR207 has no place in the model and is noted. */
export function decodeSpinalManipulation(cr2: SegmentReader | undefined): SpinalManipulation | undefined {
  if (cr2 === undefined) return undefined
  return presentIfAny<SpinalManipulation>({
    seriesNumber: cr2.decimal(1),
    treatmentCount: cr2.decimal(2),
    levelFrom: cr2.text(3),
    levelUntil: cr2.text(4),
    condition: cr2.text(8),
    complicated: cr2.word(9, YES_OR_NO),
    description: cr2.text(10),
    furtherDescription: cr2.text(11),
    xrayAvailable: cr2.word(12, YES_OR_NO),
  })
}

export function encodeSpinalManipulation(manipulation: SpinalManipulation | undefined): readonly Row[] {
  if (manipulation === undefined) return []
  const { complicated, xrayAvailable, ...said } = manipulation
  return [
    at('CR2', {
      1: said.seriesNumber,
      2: said.treatmentCount,
      3: said.levelFrom,
      4: said.levelUntil,
      8: said.condition,
      9: complicated && YES_OR_NO.code(complicated),
      10: said.description,
      11: said.furtherDescription,
      12: xrayAvailable && YES_OR_NO.code(xrayAvailable),
    }),
  ]
}
