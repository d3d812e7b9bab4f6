import type { Tooth } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Reads the teeth of a dental service; undefined when none is named. */
export function decodeTeeth(toos: readonly SegmentReader[]): readonly Tooth[] | undefined {
  if (toos.length === 0) return undefined
  return toos.map((too) => {
    too.constant(1, 'JP')
    const surfaces = too.components(3).filter((surface) => surface !== undefined)
    return { code: too.required(2, 'the number of a tooth'), surfaces }
  })
}

export function encodeTeeth(teeth: readonly Tooth[] | undefined): readonly Row[] {
  return (teeth ?? []).map(({ code, surfaces }) => [
    'TOO',
    'JP',
    code,
    surfaces.length === 0 ? undefined : surfaces,
  ])
}
