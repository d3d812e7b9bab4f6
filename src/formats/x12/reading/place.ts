import type { Segment } from '../text/index.ts'
import { utf8Length } from '../text/index.ts'

/** A place in an interchange. `element` and `component` count from 1. */
export interface Place {
  readonly segment: Segment
  /** Empty in the envelope, which has no loops. */
  readonly loop?: string
  readonly element?: number
  readonly component?: number
  /** The component as received; absent when it is empty, or when the place is no component. */
  readonly part?: string
  /** The id of the segment that is missing here. */
  readonly missing?: string
}

/**
 * Spells a place as somebody looks it up: `2010C/NM1-09, segment 12, byte 431`; a component follows its element,
 * `2000E/UM-04-2, segment 15, byte 502`.
 *
 * Segments count from the ISA, which is 1; bytes count from the start of the text, which is 0, and point at the
 * element.
 */
export function spellPlace(place: Place): string {
  const { segment, loop = '', element, component } = place
  const name = [segment.id, ...[element, component].filter((n) => n !== undefined).map(twoDigits)].join('-')
  const where = [loop, name].filter((part) => part !== '').join('/')
  return [where, `segment ${segment.number}`, `byte ${byteOf(place)}`]
    .filter((part) => part !== '')
    .join(', ')
}

function twoDigits(n: number, index: number): string {
  return index === 0 ? String(n).padStart(2, '0') : String(n)
}

function byteOf({ segment, element = 0 }: Place): number {
  const before = segment.elements.slice(0, element)
  return before.reduce((bytes, text) => bytes + utf8Length(text) + 1, segment.byte)
}
