import type { Address } from '../../../core/request.ts'
import { isState } from '../codes/index.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { quote, RULES } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Reads an address; undefined when neither segment says anything. A second line without a first is the first. */
export function decodeAddress(
  n3: SegmentReader | undefined,
  n4: SegmentReader | undefined,
): Address | undefined {
  if (n3 === undefined && n4 === undefined) return undefined
  const [first, second] = [n3?.text(1), n3?.text(2)]
  if (n3 !== undefined && first === undefined && second !== undefined)
    n3.note(2, 'is read as the first line of the address, which is absent')
  else n3?.required(1, 'the first line of the address')
  const [state, country] = [n4?.text(2), n4?.text(4)]
  if (state !== undefined && (country === undefined || country === 'US') && !isState(state))
    n4?.note(2, `expected a state, found ${quote(state)}`, RULES.state, 'code')
  const [city, postalCode, countrySubdivision] = [n4?.text(1), n4?.text(3), n4?.text(7)]
  const line1 = first ?? second
  if ((line1 ?? city ?? state ?? postalCode ?? country ?? countrySubdivision) === undefined) return undefined
  const address: Growing<Address> = {}
  if (line1 !== undefined) address.line1 = line1
  if (first !== undefined && second !== undefined) address.line2 = second
  if (city !== undefined) address.city = city
  if (state !== undefined) address.state = state
  if (postalCode !== undefined) address.postalCode = postalCode
  if (country !== undefined) address.country = country
  if (countrySubdivision !== undefined) address.countrySubdivision = countrySubdivision
  return address
}

export function encodeAddress(address: Address | undefined): readonly Row[] {
  if (address === undefined) return []
  const { city, state, postalCode, country, countrySubdivision } = address
  const lines = [address.line1, address.line2].filter((line) => line !== undefined)
  const place = [city, state, postalCode, country, undefined, undefined, countrySubdivision]
  return [
    ...(lines.length === 0 ? [] : [['N3', ...lines] as const]),
    ...(place.every((part) => part === undefined) ? [] : [['N4', ...place] as const]),
  ]
}
