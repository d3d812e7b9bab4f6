import type { SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

export function decodeMessage(msg: SegmentReader | undefined): string | undefined {
  return msg?.required(1, 'words')
}

export function encodeMessage(message: string | undefined): readonly Row[] {
  return message === undefined ? [] : [['MSG', message]]
}
