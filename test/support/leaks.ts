import { crc32 } from 'node:zlib'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CLIENT_SECRET = /(css_(?:test|live)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})(?![0-9A-Za-z])/g
const SIGNED_TOKEN = /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{40,}/g
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|"d":"[\w-]{40,}"/g

/**
 * Secrets in a text, each told by its kind and what stands around it, and never by itself.
 *
 * Client secrets, signed tokens and private keys are known by their form, whoever made them; anything else by its value.
 *
 * @param secrets passwords, cookies, links: what was made during the run
 */
export function leaksIn(text: string, secrets: Iterable<string>): readonly string[] {
  const found: string[] = []
  const add = (kind: string, at: number, length: number) =>
    found.push(
      `${kind} after: …${text.slice(Math.max(0, at - 80), at).replaceAll('\n', ' ')}«${length} characters»`,
    )
  for (const match of text.matchAll(CLIENT_SECRET))
    if (checksum(match[1] ?? '') === match[2]) add('a client secret', match.index, match[0].length)
  for (const match of text.matchAll(SIGNED_TOKEN)) add('a signed token', match.index, match[0].length)
  for (const match of text.matchAll(PRIVATE_KEY)) add('a private key', match.index, match[0].length)
  for (const secret of new Set(secrets)) {
    const at = text.indexOf(secret)
    if (at >= 0) add('a secret of the run', at, secret.length)
  }
  return found
}

/** Written anew here: a scanner that shared the code under test would share its faults. */
function checksum(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) text = BASE62.charAt(rest % 62) + text
  return text
}
