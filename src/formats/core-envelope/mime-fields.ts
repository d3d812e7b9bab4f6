import type { Fault } from '../../kernel/result.ts'
import { textOf } from './bytes.ts'
import type { Found, FoundField } from './fields.ts'
import { readDisposition, readMediaType } from './media-type.ts'
import { readMultipart } from './mime/read-multipart.ts'
import type { FieldName, Message } from './model.ts'

export type FormReading =
  | { readonly ok: true; readonly found: Found; readonly notes: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Parts that senders put their credentials in. They are not read: the access token says who calls. */
const CREDENTIALS = ['UserName', 'Password']

/**
 * The fields of an envelope in the parts of a form.
 *
 * @see CAQH CORE 270 section 4.2.2, RFC 7578
 */
export function readForm({ contentType, body }: Message): FormReading {
  const type = readMediaType(contentType)
  if (type?.type !== 'multipart/form-data')
    return {
      ok: false,
      faults: [{ at: 'Content-Type', message: 'expected multipart/form-data with a boundary' }],
    }
  const read = readMultipart(body, type)
  if (!read.ok) return { ok: false, faults: [{ at: read.at, message: read.message }] }
  const notes: Fault[] = read.isBareLineFed
    ? [{ at: '', message: 'lines that end in a line feed alone; RFC 2046 has CR and LF' }]
    : []
  const fields: FoundField[] = []
  for (const [index, { headers, bytes }] of read.parts.entries()) {
    const disposition = readDisposition(headers.get('content-disposition') ?? '')
    const name = disposition?.type === 'form-data' ? disposition.parameters.get('name') : undefined
    const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary'
    if (name === undefined || !['binary', '8bit', '7bit'].includes(encoding))
      return {
        ok: false,
        faults: [
          {
            at: `part ${index + 1}`,
            message: 'expected Content-Disposition: form-data with a name, and no transfer encoding',
          },
        ],
      }
    const at = `part ${name}`
    if (CREDENTIALS.includes(name))
      notes.push({
        at,
        message: 'a credential in the form; it is not read: the access token alone says who calls',
      })
    else fields.push({ name, at, text: textOf(bytes), ...(name === 'Payload' && { bytes }) })
  }
  return { ok: true, found: { place: (name: FieldName) => `part ${name}`, fields }, notes }
}
