import type { Instant } from '../../kernel/time.ts'
import { utcTime } from '../../kernel/time.ts'
import { base64Of, bytesOf } from './bytes.ts'
import { writeMultipart } from './mime/write-multipart.ts'
import type { CoreRequest, CoreResponse, EnvelopeKind, FieldName, Message, Metadata, Sha1 } from './model.ts'
import { ELEMENTS, NAMESPACES, SOAP, XOP } from './names.ts'
import { isXmlText } from './xml/read-xml.ts'
import { cdata, escapeXml } from './xml/write-xml.ts'

/** What is written, in the order of the schema; the payload apart. */
type Written = readonly (readonly [FieldName, string])[]

/** @param sha1 what a batch needs for its CheckSum */
export function encodeCoreRequest(request: CoreRequest, kind: EnvelopeKind, sha1: Sha1): Message {
  const { payload, ...metadata } = request
  const fields = [...fieldsOf(metadata, bytesOf(payload), sha1), PAYLOAD]
  return write(request, ELEMENTS[request.processingMode].request, fields, payload, kind)
}

/** An answer goes back in the kind of envelope that its request came in. */
export function encodeCoreResponse(response: CoreResponse, kind: EnvelopeKind, sha1: Sha1): Message {
  const { payload, errorCode, errorMessage, ...metadata } = response
  const fields: Written = [
    ...fieldsOf(metadata, payload === undefined ? undefined : bytesOf(payload), sha1),
    ...(payload === undefined ? [] : [PAYLOAD]),
    ['ErrorCode', errorCode],
    ['ErrorMessage', errorMessage],
  ]
  return write(response, ELEMENTS[response.processingMode].response, fields, payload, kind)
}

const PAYLOAD = ['Payload', ''] as const

function fieldsOf(metadata: Metadata, payload: Uint8Array | undefined, sha1: Sha1): Written {
  const isMeasured = metadata.processingMode === 'Batch' && payload !== undefined
  return [
    ['PayloadType', metadata.payloadType],
    ['ProcessingMode', metadata.processingMode],
    ['PayloadID', metadata.payloadId],
    ...(isMeasured ? [['PayloadLength', String(payload.length)] as const] : []),
    ['TimeStamp', moment(metadata.timeStamp)],
    ['SenderID', metadata.senderId],
    ['ReceiverID', metadata.receiverId],
    ['CORERuleVersion', metadata.ruleVersion],
    ...(isMeasured ? [['CheckSum', sha1(payload)] as const] : []),
  ]
}

function moment(at: Instant): string {
  const { date, secondOfDay } = utcTime(at)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${date}T${two(secondOfDay / 3600)}:${two((secondOfDay / 60) % 60)}:${two(secondOfDay % 60)}Z`
}

function write(
  metadata: Metadata,
  element: string,
  fields: Written,
  payload: string | undefined,
  kind: EnvelopeKind,
): Message {
  if (kind === 'mime') return writeForm(metadata, fields, payload)
  const { action } = ELEMENTS[metadata.processingMode]
  const inside = (content: string) => {
    const children = fields.map(
      ([name, value]) => `<${name}>${name === 'Payload' ? content : escapeXml(value)}</${name}>`,
    )
    const namespace = NAMESPACES[metadata.ruleVersion]
    return envelope(`<cor:${element} xmlns:cor="${namespace}">${children.join('')}</cor:${element}>`)
  }
  if (kind === 'soap-mtom' && payload !== undefined) return writePackage(metadata, action, inside, payload)
  const text = payload ?? ''
  // Base64, where text would come back as another.
  const isBare = kind === 'soap' && isXmlText(text)
  return {
    contentType: `application/soap+xml; charset=utf-8; action="${action}"`,
    body: bytesOf(inside(isBare ? cdata(text) : base64Of(bytesOf(text)))),
  }
}

/** A SOAP 1.2 message around what stands in its body. */
export function envelope(body: string, header = ''): string {
  const head = header === '' ? '' : `<soap:Header>${header}</soap:Header>`
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${SOAP}">${head}<soap:Body>${body}</soap:Body></soap:Envelope>`
}

/** @see SOAP Message Transmission Optimization Mechanism section 3.2, XML-binary Optimized Packaging section 4 */
function writePackage(
  { payloadId }: Metadata,
  action: string,
  inside: (content: string) => string,
  payload: string,
): Message {
  const id = `payload-${payloadId}@core`
  const root = `envelope-${payloadId}@core`
  const { boundary, body } = writeMultipart(
    [
      {
        headers: [
          'Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"',
          'Content-Transfer-Encoding: 8bit',
          `Content-ID: <${root}>`,
        ],
        bytes: bytesOf(inside(`<xop:Include xmlns:xop="${XOP}" href="cid:${id}"/>`)),
      },
      {
        headers: [
          'Content-Type: application/octet-stream',
          'Content-Transfer-Encoding: binary',
          `Content-ID: <${id}>`,
        ],
        bytes: bytesOf(payload),
      },
    ],
    `core-${payloadId}`,
  )
  return {
    contentType: `multipart/related; type="application/xop+xml"; start="<${root}>"; start-info="application/soap+xml"; action="${action}"; boundary="${boundary}"`,
    body,
  }
}

/** @see RFC 7578 section 4 */
function writeForm({ payloadId }: Metadata, fields: Written, payload: string | undefined): Message {
  const parts = fields.map(([name, value]) => ({
    headers: [`Content-Disposition: form-data; name="${name}"`],
    bytes: bytesOf(name === 'Payload' ? (payload ?? '') : value.replaceAll(/[\r\n]+/g, ' ')),
  }))
  const { boundary, body } = writeMultipart(parts, `core-${payloadId}`)
  return { contentType: `multipart/form-data; boundary="${boundary}"`, body }
}
