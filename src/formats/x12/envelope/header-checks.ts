import { type Findings, quote, RULES } from '../reading/index.ts'
import type { Segment } from '../text/index.ts'
import { type Delimiters, type HeaderMarks, ISA_WIDTHS, mayDelimit } from '../text/index.ts'

/** Reports elements of another width, and marks that cannot delimit. */
export function checkHeader(
  isa: Segment,
  delimiters: Delimiters | undefined,
  marks: HeaderMarks,
  findings: Findings,
): void {
  for (let element = 1; element <= ISA_WIDTHS.length; element++) {
    const width = ISA_WIDTHS[element - 1]
    const found = isa.elements[element] ?? ''
    if (found.length === width) continue
    findings.fault(
      { segment: isa, element },
      `expected ${width} characters, found ${found.length}: ${quote(found)}`,
      'Pad the elements of the ISA with spaces to their fixed widths.',
      'length',
    )
  }
  if (delimiters === undefined) reportMarks(isa, marks, findings)
  else checkRepetition(isa, delimiters, findings)
}

function reportMarks(isa: Segment, { element, component, segment }: HeaderMarks, findings: Findings): void {
  findings.fault(
    { segment: isa },
    `the ISA names ${quote(element)} as element separator, ${quote(component)} as component separator (ISA-16) and ` +
      `${quote(segment)} as segment terminator; expected three different marks that are not letters, digits or spaces`,
    undefined,
    'pattern',
  )
}

function checkRepetition(isa: Segment, delimiters: Delimiters, findings: Findings): void {
  const { repetition, element, component, segment } = delimiters
  const isTaken = repetition === element || repetition === component || repetition === segment
  if (mayDelimit(repetition) && !isTaken) return
  findings.note(
    { segment: isa, element: 11 },
    `${quote(repetition)} cannot separate repetitions; none are read`,
    RULES.repetition,
    'pattern',
  )
}
