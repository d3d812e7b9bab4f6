/**
 * The segment ids of the guides and of the envelope, as packed numbers. A known id is the same string each time, which
 * compares and is looked up faster than one newly cut out of a text.
 */
const KNOWN: ReadonlyMap<number, string> = new Map(
  [
    ...[
      'ISA',
      'GS',
      'ST',
      'SE',
      'GE',
      'IEA',
      'TA1',
      'BHT',
      'HL',
      'NM1',
      'REF',
      'N3',
      'N4',
      'PER',
      'PRV',
      'DMG',
    ],
    ...[
      'INS',
      'DTP',
      'UM',
      'HI',
      'HSD',
      'CRC',
      'CL1',
      'CR1',
      'CR2',
      'CR5',
      'CR6',
      'PWK',
      'MSG',
      'TRN',
      'HCR',
    ],
    ...['AAA', 'SV1', 'SV2', 'SV3', 'TOO', 'AK1', 'AK2', 'IK3', 'CTX', 'IK4', 'IK5', 'AK9'],
  ].map((id) => [packed(id, 0, id.length), id]),
)

/** The id that stands between two places of a text, whatever it is. */
export function segmentIdAt(text: string, from: number, to: number): string {
  const length = to - from
  const known = length === 2 || length === 3 ? KNOWN.get(packed(text, from, to)) : undefined
  return known ?? text.slice(from, to)
}

function packed(text: string, from: number, to: number): number {
  const third = to - from === 3 ? text.charCodeAt(from + 2) : 0
  return (third * 0x1_0000 + text.charCodeAt(from + 1)) * 0x1_0000 + text.charCodeAt(from)
}
