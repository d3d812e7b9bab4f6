/** Interchanges of 275 transactions, with binary objects. People and companies in them are invented. */

export interface ObjectParts {
  readonly data: Uint8Array
  /** BDS01; `B64` encodes the data. Null writes a BIN. */
  readonly filter?: string | null
  /** BDS02 in place of the true one. */
  readonly length?: string
  /** Segments between LX and the object, in place of `TRN*1*` and the control number. */
  readonly below?: readonly string[]
  readonly controlNumber?: string
}

export interface AttachmentParts {
  readonly objects?: readonly ObjectParts[]
  readonly guide?: string
  readonly version?: string
  readonly payerId?: string
  readonly memberId?: string
  /** Segments before the first LX, such as `REF*NT*…`. */
  readonly head?: readonly string[]
  readonly usage?: 'T' | 'P'
  readonly groupKind?: string
  readonly asksForAcknowledgement?: boolean
  readonly terminator?: string
  /** Trailers in place of the true ones. */
  readonly se?: string
  readonly iea?: string
}

export const PDF = new Uint8Array(
  Buffer.from('%PDF-1.7\n~*:^ISA*IEA~SE*1*0001~\r\n\u0000 notes of an invented visit\n', 'latin1'),
)

export function anAttachmentInterchange(parts: AttachmentParts = {}): Buffer {
  const { objects = [{ data: PDF }], guide = '006020X316', version = '00602', head = [], usage = 'T' } = parts
  const { payerId = 'QFHP1', memberId = 'QF10001', terminator = '~', groupKind = 'PI' } = parts
  const segments: Buffer[] = []
  const add = (...texts: readonly (string | Uint8Array)[]) =>
    segments.push(Buffer.concat([...texts, terminator].map((text) => Buffer.from(text as string))))
  const asks = parts.asksForAcknowledgement ? '1' : '0'
  add(
    `ISA*00*${' '.repeat(10)}*00*${' '.repeat(10)}*ZZ*LARKSPUR       *ZZ*${payerId.padEnd(15)}*270105*1200*^*${version}*000000275*${asks}*${usage}*:`,
  )
  add(`GS*${groupKind}*LARKSPUR*${payerId}*20270105*1200*275*X*${guide}`)
  const from = segments.length
  add(`ST*275*0001*${guide}`)
  add('BGN*02*ATTACHMENT1*20270105')
  add('NM1*ACV*2*LARKSPUR ORTHOPEDICS*****XX*1234567893')
  add(`NM1*40*2*QUILLFEATHER HEALTH PLAN*****PI*${payerId}`)
  add(`NM1*IL*1*CALLOWAY*WREN****MI*${memberId}`)
  for (const text of head) add(text)
  objects.forEach((object, i) => {
    add(`LX*${i + 1}`)
    for (const text of object.below ?? [`TRN*1*${object.controlNumber ?? 'DMN0012'}`]) add(text)
    add('CAT*AE*TX')
    add('OOI*1*47*ATTACHMENT')
    const { filter = 'B64' } = object
    const data = filter === 'B64' ? Buffer.from(Buffer.from(object.data).toString('base64')) : object.data
    const length = object.length ?? String(data.length)
    add(filter === null ? `BIN*${length}*` : `BDS*${filter}*${length}*`, data)
  })
  add(parts.se ?? `SE*${segments.length - from + 1}*0001`)
  add('GE*1*275')
  add(parts.iea ?? 'IEA*1*000000275')
  return Buffer.concat(segments)
}
