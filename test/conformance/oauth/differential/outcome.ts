import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TokenRequest } from './corpus.ts'

/** What of an answer is compared. */
export interface Outcome {
  readonly gaveToken: boolean
  /** Its status, its error or that a token was given; then whether there is a challenge, and whether it may be kept. */
  readonly says: string
}

/**
 * Sends one request on a connection of its own.
 *
 * @param from the address that it is said to come from, so that no case pays for the failures of another
 */
export async function exchange(
  origin: string,
  { method, path, headers, body }: TokenRequest,
  from: string,
): Promise<Outcome> {
  const bytes = Buffer.from(body)
  const length = bytes.length > 0 || method === 'POST' ? { 'content-length': bytes.length } : {}
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, agent: false })
    for (const [name, value] of Object.entries({ ...headers, ...length, 'x-forwarded-for': from }))
      outgoing.setHeader(name, value)
    outgoing.on('response', resolve).on('error', reject).end(bytes)
  })
  return outcomeOf(reply, await text(reply))
}

function outcomeOf({ statusCode, headers }: IncomingMessage, body: string): Outcome {
  const { access_token: token, error } = membersOf(body)
  const gaveToken = typeof token === 'string'
  const says = [
    `${statusCode} ${gaveToken ? 'token' : typeof error === 'string' ? error : '-'}`,
    ...(headers['www-authenticate'] === undefined ? [] : ['challenge']),
    ...(headers['cache-control']?.includes('no-store') ? [] : ['may be kept']),
  ]
  return { gaveToken, says: says.join(', ') }
}

function membersOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}
