/** Code lists that are published without a licence, and how to know a code of them. Codes alone: no descriptions. */

/** @see CMS, Place of Service Code Set, https://www.cms.gov/medicare/coding-billing/place-of-service-codes/code-sets */
const PLACES_OF_SERVICE: ReadonlySet<string> = new Set(
  [
    range(1, 27),
    range(31, 34),
    range(41, 42),
    range(49, 58),
    range(60, 62),
    range(65, 66),
    range(71, 72),
    [99],
  ]
    .flat()
    .concat(81)
    .map((code) => String(code).padStart(2, '0')),
)

/** @see USPS, Publication 28, appendix B: states, possessions and military addresses */
const STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AS AZ AR CA CO CT DE DC FM FL GA GU HI ID IL IN IA KS KY LA ME MH MD MA MI MN MS MO MT NE NV NH NJ NM NY ' +
    'NC ND MP OH OK OR PW PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY AA AE AP'
  ).split(' '),
)

export function isPlaceOfService(code: string): boolean {
  return PLACES_OF_SERVICE.has(code)
}

/** Whether these are the two letters of a state, as they stand in an address of the United States. */
export function isState(code: string): boolean {
  return STATES.has(code)
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
