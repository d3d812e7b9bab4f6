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
