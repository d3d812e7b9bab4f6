import type { Dependent } from '../../../core/request.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { at, type Row } from '../text/index.ts'

/** What INS says of a dependent. INS01 says no more than the loop says already. */
export type Relation = Pick<Dependent, 'relationship' | 'birthSequence'>

/** Puts in how a dependent belongs to the subscriber. */
export function putRelation(dependent: Growing<Relation>, ins: SegmentReader | undefined): void {
  if (ins === undefined) return
  ins.constant(1, 'N')
  const [relationship, birthSequence] = [ins.text(2), ins.text(17)]
  if (relationship !== undefined) dependent.relationship = relationship
  if (birthSequence !== undefined) dependent.birthSequence = birthSequence
}

export function encodeRelation({ relationship, birthSequence }: Relation): readonly Row[] {
  if (relationship === undefined && birthSequence === undefined) return []
  return [at('INS', { 1: 'N', 2: relationship, 17: birthSequence })]
}

/**
 * Reads the INS of a subscriber: INS01 and INS02 say what the loop says, that this is the insured person.
 *
 * @returns how the subscriber is tied to the armed forces (INS08)
 */
export function decodeMilitary(ins: SegmentReader | undefined): string | undefined {
  ins?.constant(1, 'Y')
  ins?.constant(2, '18')
  return ins?.text(8)
}

export function encodeMilitary(relationship: string | undefined): readonly Row[] {
  if (relationship === undefined) return []
  return [at('INS', { 1: 'Y', 2: '18', 8: relationship })]
}
