import type { Found } from './fields.ts'
import { sortFields } from './fields.ts'
import { readMediaType } from './media-type.ts'
import { readForm } from './mime-fields.ts'
import type { FieldName, Message } from './model.ts'
import { SOAP } from './names.ts'
import { openSoap } from './open-soap.ts'
import { readPayload } from './read-payload.ts'
import { soapFields } from './soap-fields.ts'
import type { XmlElement } from './xml/read-xml.ts'

/** What came back. An answer is read less strictly than a request: who answers is not ours to correct. */
export type DecodedCoreResponse =
  | {
      readonly ok: true
      readonly interchange: string
      readonly payloadType: string
      readonly payloadId: string
    }
  | {
      readonly ok: false
      /** The code of the envelope, `soap:Sender` and its like of a SOAP fault, or `Unreadable`. */
      readonly error: string
      readonly message: string
      readonly payloadId?: string
    }

/** Reads an answer, in SOAP or in a form. Never throws. */
export function decodeCoreResponse(message: Message): DecodedCoreResponse {
  const type = readMediaType(message.contentType)?.type
  if (type === 'multipart/form-data') {
    const form = readForm(message)
    return form.ok ? conclude(form.found) : unreadable(form.faults)
  }
  const opened = openSoap(message)
  if (!opened.ok) return unreadable(opened.refusal.faults)
  const { element } = opened.value
  if (element.namespace === SOAP && element.name === 'Fault') return soapFault(element)
  if (/^COREEnvelope\w+Response$/.test(element.name)) return conclude(soapFields(opened.value))
  return unreadable([{ at: `/Envelope/Body/${element.name}`, message: 'expected the answer of an envelope' }])
}

function conclude(found: Found): DecodedCoreResponse {
  const { byName } = sortFields(found)
  const text = (name: FieldName) => byName.get(name)?.text?.trim() ?? ''
  const payloadId = text('PayloadID')
  const code = text('ErrorCode')
  if (code !== '' && code !== 'Success')
    return { ok: false, error: code, message: text('ErrorMessage'), payloadId }
  // Its checksum is for whoever checks it: an interchange counts itself.
  const { payload, faults } = readPayload(
    found,
    new Map([...byName].filter(([name]) => name === 'Payload')),
    undefined,
    () => '',
  )
  const [fault] = faults
  if (payload === undefined || fault)
    return { ok: false, error: fault?.code ?? 'PayloadRequired', message: fault?.message ?? '', payloadId }
  return { ok: true, interchange: payload, payloadType: text('PayloadType'), payloadId }
}

function unreadable(
  faults: readonly { readonly at: string; readonly message: string }[],
): DecodedCoreResponse {
  const message = faults.map((fault) => (fault.at === '' ? fault.message : `${fault.at}: ${fault.message}`))
  return { ok: false, error: 'Unreadable', message: message.join('; ') }
}

function soapFault(fault: XmlElement): DecodedCoreResponse {
  const at = (element: XmlElement | undefined, name: string) =>
    element?.children.find((child) => child.namespace === SOAP && child.name === name)
  const code = at(at(fault, 'Code'), 'Value')?.text.trim() ?? ''
  const message = at(at(fault, 'Reason'), 'Text')?.text.trim() ?? ''
  return { ok: false, error: `soap:${code.slice(code.indexOf(':') + 1)}`, message }
}
