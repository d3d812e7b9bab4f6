import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { type BlockList, isIP } from 'node:net'
import tls from 'node:tls'
import { blockList, mayConnectTo } from './addresses.ts'
import { EgressFailed, EgressRefused } from './refusals.ts'

export interface EgressRequest {
  /** `https:`, without a user name. */
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** The largest answer that is read. */
  readonly maxBytes: number
  /** For the whole of it, from the look-up of the name to the last byte, in milliseconds. */
  readonly timeoutMs: number
}

/** An answer of any status below 300, and of 400 and above. */
export interface EgressAnswer {
  readonly status: number
  /** By lower-case name; of a header that came more than once, all values, joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The one way out of this process to an address that somebody else chose. */
export interface Egress {
  /**
   * @throws EgressRefused before anything is sent
   * @throws EgressFailed when no whole answer came
   */
  fetch(request: EgressRequest): Promise<EgressAnswer>
}

export interface EgressOptions {
  /** Addresses and CIDR ranges that are private and wanted nonetheless; default none. */
  readonly allowed?: readonly string[]
  /** The addresses of a name; the system's own way unless a test has another. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
  /** Further authorities to trust, PEM: those of a private network. */
  readonly ca?: string
}

const LONGEST_HEADERS_BYTES = 16 * 1024

/**
 * Opens the way out.
 *
 * A name is resolved once. Every address that it has must be a public one, and the connection is made to the one that was
 * looked at: what the name resolves to a moment later changes nothing. Redirects are not followed, and no connection,
 * cookie or proxy is shared between two requests.
 *
 * @throws Error when an allowed range is none
 */
export function openEgress({ allowed = [], resolve = addressesOf, ca }: EgressOptions = {}): Egress {
  const wanted = blockList(allowed)
  const authorities = ca === undefined ? undefined : [...tls.rootCertificates, ca]
  return {
    fetch: (request) =>
      inTime(request.timeoutMs, async (signal) => {
        const url = readUrl(request.url)
        const address = await pin(url, wanted, resolve, signal)
        return exchange(request, url, address, authorities, signal)
      }),
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new EgressRefused('url', 'The address is no URL.')
  const url = new URL(text)
  if (url.protocol !== 'https:') throw new EgressRefused('scheme', 'Only https: addresses are asked.')
  if (url.username !== '' || url.password !== '')
    throw new EgressRefused('credentials', 'An address that carries a user name or a password is not asked.')
  return url
}

/** The one address to connect to. */
async function pin(
  url: URL,
  wanted: BlockList,
  resolve: (hostname: string) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<string> {
  // The URL standard has written every spelling of an IPv4 address (0x7f.1, 2130706433) as four numbers by now.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await orUnreachable(resolve(host), signal) : [host]
  const [first] = addresses
  if (first === undefined) throw new EgressFailed('unreachable', 'The name has no address.')
  // All of them: a name with one public and one private address was made by somebody who wants the second.
  if (!addresses.every((address) => mayConnectTo(address, wanted)))
    throw new EgressRefused(
      'address',
      'The address is not a public one, nor in a range that EGRESS_ALLOWED names.',
    )
  return first
}

async function addressesOf(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

async function orUnreachable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await Promise.race([work, aborted(signal)])
  } catch (error) {
    if (error instanceof EgressFailed) throw error
    throw new EgressFailed('unreachable', 'The name could not be resolved.', error)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function exchange(
  { method, headers, body, maxBytes }: EgressRequest,
  url: URL,
  address: string,
  ca: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<EgressAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...headers, 'accept-encoding': 'identity', connection: 'close' },
      agent: false,
      // Where the name leads by now is not asked again; certificate and Host are still those of the name.
      lookup: (_hostname, options, done) => {
        const family = isIP(address)
        if (options.all) done(null, [{ address, family }])
        else done(null, address, family)
      },
      minVersion: 'TLSv1.2',
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
      maxHeaderSize: LONGEST_HEADERS_BYTES,
      ...(ca === undefined ? {} : { ca: [...ca] }),
    })
    const fail = (error: unknown) => {
      request.destroy()
      reject(failureOf(error))
    }
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
    request.on('error', fail)
    request.on('response', (response) => {
      try {
        requireReadable(response)
      } catch (error) {
        fail(error)
        return
      }
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes)
          fail(new EgressFailed('too-large', `The answer has more than ${maxBytes} bytes.`))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: joined(response.headers),
          body: new Uint8Array(Buffer.concat(chunks)),
        }),
      )
    })
    request.end(body)
  })
}

/** Redirects lead where nobody has looked; an encoded answer could unfold to any size. */
function requireReadable({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode >= 300 && statusCode < 400)
    throw new EgressFailed('redirect', 'The answer leads elsewhere; redirects are not followed.')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new EgressFailed('encoded', 'The answer is compressed, which was not asked for.')
}

function joined(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function failureOf(error: unknown): EgressFailed {
  if (error instanceof EgressFailed) return error
  const code = String((error as { code?: unknown }).code ?? '')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new EgressFailed('too-large', `The headers have more than ${LONGEST_HEADERS_BYTES} bytes.`, error)
  if (/CERT|SIGNED|SIGNATURE|ISSUER|^ERR_(TLS|SSL)|^EPROTO/.test(code))
    return new EgressFailed('tls', 'The certificate or the TLS of the far end is not acceptable.', error)
  if (/^(ECONNREFUSED|EHOST|ENET|ENOTFOUND|EADDR|EINVAL)/.test(code))
    return new EgressFailed('unreachable', 'The far end cannot be reached.', error)
  return new EgressFailed('cut-off', 'The far end did not answer to the end.', error)
}

/** Everything that was begun is given up when the time is up: a far end that drips is one that does not answer. */
async function inTime<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController()
  const timer = setTimeout(
    () => end.abort(new EgressFailed('too-slow', `No whole answer within ${timeoutMs} ms.`)),
    timeoutMs,
  )
  try {
    return await work(end.signal)
  } finally {
    clearTimeout(timer)
  }
}
