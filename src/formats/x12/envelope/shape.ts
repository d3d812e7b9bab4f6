import { type Findings, quote, RULES } from '../reading/index.ts'
import type { Budget } from '../text/index.ts'
import { DAMAGED, isSegmentId, type Segment } from '../text/index.ts'

/** Reports what is wrong with a segment whatever it is for: its length, its id, characters that no value holds. */
export function checkShape(
  segment: Segment,
  { segmentLength }: Pick<Budget, 'segmentLength'>,
  findings: Findings,
): void {
  if (segment.length > segmentLength) {
    findings.fault(
      { segment },
      `the segment is ${segment.length} characters long; at most ${segmentLength} are read`,
      undefined,
      'budget',
    )
  }
  if (!isSegmentId(segment.id)) {
    findings.fault(
      { segment: { ...segment, id: '' } },
      `expected a segment id such as NM1, found ${quote(segment.id)}`,
      undefined,
      'segment-id',
    )
  }
  if (segment.isSuspect) reportDamage(segment, findings)
  if (findings.isStrict && segment.elements.length > 1 && segment.elements.at(-1) === '') {
    findings.note({ segment }, 'expected no separators after the last value', RULES.trailing, 'pattern')
  }
}

function reportDamage(segment: Segment, findings: Findings): void {
  segment.elements.forEach((value, element) => {
    const damage = DAMAGED.exec(value)
    if (damage === null) return
    const place = { segment, element }
    findings.fault(place, describeDamage(damage[0]), remedyForDamage(damage[0]), 'characters')
  })
}

function describeDamage(character: string): string {
  const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return character === '\ufffd'
    ? `${point} stands where bytes could not be read as UTF-8`
    : `found the control character ${point} inside a value`
}

function remedyForDamage(character: string): string {
  return character === '\ufffd'
    ? 'Send the text as UTF-8.'
    : 'Line breaks may stand after a segment terminator and nowhere else; values hold printable characters.'
}
