import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

export function decodeMessage(msg: SegmentReader | undefined): string | undefined {
  return msg?.required(1, 'words')
}

export function encodeMessage(message: string | undefined): readonly Row[] {
  return message === undefined ? [] : [['MSG', message]]
}
