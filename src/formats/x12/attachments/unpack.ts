/**
 * Takes an object out of how it is packed: a filter (BDS01), and the MIME entity that companion guides put around it. What it
 * is then, its bytes say.
 */
export type Unpacked = { readonly content: Uint8Array } | { readonly fault: string; readonly remedy?: string }

const FILTERS = ['ASC', 'B64'] as const
/** Header fields of an entity come before anything else, and are short. */
const LONGEST_HEAD = 4096
const latin1 = new TextDecoder('latin1')
const FIELD = /^(?:mime-version|content-[a-z-]+):/i

/**
 * @param filter  BDS01; undefined for a BIN, which has none
 * @param most    bytes of the object
 */
export function unpack(data: Uint8Array, filter: string | undefined, most: number): Unpacked {
  if (filter !== undefined && !FILTERS.some((known) => known === filter))
    return { fault: `expected one of ${FILTERS.join(', ')}`, remedy: 'Send the object as Base64 (B64).' }
  // Guides show both: an entity around the encoded object, and an encoded entity.
  const outside = entityIn(data)
  if (outside) return opened(outside, filter === 'B64', most)
  const plain = filter === 'B64' ? decoded(data) : data
  if (!plain) return NO_BASE64
  const inside = entityIn(plain)
  return inside ? opened(inside, false, most) : bounded(plain, most)
}

interface Entity {
  readonly type: string
  readonly encoding: string | undefined
  readonly body: Uint8Array
}

/** @returns undefined when the data does not begin with the header of a MIME entity. @see RFC 2045 section 3 */
function entityIn(data: Uint8Array): Entity | undefined {
  const head = latin1.decode(data.subarray(0, LONGEST_HEAD))
  if (!FIELD.test(head)) return undefined
  const end = /\r?\n\r?\n/.exec(head)
  if (!end) return undefined
  const fields = head
    .slice(0, end.index)
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const value = (name: string) =>
    fields
      .find((field) => field.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
      .toLowerCase()
  return {
    type: value('content-type') ?? 'text/plain',
    encoding: value('content-transfer-encoding'),
    body: data.subarray(end.index + end[0].length),
  }
}

const NO_BASE64: Unpacked = {
  fault: 'is not Base64',
  remedy: 'Encode the object as RFC 4648 section 4 says; line breaks are passed over.',
}

/** @param isEncoded what holds where the entity does not say how it is encoded */
function opened({ type, encoding, body }: Entity, isEncoded: boolean, most: number): Unpacked {
  if (type.startsWith('multipart/'))
    return { fault: 'holds a MIME entity of several parts', remedy: 'Send each part in a loop of its own.' }
  const how = encoding ?? (isEncoded ? 'base64' : 'binary')
  if (how === '7bit' || how === '8bit' || how === 'binary') return bounded(body, most)
  if (how !== 'base64') return { fault: 'is encoded in another way than Base64', remedy: 'Use Base64.' }
  const content = decoded(body)
  return content ? bounded(content, most) : NO_BASE64
}

function bounded(content: Uint8Array, most: number): Unpacked {
  if (content.length === 0) return { fault: 'holds no bytes' }
  if (content.length > most) return { fault: `holds more than ${most} bytes` }
  return { content }
}

/** Strict but for line breaks, which those who wrap it put there. @see RFC 4648 sections 3.1, 3.3 and 4 */
function decoded(data: Uint8Array): Uint8Array | undefined {
  const text = latin1.decode(data).replaceAll(/[\r\n]/g, '')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
