import type { Diagnosis } from '../../../core/request.ts'
import { list } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { quote, trimmed } from '../reading/index.ts'
import type { Cell, Row } from '../text/index.ts'
import { wireDate } from './dtp.ts'

const MOST = 12

/** HI01-1 to HI12-1: the part a diagnosis plays, and which code list it is of. */
const QUALIFIERS: Readonly<Record<string, Pick<Diagnosis, 'role' | 'system'>>> = {
  ABK: { role: 'principal', system: 'icd-10' },
  ABJ: { role: 'admitting', system: 'icd-10' },
  APR: { role: 'reason-for-visit', system: 'icd-10' },
  ABF: { role: 'other', system: 'icd-10' },
  BK: { role: 'principal', system: 'icd-9' },
  BJ: { role: 'admitting', system: 'icd-9' },
  PR: { role: 'reason-for-visit', system: 'icd-9' },
  BF: { role: 'other', system: 'icd-9' },
  DR: { role: 'other', system: 'drg' },
  LOI: { role: 'other', system: 'loinc' },
}

/** Reads the diagnoses, in the order sent. */
export function decodeDiagnoses(hi: SegmentReader | undefined): readonly Diagnosis[] {
  if (hi === undefined) return []
  if (hi.text(1) === undefined) hi.fault(1, 'expected a diagnosis, found nothing')
  const all: Diagnosis[] = []
  for (let element = 1; element <= MOST; element++) {
    const diagnosis = decodeDiagnosis(hi, element)
    if (diagnosis !== undefined) all.push(diagnosis)
  }
  return trimmed(all)
}

function decodeDiagnosis(hi: SegmentReader, element: number): Diagnosis | undefined {
  const parts = hi.components(element)
  const [qualifier, code, format, day] = [parts[0], parts[1], parts[2], parts[3]]
  if (qualifier === undefined && code === undefined) return undefined
  const kind = QUALIFIERS[qualifier ?? '']
  if (kind === undefined) {
    hi.fault(element, `expected ${list(Object.keys(QUALIFIERS))}, found ${quote(qualifier)}`, undefined, 1)
  }
  if (code === undefined) hi.fault(element, 'expected the code of a diagnosis, found nothing', undefined, 2)
  if (format !== undefined && format !== 'D8')
    hi.fault(element, `expected D8, found ${quote(format)}`, undefined, 3)
  const date = day === undefined ? undefined : hi.readDate(day, element, 4)
  if (kind === undefined || code === undefined) return undefined
  const { role, system } = kind
  return date === undefined ? { role, system, code } : { role, system, code, date }
}

export function encodeDiagnoses(diagnoses: readonly Diagnosis[]): readonly Row[] {
  if (diagnoses.length === 0) return []
  return [['HI', ...diagnoses.map(encodeDiagnosis)]]
}

function encodeDiagnosis({ role, system, code, date }: Diagnosis): Cell {
  const qualifier =
    Object.entries(QUALIFIERS).find(([, kind]) => kind.role === role && kind.system === system)?.[0] ??
    // A group or a finding has one qualifier, whatever part it plays.
    Object.entries(QUALIFIERS).find(([, kind]) => kind.system === system)?.[0]
  return [qualifier, code, date && 'D8', date && wireDate(date)]
}
