import { createHash } from 'node:crypto'
import { Problem } from '../../kernel/problem.ts'

const LONGEST = 255
const PARAMETERS = /^(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[^\s;",]+))?)*$/
const HEADER = 'Idempotency-Key'
const REMEDY = `Send one key of 1 to ${LONGEST} printable ASCII characters, such as a UUID.`

/**
 * Reads the `Idempotency-Key` header: a structured-field string (`"8e03978e"`), or the same without quotes as many send
 * it. Both spell the same key.
 *
 * @returns undefined when the header was not sent
 * @throws Problem `request/invalid` it is empty, too long, holds other than printable ASCII, or there are several
 * @see draft-ietf-httpapi-idempotency-key-header-07 section 2.1
 * @see RFC 9651 section 4.2.5
 */
export function parseIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = (typeof header === 'string' ? header : header.join(', ')).trim()
  return requireKey(text.startsWith('"') ? unquote(text) : bare(text))
}

/** @throws Problem `request/invalid` when it is no key: 1 to 255 characters of printable ASCII */
export function requireKey(value: string): string {
  if (value.length === 0) throw refusal('is empty')
  if (value.length > LONGEST) throw refusal(`has ${value.length} characters`)
  if (!/^[\x20-\x7e]*$/.test(value)) throw refusal('holds a character that is not printable ASCII')
  return value
}

function unquote(text: string): string {
  const match = /^"((?:[^"\\]|\\["\\])*)"(.*)$/s.exec(text)
  if (!match) throw refusal('has a quote without its partner')
  const [, inside = '', rest = ''] = match
  if (!PARAMETERS.test(rest)) throw refusal('holds more than one key')
  return inside.replaceAll(/\\(.)/g, '$1')
}

/** Two headers arrive joined by a comma; a key that holds one must be quoted, so that it is not taken for two. */
function bare(text: string): string {
  if (text.includes(',')) throw refusal('holds more than one key, or a comma outside quotes')
  return text
}

/** Says nothing of the value, which may hold anything. */
function refusal(what: string): Problem {
  return new Problem('request/invalid', `The ${HEADER} header ${what}. ${REMEDY}`, {
    faults: [{ at: HEADER, message: what, remedy: REMEDY }],
  })
}

/**
 * What a request asks, as 32 bytes: its body as received, its query, the sandbox's scenario, and whether it insists on a case of
 * its own; each apart from the others.
 */
export function fingerprintOf(request: {
  readonly body: Uint8Array
  readonly query?: string
  readonly scenario?: string
  readonly insists?: boolean
}): Uint8Array {
  const given = [request.query ?? '', request.scenario ?? '', request.insists ? 'insists' : '']
  const parts = given.map((part) => Buffer.from(part, 'utf8'))
  const lengths = Buffer.from(`${parts.map((part) => part.length).join(' ')}\n`, 'utf8')
  const hash = createHash('sha256').update(lengths)
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.update(request.body).digest())
}
