/** A `Content-Type`, its names in lower case. */
export interface MediaType {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const TYPE = new RegExp(`[\\t ]*(${TOKEN}/${TOKEN})[\\t ]*`, 'y')
const PARAMETER = new RegExp(`;[\\t ]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")[\\t ]*)?`, 'y')
/** Longer than any that anybody sends. */
const LONGEST = 1000

/**
 * Reads the value of a `Content-Type` or `Content-Disposition` header (`form-data` is a type here).
 *
 * @returns undefined when it is malformed, or names a parameter twice
 * @see RFC 9110 section 8.3.1, RFC 2045 section 5.1
 */
export function readMediaType(value: string): MediaType | undefined {
  return value.length > LONGEST ? undefined : read(value, TYPE)
}

const DISPOSITION = new RegExp(`[\\t ]*(${TOKEN})[\\t ]*`, 'y')

/** @see RFC 7578 section 4.2 */
export function readDisposition(value: string): MediaType | undefined {
  return value.length > LONGEST ? undefined : read(value, DISPOSITION)
}

function read(value: string, first: RegExp): MediaType | undefined {
  first.lastIndex = 0
  const match = first.exec(value)
  if (!match?.[1]) return undefined
  const parameters = new Map<string, string>()
  let at = match[0].length
  while (at < value.length) {
    PARAMETER.lastIndex = at
    const found = PARAMETER.exec(value)
    if (!found) return undefined
    at += found[0].length
    const [, name, token, quoted] = found
    if (name === undefined) continue
    if (parameters.has(name.toLowerCase())) return undefined
    parameters.set(name.toLowerCase(), token ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1'))
  }
  return { type: match[1].toLowerCase(), parameters }
}
