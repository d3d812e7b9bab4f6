import { bytesOf, fromBase64, textOf } from './bytes.ts'
import type { Found, FoundField } from './fields.ts'
import type { CoreFault, FieldName, ProcessingMode, Sha1 } from './model.ts'

export interface PayloadRead {
  readonly payload?: string
  readonly isBase64: boolean
  readonly faults: readonly CoreFault[]
}

/** How an interchange begins in base64: "ISA", with a byte order mark before it or without. */
const AS_BASE64 = /^[\t\n\r ]*(?:SVNB|77u\/SVNB)/

/**
 * Reads the payload, and holds it against the length and the checksum that the envelope says: both must be there for a batch, and
 * must be right wherever they are there. Length and checksum are of the payload's bytes as they were before any base64.
 *
 * @see CAQH CORE 270 section 4.4.2, PayloadLength and CheckSum
 */
export function readPayload(
  found: Pick<Found, 'place'>,
  byName: ReadonlyMap<FieldName, FoundField>,
  mode: ProcessingMode | undefined,
  sha1: Sha1,
): PayloadRead {
  const field = byName.get('Payload')
  const isBase64 = field?.bytes === undefined && AS_BASE64.test(field?.text ?? '')
  const at = field?.at ?? found.place('Payload')
  const fail = (fault: CoreFault): PayloadRead => ({ isBase64, faults: [fault] })
  if (!field || (field.bytes ? field.bytes.length === 0 : field.text?.trim() === ''))
    return fail({
      at,
      code: 'PayloadRequired',
      message: 'Payload is missing: expected one interchange, ISA to IEA',
    })
  const bytes = bytesIn(field, isBase64)
  if (!bytes) return fail({ at, code: 'PayloadIllegal', message: 'it begins like base64, and is none' })
  const payload = textOf(bytes)
  if (payload === undefined)
    return fail({
      at,
      code: 'PayloadIllegal',
      message: 'expected text in UTF-8',
      remedy: 'Send the interchange in UTF-8.',
    })
  return { payload, isBase64, faults: measured(found, byName, mode, bytes, sha1) }
}

function bytesIn(field: FoundField, isBase64: boolean): Uint8Array | undefined {
  if (field.bytes) return field.bytes
  return isBase64 ? fromBase64(field.text ?? '') : bytesOf(field.text ?? '')
}

function measured(
  found: Pick<Found, 'place'>,
  byName: ReadonlyMap<FieldName, FoundField>,
  mode: ProcessingMode | undefined,
  bytes: Uint8Array,
  sha1: Sha1,
): readonly CoreFault[] {
  const faults: CoreFault[] = []
  const say = (name: 'PayloadLength' | 'CheckSum', check: (text: string, at: string) => void) => {
    const text = byName.get(name)?.text?.trim() ?? ''
    const at = byName.get(name)?.at ?? found.place(name)
    if (text !== '') check(text, at)
    else if (mode === 'Batch')
      faults.push({ at, code: `${name}Required`, message: `${name} is missing: a batch has it` })
  }
  say('PayloadLength', (text, at) => {
    if (!/^\d{1,15}$/.test(text) || Number(text) !== bytes.length)
      faults.push({
        at,
        code: 'PayloadLengthIllegal',
        message: `expected ${bytes.length}, the bytes of the payload; found "${text.slice(0, 30)}"`,
      })
  })
  say('CheckSum', (text, at) => {
    if (!/^[0-9a-f]{40}$/i.test(text))
      faults.push({
        at,
        code: 'CheckSumIllegal',
        message: 'expected SHA-1 of the payload, 40 hexadecimal digits',
      })
    else if (text.toLowerCase() !== sha1(bytes))
      faults.push({
        at,
        code: 'ChecksumMismatched',
        message: 'the payload that arrived has another SHA-1 than the envelope says',
        remedy: 'Send it again; it was changed on its way, or its checksum was made of something else.',
      })
  })
  return faults
}
