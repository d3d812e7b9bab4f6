import type { Code } from '../../../core/request.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** Reads how a dependent is related to the subscriber (INS02). INS01 says no more than the loop says already. */
export function decodeRelationship(ins: SegmentReader | undefined): Code | undefined {
  ins?.text(1)
  return ins?.text(2)
}

export function encodeRelationship(relationship: Code | undefined): readonly Row[] {
  return relationship === undefined ? [] : [['INS', 'N', relationship]]
}

/** Reads over the INS of a subscriber who is the patient, which says what the loop says: insured, and self. */
export function readSelf(ins: SegmentReader | undefined): void {
  ins?.constant(1, 'Y')
  ins?.constant(2, '18')
}
