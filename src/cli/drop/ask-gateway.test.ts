import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { anInquiryInterchange, anInterchange } from '../../../test/support/a-submission.ts'
import {
  type CoreResponse,
  decodeMimeRequest,
  encodeCoreResponse,
} from '../../formats/core-envelope/index.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Reply } from '../https.ts'
import { askGateway } from './ask-gateway.ts'
import { split } from './split.ts'

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

function answered(more: Partial<CoreResponse>, status = 200): Reply {
  const { contentType, body } = encodeCoreResponse(
    {
      payloadType: 'X12_278_Response_005010X217E1_2',
      processingMode: 'RealTime',
      payloadId: '0b6a1c9e-55f1-4c1e-9a53-3f2f2d2b7a10',
      timeStamp: 0 as Instant,
      senderId: 'A',
      receiverId: 'B',
      ruleVersion: '2.2.0',
      errorCode: 'Success',
      errorMessage: '',
      ...more,
    },
    'mime',
    sha1,
  )
  return { status, headers: { 'content-type': contentType }, text: new TextDecoder().decode(body) }
}
const UNAUTHORIZED = answered({ payloadType: 'CoreEnvelopeError', errorCode: 'UnAuthorized' }, 401)
const problem = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  text: '{"code":"x"}',
})

/** Asks a gateway that answers so, in this order. */
function asking(replies: readonly (Reply | Error)[], text = anInterchange()) {
  const sent: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> }[] = []
  let tokens = 0
  const ask = askGateway(
    async () => ({ baseUrl: 'https://gateway.example', ca: undefined, token: `t${++tokens}` }),
    async (_url, _ca, call = {}) => {
      sent.push(call)
      const reply = replies[sent.length - 1] ?? problem(500)
      if (reply instanceof Error) throw reply
      return reply
    },
  )
  const [piece] = split(text)
  assert.ok(piece)
  return { outcome: () => ask(piece), sent, tokens: () => tokens }
}

test('a transaction goes in a form that the gateway reads, with the type of its guide and the names of its ISA', async () => {
  for (const [text, type] of [
    [anInterchange(), 'X12_278_Request_005010X217E1_2'],
    [anInquiryInterchange(), 'X12_278_Request_005010X215'],
    ['Dear Sirs,', 'X12_278_Request_005010X217E1_2'],
  ] as const) {
    const { outcome, sent } = asking([answered({ payload: 'ISA~' })], text)
    await outcome()
    const contentType = sent[0]?.headers?.['content-type'] ?? ''
    const read = decodeMimeRequest({ contentType, body: new TextEncoder().encode(sent[0]?.body) }, sha1)
    assert.ok(read.ok, JSON.stringify(read))
    assert.equal(read.request.payload, text)
    assert.equal(read.request.payloadType, type)
  }
})

test('an answer is a 278, a TA1 or a 999, by its type', async () => {
  for (const [payloadType, kind] of [
    ['X12_278_Response_005010X217E1_2', '278'],
    ['X12_TA1_Response_00501X231A1', 'ta1'],
    ['X12_999_Response_005010X231A1', '999'],
  ] as const)
    assert.deepEqual(await asking([answered({ payloadType, payload: 'ISA*é~' })]).outcome(), {
      kind,
      interchange: 'ISA*é~',
    })
})

test('an error of the envelope is a refusal, in the words of the gateway', async () => {
  const reply = answered({ errorCode: 'PayloadIllegal', errorMessage: 'ISA-15: expected P' })
  assert.deepEqual(await asking([reply]).outcome(), {
    kind: 'refused',
    error: 'PayloadIllegal',
    message: 'ISA-15: expected P',
  })
})

test('a token that has ended is exchanged for another, once', async () => {
  const renewed = asking([UNAUTHORIZED, answered({ payload: 'ISA~' })])
  assert.equal((await renewed.outcome()).kind, '278')
  assert.deepEqual([renewed.tokens(), renewed.sent[1]?.headers?.authorization], [2, 'Bearer t2'])
  const refused = asking([UNAUTHORIZED, UNAUTHORIZED])
  assert.equal((await refused.outcome()).kind, 'later')
  assert.equal(refused.sent.length, 2)
})

test('what passes is asked again later: a gateway that is down, slow, busy or still answering', async () => {
  for (const reply of [
    new Error('ECONNREFUSED'),
    problem(503),
    problem(504),
    problem(429),
    problem(408),
    problem(409),
  ])
    assert.equal((await asking([reply]).outcome()).kind, 'later')
})

test('what will not pass is a refusal: a transaction that is too large', async () => {
  assert.deepEqual(await asking([problem(413)]).outcome(), {
    kind: 'refused',
    error: 'HTTP 413',
    message: '{"code":"x"}',
  })
})
