import type { CertificationCondition } from '../../../core/request.ts'
import { CONDITIONS } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

const CODES = [3, 4, 5, 6, 7]

/** Reads the facts that certain services are certified by, in the order sent. */
export function decodeConditions(crcs: readonly SegmentReader[]): readonly CertificationCondition[] {
  if (crcs.length === 0) return []
  return crcs.flatMap((crc) => {
    const category = crc.requiredWord(1, CONDITIONS)
    const answer = crc.text(2)
    if (answer !== 'Y' && answer !== 'N') crc.fault(2, `expected Y or N, found ${quote(answer)}`)
    const codes = CODES.map((element) => crc.text(element)).filter((code) => code !== undefined)
    if (codes.length === 0) crc.note(3, 'expected at least one code; found nothing')
    return category === undefined ? [] : [{ category, applies: answer === 'Y', codes }]
  })
}

export function encodeConditions(conditions: readonly CertificationCondition[]): readonly Row[] {
  return conditions.map(({ category, applies, codes }) => [
    'CRC',
    CONDITIONS.code(category),
    applies ? 'Y' : 'N',
    ...codes,
  ])
}
