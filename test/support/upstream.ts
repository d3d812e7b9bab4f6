/** A payer that is asked over a connection: a far end that says what it is told to say, on a port of its own, over TLS. */
import { once } from 'node:events'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { CertificationAction, ReviewAnswer } from '../../src/core/decision.ts'
import type { ReviewRequest } from '../../src/core/request.ts'
import {
  acknowledge,
  decodeInterchange,
  decodeRequest,
  encodeAcknowledgements,
  encodeAnswer,
} from '../../src/formats/x12/index.ts'
import type { GatewayAdministration, UpstreamDraft } from '../../src/gateway/administration/index.ts'
import type { Instant, PlainDate } from '../../src/kernel/time.ts'
import { type Egress, openEgress } from '../../src/platform/egress/index.ts'
import { aSubmission } from './a-submission.ts'
import { tokenRequest } from './access.ts'
import type { Answer, TestCompany, TestEnvironment } from './gateway-server.ts'
import { testTls } from './https.ts'

/** What came in at the far end. */
export interface Arrived {
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** The interchange in it. */
  readonly x12: string
}

/** What the far end does with what arrives. */
export type Script = (arrived: Arrived, response: Speech) => void | Promise<void>

export interface Speech {
  /** Answers with a body, as JSON unless it is text. */
  answer(status: number, body: unknown): void
  /** Begins to answer, and breaks off. */
  breakOff(): void
}

export interface FarEnd {
  readonly url: string
  readonly arrived: readonly Arrived[]
  /** Whatever comes from now on is answered so. */
  plays(script: Script): void
  /** Nobody listens any more. */
  close(): Promise<void>
}

/** What closes a far end: a test, or the hooks of a file. */
export interface Closing {
  after(close: () => Promise<void>): void
}

/** A far end with a script; closed with the test. */
export async function aFarEnd(t: Closing, first: Script = () => {}): Promise<FarEnd> {
  const { tls } = await testTls()
  let script = first
  const arrived: Arrived[] = []
  const server = https.createServer(tls.secureOptions(), async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const one: Arrived = {
      path: request.url ?? '',
      headers: request.headers as Arrived['headers'],
      body,
      x12: interchangeIn(body),
    }
    arrived.push(one)
    await script(one, {
      answer: (status, said) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(typeof said === 'string' ? said : JSON.stringify(said))
      },
      breakOff: () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"submission":{"x12":"ISA*00*')
        setImmediate(() => request.socket.destroy())
      },
    })
  })
  const sockets = new Set<Duplex>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the far end has no port')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  t.after(close)
  return {
    url: `https://localhost:${address.port}/278`,
    arrived,
    plays: (next) => {
      script = next
    },
    close,
  }
}

function interchangeIn(body: string): string {
  try {
    return String((JSON.parse(body) as { x12?: unknown }).x12 ?? '')
  } catch {
    return ''
  }
}

/** What a payer decides of what arrived, as the compatible API answers it. */
export function decidedAs(
  { x12 }: Pick<Arrived, 'x12'>,
  outcome: (request: ReviewRequest) => ReviewAnswer['outcome'],
): unknown {
  const decoded = decodeRequest(x12)
  if (!decoded.ok || decoded.value.guide === '216') throw new Error('no request or inquiry arrived')
  const { value } = decoded
  const request = value.guide === '217' ? value.request : value.inquiry
  const answer: ReviewAnswer = {
    request,
    payer: { id: request.payer.id, name: 'The far payer' },
    answeredAt: AT,
    outcome: outcome(request),
  }
  const written = encodeAnswer(answer, {
    guide: value.guide,
    at: AT,
    controlNumber: 7,
    usage: value.envelope.usage,
    inReplyTo: value.envelope,
  })
  return { submission: { x12: written } }
}

/** Every line and the whole alike. */
export const outcomeOf =
  (action: CertificationAction, numbers: { readonly authorizationNumber?: string } = {}) =>
  ({ event }: ReviewRequest): ReviewAnswer['outcome'] => ({
    kind: 'decided',
    action,
    lines: (event.lines.length === 0 ? [{ number: 0 }] : event.lines).map(({ number }) => ({
      line: number,
      action,
      grounds: [],
    })),
    administrativeReference: 'PAYERREF1',
    requestedOn: '2026-11-24' as PlainDate,
    ...numbers,
  })

export const certified: Script = (arrived, { answer }) =>
  answer(200, decidedAs(arrived, outcomeOf('certified', { authorizationNumber: 'PAYERAUTH1' })))

/** What the far end says of an interchange without deciding it. */
export function acknowledged({ x12 }: Pick<Arrived, 'x12'>, isSeenBefore = false): string {
  const received = decodeInterchange(x12)
  if (!received.ok) throw new Error('no interchange arrived')
  return encodeAcknowledgements(acknowledge(received.value, isSeenBefore), received.value.header, {
    at: AT,
    controlNumber: 9,
  })
}

const AT = Date.UTC(2026, 10, 24, 12) as Instant

