import type { PartyName, PrimaryIdentifier } from '../../../core/request.ts'
import { isNpi } from '../../../kernel/npi.ts'
import { IDENTIFIERS } from '../codes/index.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { quote, RULES } from '../reading/index.ts'
import type { Row } from '../text/index.ts'
import { isDigits } from '../text/index.ts'

/** Who somebody is: NM102 to NM109. */
export interface Naming {
  readonly name?: PartyName
  readonly identifier?: PrimaryIdentifier
}

/** Who somebody is when there is no NM1, which was fault enough. */
export const NAMELESS: Naming = {}

/**
 * Reads a name and the first number of a party.
 *
 * @see 005010X217 NM1 of loops 2010A to 2010F
 */
export function decodeNm1(nm1: SegmentReader): Naming {
  const name = decodeName(nm1)
  const identifier = decodeIdentifier(nm1)
  if (name === undefined) return identifier === undefined ? {} : { identifier }
  return identifier === undefined ? { name } : { name, identifier }
}

function decodeName(nm1: SegmentReader): PartyName | undefined {
  const kind = nm1.text(2)
  const last = nm1.text(3)
  if (kind === '2') return last === undefined ? undefined : { kind: 'organization', name: last }
  if (kind !== '1') nm1.fault(2, `expected 1 (a person) or 2 (an organization), found ${quote(kind)}`)
  const [first, middle, prefix, suffix] = [nm1.text(4), nm1.text(5), nm1.text(6), nm1.text(7)]
  if (last === undefined) {
    if ((first ?? middle ?? prefix ?? suffix) !== undefined)
      nm1.fault(3, 'expected a last name beside the other names, found nothing')
    return undefined
  }
  const name: Growing<PartyName & { kind: 'person' }> = { kind: 'person', last }
  if (first !== undefined) name.first = first
  if (middle !== undefined) name.middle = middle
  if (prefix !== undefined) name.prefix = prefix
  if (suffix !== undefined) name.suffix = suffix
  return name
}

function decodeIdentifier(nm1: SegmentReader): PrimaryIdentifier | undefined {
  const system = nm1.word(8, IDENTIFIERS)
  const value = nm1.text(9)
  if (value === undefined && system === undefined) return undefined
  if (value === undefined) nm1.fault(9, 'expected the number that NM1-08 announces, found nothing')
  if (nm1.text(8) === undefined) nm1.fault(8, `expected ${IDENTIFIERS.listed} beside a number, found nothing`)
  if (system === undefined || value === undefined) return undefined
  if (system === 'npi') checkNpi(nm1, value)
  return { system, value }
}

/** The published samples carry an NPI whose check digit is wrong, so that is only noted. */
function checkNpi(nm1: SegmentReader, npi: string): void {
  if (npi.length !== 10 || !isDigits(npi)) nm1.fault(9, `expected an NPI, ten digits; found ${quote(npi)}`)
  else if (!isNpi(npi)) nm1.note(9, `the check digit of the NPI ${npi} is wrong`, RULES.npi, 'value')
}

/**
 * Writes a name and the first number of a party.
 *
 * @param role    NM101
 * @param unnamed NM102 when there is no name: whether the party is a person
 */
export function encodeNm1(role: string, { name, identifier }: Naming, unnamed: '1' | '2' = '2'): Row {
  const number = identifier === undefined ? [] : [IDENTIFIERS.code(identifier.system), identifier.value]
  if (name?.kind !== 'person') {
    return [
      'NM1',
      role,
      name === undefined ? unnamed : '2',
      name?.name,
      undefined,
      undefined,
      undefined,
      undefined,
      ...number,
    ]
  }
  return ['NM1', role, '1', name.last, name.first, name.middle, name.prefix, name.suffix, ...number]
}
