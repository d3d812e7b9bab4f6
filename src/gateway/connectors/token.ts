import type { Instant } from '../../kernel/time.ts'
import type { Egress } from '../../platform/egress/index.ts'
import type { UpstreamCredentials } from './upstream.ts'

const MOST_BYTES = 64 * 1024
/** A token is not used in its last seconds: it must still be good when it arrives. */
const SPARE_MS = 30_000
/** Where the far end does not say how long it is good for. */
const USUAL_SECONDS = 300

interface Held {
  readonly token: string
  readonly until: Instant
}

/** Access tokens of payers' own authorization servers, by client credentials; held in memory for as long as they are good. */
export interface Tokens {
  /**
   * @returns undefined when the far end gives none: the credentials are wrong, or it does not work
   * @throws EgressRefused, EgressFailed
   * @see RFC 6749 section 4.4
   */
  of(credentials: UpstreamCredentials, timeoutMs: number, at: Instant): Promise<string | undefined>
  /** The far end does not take it any more. */
  forget(credentials: UpstreamCredentials): void
}

export function openTokens(egress: Egress): Tokens {
  const held = new Map<string, Held>()
  // With the secret: one that was set anew must not be answered with the token of the one before.
  const nameOf = ({ tokenUrl, clientId, clientSecret, scope }: UpstreamCredentials) =>
    JSON.stringify([tokenUrl, clientId, clientSecret, scope])
  return {
    of: async (credentials, timeoutMs, at) => {
      const known = held.get(nameOf(credentials))
      if (known && known.until > at) return known.token
      const { tokenUrl, clientId, clientSecret, scope } = credentials
      const form = { grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }
      const { status, body } = await egress.fetch({
        url: tokenUrl,
        method: 'POST',
        headers: {
          authorization: basic(clientId, clientSecret),
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: Buffer.from(new URLSearchParams(form).toString(), 'utf8'),
        maxBytes: MOST_BYTES,
        timeoutMs,
      })
      const given = status === 200 ? read(body) : undefined
      if (!given) return undefined
      held.set(nameOf(credentials), {
        token: given.token,
        until: (at + given.seconds * 1000 - SPARE_MS) as Instant,
      })
      return given.token
    },
    forget: (credentials) => {
      held.delete(nameOf(credentials))
    },
  }
}

/** Each part is written as a form writes it before the two are joined. @see RFC 6749 section 2.3.1 */
function basic(clientId: string, clientSecret: string): string {
  const [id, secret] = [clientId, clientSecret].map((part) =>
    new URLSearchParams({ '': part }).toString().slice(1),
  )
  return `Basic ${Buffer.from(`${id}:${secret}`, 'utf8').toString('base64')}`
}

function read(body: Uint8Array): { readonly token: string; readonly seconds: number } | undefined {
  try {
    const given: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    if (typeof given !== 'object' || given === null) return undefined
    const { access_token: token, expires_in: seconds } = given as Record<string, unknown>
    // What could not stand in a header is no token. @see RFC 6750 section 2.1
    if (typeof token !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(token)) return undefined
    return { token, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : USUAL_SECONDS }
  } catch {
    return undefined
  }
}
