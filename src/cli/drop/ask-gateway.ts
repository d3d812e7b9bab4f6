import { randomUUID } from 'node:crypto'
import { bearer, call } from '../https.ts'
import type { GatewayAccess } from '../session.ts'
import type { Piece } from './split.ts'
import type { Ask, Outcome } from './work-file.ts'

const REQUEST_TYPES: Readonly<Record<string, string>> = {
  '005010X215': 'X12_278_Request_005010X215',
  '005010X216': 'X12_278_Request_005010X216',
}
const USUAL_TYPE = 'X12_278_Request_005010X217E1_2'
/** Refusals of HTTP that another time may not bring: too many calls, an answer still under way, too slow. */
const PASSING = new Set([408, 409, 429])
const LONGEST_ID = 100

/**
 * Asks the gateway in an envelope of CAQH CORE, as that door answers in X12 also where it refuses.
 *
 * @param openAccess a token; asked for anew when the one at hand has ended
 */
export function askGateway(openAccess: () => Promise<GatewayAccess>, post: typeof call = call): Ask {
  let access: GatewayAccess | undefined
  return async (piece) => {
    try {
      access ??= await openAccess()
      const outcome = await ask(access, piece, post)
      if (outcome !== 'token') return outcome
      access = await openAccess()
      const again = await ask(access, piece, post)
      return again === 'token' ? { kind: 'later', message: 'the access token is not taken' } : again
    } catch (error) {
      return { kind: 'later', message: `the gateway cannot be reached (${(error as Error).message})` }
    }
  }
}

async function ask(
  { baseUrl, ca, token }: GatewayAccess,
  piece: Piece,
  post: typeof call,
): Promise<Outcome | 'token'> {
  const boundary = `drop-${randomUUID()}`
  const { status, headers, text } = await post(`${baseUrl}/core/mime`, ca, {
    headers: { ...bearer(token), 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: formOf(piece, boundary),
  })
  if (status === 401) return 'token'
  if (status >= 500 || PASSING.has(status))
    return { kind: 'later', message: `the gateway answered ${status}` }
  const type = String(headers['content-type'] ?? '')
  if (!type.startsWith('multipart/form-data'))
    return { kind: 'refused', error: `HTTP ${status}`, message: text.slice(0, 2000) }
  const form = await new Response(text, { headers: { 'content-type': type } }).formData()
  const field = (name: string) => String(form.get(name) ?? '')
  if (field('ErrorCode') !== 'Success')
    return { kind: 'refused', error: field('ErrorCode'), message: field('ErrorMessage') }
  const answered = field('PayloadType')
  const kind = answered.startsWith('X12_TA1_') ? 'ta1' : answered.startsWith('X12_999_') ? '999' : '278'
  return { kind, interchange: field('Payload') }
}

function formOf({ text, senderId, receiverId, guide }: Piece, boundary: string): string {
  const fields = {
    PayloadType: REQUEST_TYPES[guide] ?? USUAL_TYPE,
    ProcessingMode: 'RealTime',
    PayloadID: randomUUID(),
    TimeStamp: `${new Date().toISOString().slice(0, 19)}Z`,
    SenderID: idOf(senderId),
    ReceiverID: idOf(receiverId),
    CORERuleVersion: '2.2.0',
    Payload: text,
  }
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--${boundary}--\r\n`
}

/** What an ISA that cannot be read names nobody by. */
const idOf = (id: string) =>
  id
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, LONGEST_ID) || 'UNKNOWN'
