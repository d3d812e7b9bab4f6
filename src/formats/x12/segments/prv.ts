import type { Code } from '../../../core/request.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** What part a provider plays (PRV01) and its taxonomy code (PRV03). */
export interface Part {
  readonly role?: Code
  readonly taxonomy?: Code
}

export function decodePart(prv: SegmentReader | undefined): Part {
  const part: Growing<Part> = {}
  if (prv === undefined) return part
  prv.constant(2, 'PXC')
  const [role, taxonomy] = [prv.text(1), prv.text(3)]
  if (role !== undefined) part.role = role
  if (taxonomy !== undefined) part.taxonomy = taxonomy
  return part
}

export function encodePart({ role, taxonomy }: { [K in keyof Part]: Part[K] | undefined }): readonly Row[] {
  if (role === undefined && taxonomy === undefined) return []
  return [['PRV', role, taxonomy && 'PXC', taxonomy]]
}
