import type { FaultKind } from './faults.ts'

/**
 * The rules of syntax that tolerant reading lets pass with a note, and where each stands. X12.5 and X12.6 are the
 * standards of the envelope and of segments; "the guides" are 005010X217 and its siblings, whose appendix B and C
 * repeat them. Cited, not quoted.
 */
export const RULES = {
  noPassword: 'X12.5, ISA01 and ISA03: 00 says that ISA02 and ISA04 hold nothing',
  qualifier: 'the guides, appendix C, ISA05 and ISA07: the qualifiers of health care interchanges',
  interchangeDate: 'X12.5, ISA09: a date as YYMMDD',
  interchangeTime: 'X12.5, ISA10: a time as HHMM',
  repetition: 'X12.5, ISA11: a repetition separator, other than the other delimiters',
  acknowledgement: 'X12.5, ISA14: 0 or 1',
  groupDate: 'X12.5, GS04: a date as CCYYMMDD',
  groupTime: 'X12.5, GS05: a time as HHMM, or finer',
  agency: 'the guides, appendix C, GS07: X',
  guide: 'the guides, ST03: the guide of GS08',
  hierarchyNumber: 'the guides, HL01: numbers from 1, one more for each HL of the transaction',
  hierarchyParent: 'the guides, HL02: the number of the HL that this one stands under',
  hierarchyChildren: 'X12, element 736 (HL04): 1 when levels stand under this one, else 0',
  order: 'X12.6, sequence: segments stand in the order of their table',
  trailing: 'X12.6, suppression: separators after the last value of a segment are not sent',
  references: 'the guides, REF of a party: at most nine',
  reference: 'the guides, REF01: the qualifiers of this place',
  npi: '45 CFR 162.406(a): the tenth digit of an NPI is its check digit',
  placeOfService: 'CMS, Place of Service Code Set',
  state: 'USPS, Publication 28, appendix B',
} as const

/** Where the rules stand that a document breaks in either strictness, by the sort of fault. Strict reading cites them. */
export const RULES_BY_KIND: Readonly<Record<FaultKind, string | undefined>> = {
  'no-interchange': 'X12.5, interchanges: from ISA to IEA',
  'cut-off': 'X12.6, segments: each ends with the terminator of its ISA',
  stray: 'X12.5, nesting: segments stand between ST and SE, those in a group, that in an interchange',
  'trailer-missing': 'X12.5, pairs: ISA and IEA, GS and GE, ST and SE',
  'header-missing': 'X12.5, pairs: ISA and IEA, GS and GE, ST and SE',
  // The only limits are our own.
  budget: undefined,
  'segment-id': 'X12.6, segment ids: two or three capitals and digits, a capital first',
  'segment-unexpected': 'the guide, its table of segments: what may stand in this loop',
  'segment-missing': 'the guide, its table of segments: what has to stand in this loop',
  'segment-order': RULES.order,
  'segment-repeated': 'the guide, its table of segments: how often this one may stand',
  'loop-missing': 'the guide, its table of loops: what has to be there',
  'loop-repeated': 'the guide, its table of loops: how often this one may stand',
  'element-missing': 'the guide, the elements of this segment: this one is required',
  'element-dependent': 'the guide, the elements of this segment: this one is required beside another',
  'element-unused': 'the guide, the elements of this segment: this one is not used',
  value: 'the guide, the elements of this segment',
  code: 'the guide, the elements of this segment: the codes of this one',
  date: 'X12.6, dates: a day that exists, as CCYYMMDD',
  time: 'X12.6, times: HHMM, or finer',
  length: 'X12.6 and the element’s own definition: its length',
  characters: 'X12.6, character sets',
  pattern: 'the guide, the elements of this segment',
  count: 'X12.5 and X12.6, trailers: IEA01, GE01 and SE01 count what they close',
  'control-number': 'X12.5 and X12.6, trailers: IEA02, GE02 and SE02 repeat the number of what they close',
  content: undefined,
}
