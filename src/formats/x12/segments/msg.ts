import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

export function decodeMessage(msg: SegmentReader | undefined): string | undefined {
  return msg?.required(1, 'words')
}

/** Writes words for people: what was given of them, one after the other. */
export function encodeMessage(...texts: readonly (string | undefined)[]): readonly Row[] {
  const words = texts.filter((text) => text !== undefined)
  return words.length === 0 ? [] : [['MSG', words.join(' ')]]
}