/** A way out that leads to far ends of tests as well. */
export async function wayOut(): Promise<Egress> {
  const { ca } = await testTls()
  return openEgress({ allowed: ['127.0.0.0/8', '::1/128'], ca })
}

/** Adds a payer that is asked over a connection. */
export async function aForwardedPayer(
  administration: GatewayAdministration,
  id: string,
  upstream: Partial<UpstreamDraft> & Pick<UpstreamDraft, 'url'>,
): Promise<void> {
  const operator = { kind: 'operator' } as const
  const operations = { determination: 'x12', inquiry: 'x12', submission: 'x12', notice: 'x12' }
  await administration.importPayers(
    {
      format: 'json',
      text: JSON.stringify({
        payers: [{ name: `Payer ${id}`, ids: [id], lineOfBusiness: 'commercial', operations }],
      }),
    },
    operator,
  )
  await administration.setUpstream(
    { payer: id, sender: { id: 'COUNTERSIGN' }, receiver: { id: 'FARPAYER' }, timeoutMs: 1_000, ...upstream },
    operator,
  )
}

/** An environment with payers that are asked elsewhere. */
export interface ForwardingHouse {
  /** A payer of its own, asked at a far end of its own, with a company and a request that nobody has sent before. */
  aPayer(t: Closing, script: Script, upstream?: Partial<UpstreamDraft>): Promise<ForwardedPayer>
  /** The events of a case, by their short names. */
  typesOf(found: { readonly events: readonly { readonly type: string }[] }): readonly string[]
}

export interface ForwardedPayer {
  readonly payerId: string
  readonly far: FarEnd
  readonly company: TestCompany
  readonly request: Readonly<Record<string, unknown>>
  submit(): Promise<Answer>
  /** For another member. */
  submitAnother(): Promise<Answer>
  /** A case as its company reads it: by its id, or by the answer that tells of it. */
  // biome-ignore lint/suspicious/noExplicitAny: a body of JSON
  caseOf(answer: Answer | string): Promise<any>
  /** The one case that the company has. */
  onlyCase(): Promise<string>
}

const SCOPES = ['pa:submit', 'pa:inquire', 'pa:determine', 'pa:admit', 'pa:read'] as const

let serial = 0
export function forwardingHouse(environment: TestEnvironment): ForwardingHouse {
  return {
    aPayer: async (t, script, upstream = {}) => {
      const payerId = `FAR${++serial}`
      const far = await aFarEnd(t, script)
      await aForwardedPayer(environment.gateway.administration, payerId, { url: far.url, ...upstream })
      const company = await environment.aCompany(SCOPES)
      const requestOf = (number: number) =>
        aSubmission({ payerId, memberId: `FARMEMBER${number}`, transaction: `FAR-${number}` })
      const request = requestOf(serial)
      const found = async (attempts = 200): Promise<string> => {
        const search = await company.call({ method: 'POST', url: '/v1/authorizations/search', payload: {} })
        const id = search.json().authorizations[0]?.id
        if (id !== undefined) return id
        if (attempts === 0) throw new Error('no case was made')
        await new Promise((resolve) => setImmediate(resolve))
        return found(attempts - 1)
      }
      return {
        payerId,
        far,
        company,
        request,
        submit: () => company.post('submission', request),
        submitAnother: () => company.post('submission', requestOf(++serial)),
        caseOf: async (answer) => {
          const id = typeof answer === 'string' ? answer : `auth_${answer.json().authorizationId}`
          // Tests that wait for a payer wait longer than a token lasts.
          const given = await environment.server.inject(tokenRequest(company.client))
          const headers = { authorization: `Bearer ${given.json().access_token}` }
          const read = await company.call({ method: 'GET', url: `/v1/authorizations/${id}`, headers })
          if (read.statusCode !== 200) throw new Error(`no such case: ${read.body}`)
          return read.json()
        },
        onlyCase: () => found(),
      }
    },
    typesOf: ({ events }) => events.map(({ type }) => type.replace('authorization.', '')),
  }
}

/** The group is refused: a segment of the transaction is wrong. */
export function refusedBy999({ x12 }: Pick<Arrived, 'x12'>): string {
  const received = decodeInterchange(x12)
  const [group] = received.ok ? received.value.groups : []
  const [transaction] = group?.transactions ?? []
  if (!received.ok || !group || !transaction) throw new Error('no transaction arrived')
  return encodeAcknowledgements(
    {
      groups: [
        {
          kind: group.header.kind,
          controlNumber: group.header.controlNumber,
          guide: group.header.guide,
          transactions: [
            {
              set: transaction.set,
              controlNumber: transaction.controlNumber,
              guide: transaction.guide,
              status: 'rejected',
              errors: [{ segmentId: 'UM', position: 12, code: '8', elements: [{ element: 1, code: '7' }] }],
              codes: ['5'],
            },
          ],
          status: 'rejected',
          announced: 1,
          received: 1,
          accepted: 0,
          codes: [],
        },
      ],
    },
    received.value.header,
    { at: AT, controlNumber: 11 },
  )
}
