import type { Found, FoundField } from './fields.ts'
import type { FieldName } from './model.ts'
import { XOP } from './names.ts'
import type { OpenedSoap } from './open-soap.ts'
import type { XmlElement } from './xml/read-xml.ts'

/** The fields of an envelope in a SOAP body: its children, of the envelope's namespace or of none, as senders write either. */
export function soapFields({ element, attachments }: OpenedSoap): Found {
  const base = `/Envelope/Body/${element.name}`
  return {
    place: (name: FieldName) => `${base}/${name}`,
    fields: element.children.map((child) => field(child, element.namespace, base, attachments)),
  }
}

function field(
  child: XmlElement,
  namespace: string,
  base: string,
  attachments: OpenedSoap['attachments'],
): FoundField {
  const at = `${base}/${child.name}`
  const isKnown = child.namespace === '' || child.namespace === namespace
  // A name that no field has, so that it is told of as one that nobody knows.
  if (!isKnown) return { name: `${child.name} of another namespace`, at, text: child.text }
  const [included] = child.children
  if (!included) return { name: child.name, at, text: child.text }
  const bytes =
    child.name === 'Payload' && child.children.length === 1 ? beside(included, attachments) : undefined
  return bytes
    ? { name: child.name, at, text: undefined, bytes }
    : { name: `${child.name} with elements`, at, text: '' }
}

/** @see XML-binary Optimized Packaging section 2.1, RFC 2392 */
function beside(include: XmlElement, attachments: OpenedSoap['attachments']): Uint8Array | undefined {
  if (include.namespace !== XOP || include.name !== 'Include') return undefined
  const href =
    include.attributes.find(({ namespace, name }) => namespace === '' && name === 'href')?.value ?? ''
  const id = /^cid:(.+)$/.exec(href)?.[1]
  return id === undefined ? undefined : attachments.get(unescaped(id))
}

function unescaped(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
