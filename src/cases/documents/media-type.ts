/** What a document may be, told by its bytes: what it is called, or is said to be, proves nothing. */

export type MediaType = 'application/pdf' | 'application/xml' | 'image/png' | 'image/jpeg' | 'image/tiff'

/** By media type, what it is in words and the endings that its file may have; the first is the one that we give. */
export const MEDIA_TYPES: Readonly<
  Record<MediaType, { readonly what: string; readonly endings: readonly string[] }>
> = {
  'application/pdf': { what: 'a PDF', endings: ['pdf'] },
  'application/xml': { what: 'a clinical document (HL7 CDA)', endings: ['xml', 'cda', 'ccda'] },
  'image/png': { what: 'a PNG image', endings: ['png'] },
  'image/jpeg': { what: 'a JPEG image', endings: ['jpg', 'jpeg'] },
  'image/tiff': { what: 'a TIFF image', endings: ['tif', 'tiff'] },
}

const SIGNATURES: readonly (readonly [MediaType, readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['image/tiff', [0x4d, 0x4d, 0x00, 0x2a]],
]

/**
 * What the bytes are. A signature counts at the very beginning alone, so that nothing else can stand before it.
 *
 * @returns undefined for whatever is none of the types that are taken
 * @see ISO 32000-2 section 7.5.2; PNG section 5.2; ITU T.81 annex B; TIFF 6.0 section 2; HL7 CDA R2
 */
export function mediaTypeOf(content: Uint8Array): MediaType | undefined {
  const found = SIGNATURES.find(([, signature]) => signature.every((byte, i) => content[i] === byte))
  if (found) return found[0]
  return isClinicalDocument(content) ? 'application/xml' : undefined
}

/** The root of a document comes after no more than a declaration and a few comments. */
const PROLOG_BYTES = 16 * 1024
const CDA_NAMESPACE = 'urn:hl7-org:v3'

/**
 * Whether the root is a `ClinicalDocument` of HL7 version 3, in UTF-8. One with a document type is none: what entities
 * can do is nothing that a clinical document needs.
 */
function isClinicalDocument(content: Uint8Array): boolean {
  const tag = rootTag(content.subarray(0, PROLOG_BYTES))
  const name = /^<(?:([\w.-]{1,50}):)?ClinicalDocument(?=[\s/>])/.exec(tag ?? '')
  if (!tag || !name) return false
  const attribute = name[1] === undefined ? 'xmlns' : `xmlns:${name[1]}`
  return [`${attribute}="${CDA_NAMESPACE}"`, `${attribute}='${CDA_NAMESPACE}'`].some(
    (said) => tag.includes(` ${said}`) || tag.includes(`\n${said}`) || tag.includes(`\t${said}`),
  )
}

/** The start tag of the root element, when nothing but declaration, comments and instructions stands before it. */
function rootTag(head: Uint8Array): string | undefined {
  const text = textOf(head)
  if (text === undefined) return undefined
  let at = 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined
    if (end === undefined) break
    const close = text.indexOf(end, at + 2)
    if (close < 0) return undefined
    at = close + end.length
  }
  const close = text.indexOf('>', at)
  return close < 0 ? undefined : text.slice(at, close + 1)
}

/** UTF-8, with or without a mark at its beginning; the last character may be cut. */
function textOf(head: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return undefined
  }
}
