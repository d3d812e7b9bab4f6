import type { Fault } from '../../kernel/result.ts'
import { textOf } from './bytes.ts'
import { type MediaType, readMediaType } from './media-type.ts'
import { type Part, readMultipart } from './mime/read-multipart.ts'
import type { Message, SoapFaultCode } from './model.ts'
import { SOAP, SOAP_1_1, WS_SECURITY } from './names.ts'
import { readXml, type XmlElement } from './xml/read-xml.ts'

/** Why a message is none that can be answered in its own words. */
export interface SoapRefusal {
  readonly code: SoapFaultCode
  readonly faults: readonly Fault[]
  /** With `MustUnderstand`: the header blocks that are not understood. */
  readonly notUnderstood?: readonly { readonly namespace: string; readonly name: string }[]
}

export interface OpenedSoap {
  /** The one element of the body. */
  readonly element: XmlElement
  /** What stands beside the envelope, by its Content-ID. */
  readonly attachments: ReadonlyMap<string, Uint8Array>
  readonly isMtom: boolean
  readonly notes: readonly Fault[]
}

export type SoapOpening =
  | { readonly ok: true; readonly value: OpenedSoap }
  | { readonly ok: false; readonly refusal: SoapRefusal }

/**
 * Opens a SOAP 1.2 message, alone or as an MTOM package, down to the one element of its body.
 *
 * A `wsse:Security` header is understood to be a credential, and is not read as one: it is passed over with a note. Any other
 * header that must be understood is not.
 *
 * @see SOAP 1.2 Part 1 sections 2.6 and 5, XML-binary Optimized Packaging section 4
 */
export function openSoap({ contentType, body }: Message): SoapOpening {
  const type = readMediaType(contentType)
  if (!type) return refused('Content-Type', 'malformed')
  if (!type.type.startsWith('multipart/')) return open(body, new Map(), false)
  return openPackage(body, type)
}

/** @see SOAP Message Transmission Optimization Mechanism section 3.2 */
function openPackage(body: Uint8Array, type: MediaType): SoapOpening {
  const read = readMultipart(body, type)
  if (!read.ok) return refused(read.at, read.message)
  const start = type.parameters.get('start')
  const root = start === undefined ? read.parts[0] : read.parts.find((part) => idOf(part) === bare(start))
  if (!root) return refused('Content-Type', 'no part has the Content-ID that start names')
  const attachments = new Map<string, Uint8Array>()
  for (const part of read.parts) {
    const id = idOf(part)
    if (part === root || id === undefined) continue
    if (attachments.has(id)) return refused('Content-ID', 'two parts have the same')
    const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary'
    if (!['binary', '8bit', '7bit'].includes(encoding))
      return refused('Content-Transfer-Encoding', 'expected binary')
    attachments.set(id, part.bytes)
  }
  return open(root.bytes, attachments, true)
}

function idOf({ headers }: Part): string | undefined {
  const id = headers.get('content-id')
  return id === undefined ? undefined : bare(id)
}

const bare = (id: string) => id.trim().replace(/^<(.*)>$/, '$1')

function open(bytes: Uint8Array, attachments: OpenedSoap['attachments'], isMtom: boolean): SoapOpening {
  const text = textOf(bytes)
  if (text === undefined) return refused('', 'the message is no UTF-8')
  const read = readXml(text)
  if (!read.ok) return refused(read.at, read.message)
  const { root } = read
  if (root.name !== 'Envelope' || root.namespace !== SOAP)
    return root.name === 'Envelope' && (root.namespace === SOAP_1_1 || root.namespace !== '')
      ? refused('/Envelope', `expected the namespace of SOAP 1.2, ${SOAP}`, 'VersionMismatch')
      : refused(`/${root.name}`, `expected Envelope of ${SOAP}`)
  const [first, second] = root.children
  const header = isSoap(first, 'Header') ? first : undefined
  const soapBody = header ? second : first
  if (!isSoap(soapBody, 'Body') || root.children.length > (header ? 2 : 1))
    return refused('/Envelope', 'expected an optional Header, then a Body, and nothing else')
  const blocks = header?.children ?? []
  const notUnderstood = blocks.filter((block) => mustBeUnderstood(block) && !isSecurity(block))
  if (notUnderstood.length > 0)
    return {
      ok: false,
      refusal: {
        code: 'MustUnderstand',
        notUnderstood,
        faults: notUnderstood.map(({ name }) => ({
          at: `/Envelope/Header/${name}`,
          message: 'a header that must be understood, and is not',
        })),
      },
    }
  const [element] = soapBody.children
  if (!element || soapBody.children.length > 1) return refused('/Envelope/Body', 'expected one element')
  const notes = blocks.some(isSecurity) ? [CREDENTIAL] : []
  return { ok: true, value: { element, attachments, isMtom, notes } }
}

const CREDENTIAL: Fault = {
  at: '/Envelope/Header/Security',
  message: 'a credential in the SOAP header; it is not read: the access token alone says who calls',
}

function isSoap(element: XmlElement | undefined, name: string): element is XmlElement {
  return element?.namespace === SOAP && element.name === name
}

const isSecurity = ({ namespace, name }: XmlElement) => namespace === WS_SECURITY && name === 'Security'

/** A header for another node on the way is not ours to understand. @see SOAP 1.2 Part 1 section 2.4 */
function mustBeUnderstood({ attributes }: XmlElement): boolean {
  const of = (name: string) =>
    attributes.find((one) => one.namespace === SOAP && one.name === name)?.value.trim()
  const role = of('role') ?? ''
  const isOurs = role === '' || role === `${SOAP}/role/next` || role === `${SOAP}/role/ultimateReceiver`
  return isOurs && ['true', '1'].includes(of('mustUnderstand') ?? '')
}

function refused(at: string, message: string, code: SoapFaultCode = 'Sender'): SoapOpening {
  return { ok: false, refusal: { code, faults: [{ at, message }] } }
}
