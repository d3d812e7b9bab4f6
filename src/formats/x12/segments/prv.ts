import type { Code } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** What part a provider plays (PRV01) and its taxonomy code (PRV03). */
export interface Part {
  readonly role?: Code
  readonly taxonomy?: Code
}

export function decodePart(prv: SegmentReader | undefined): Part {
  if (prv === undefined) return {}
  prv.constant(2, 'PXC')
  return present<Part>({ role: prv.text(1), taxonomy: prv.text(3) })
}

export function encodePart({ role, taxonomy }: { [K in keyof Part]: Part[K] | undefined }): readonly Row[] {
  if (role === undefined && taxonomy === undefined) return []
  return [['PRV', role, taxonomy && 'PXC', taxonomy]]
}
