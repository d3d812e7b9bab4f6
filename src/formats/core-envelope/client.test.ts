import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { anInquiryInterchange, anInterchange } from '../../../test/support/a-submission.ts'
import type { Instant } from '../../kernel/time.ts'
import { decodeMimeRequest, decodeSoapRequest, type EnvelopeKind, unwrap, wrap } from './index.ts'

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')
const PAYLOAD_ID = '0b6a1c9e-55f1-4c1e-9a53-3f2f2d2b7a10'
const toWrap = (envelope: EnvelopeKind, more: object = {}) => ({
  envelope,
  interchange: anInterchange(),
  senderId: 'LARKSPUR',
  receiverId: 'QFHP1',
  payloadId: PAYLOAD_ID,
  at: Date.UTC(2026, 10, 24, 18, 20, 5) as Instant,
  ...more,
})
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('what is sent', () => {
  for (const kind of ['soap', 'soap-base64', 'soap-mtom', 'mime'] as const)
    for (const ruleVersion of ['2.2.0', '4.0.0'] as const)
      test(`an interchange in ${kind} of ${ruleVersion} is a request in real time that the door reads`, () => {
        const wrapped = wrap(toWrap(kind, { ruleVersion }))
        const read = kind === 'mime' ? decodeMimeRequest(wrapped, sha1) : decodeSoapRequest(wrapped, sha1)
        assert.ok(read.ok, JSON.stringify(read))
        assert.deepEqual(read.request, {
          payloadType: 'X12_278_Request_005010X217E1_2',
          processingMode: 'RealTime',
          payloadId: PAYLOAD_ID,
          timeStamp: Date.UTC(2026, 10, 24, 18, 20, 5),
          senderId: 'LARKSPUR',
          receiverId: 'QFHP1',
          ruleVersion,
          payload: anInterchange(),
        })
      })

  test('an inquiry goes as one, by ST03', () => {
    const wrapped = wrap(toWrap('soap', { interchange: anInquiryInterchange() }))
    assert.match(text(wrapped.body), /<PayloadType>X12_278_Request_005010X215<\/PayloadType>/)
  })

  test('an upstream that calls it otherwise is sent its own name', () => {
    const wrapped = wrap(toWrap('soap', { payloadType: 'X12_278_Request_005010X217' }))
    assert.match(text(wrapped.body), /<PayloadType>X12_278_Request_005010X217<\/PayloadType>/)
  })

  test('SOAP names its action in the media type, and in the header of SOAP 1.1 for those who look there', () => {
    const { contentType, headers } = wrap(toWrap('soap'))
    assert.equal(contentType, 'application/soap+xml; charset=utf-8; action="RealTimeTransaction"')
    assert.deepEqual(headers, { soapaction: 'RealTimeTransaction' })
    assert.deepEqual(wrap(toWrap('mime')).headers, {})
  })

  test('a boundary that stands in the interchange is not used', () => {
    const interchange = `${anInterchange()}\r\n--core-${PAYLOAD_ID}\r\n`
    const wrapped = wrap(toWrap('mime', { interchange }))
    assert.match(wrapped.contentType, /-1"$/)
    const read = decodeMimeRequest(wrapped, sha1)
    assert.ok(read.ok && read.request.payload === interchange)
  })
})

const answered = (contentType: string, body: string) =>
  unwrap({ contentType, body: new TextEncoder().encode(body) })
const soap = (body: string) =>
  answered(
    'text/xml',
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`,
  )
const CORE = 'xmlns="http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"'

describe('what comes back', () => {
  test('an answer whose fields are of the namespace of its envelope, and whose ids are no UUIDs', () => {
    const answer = soap(
      `<COREEnvelopeRealTimeResponse ${CORE}><PayloadType>X12_278_Response_005010X217E1_2</PayloadType><PayloadID>12121</PayloadID><Payload><![CDATA[ISA*00*~]]></Payload></COREEnvelopeRealTimeResponse>`,
    )
    assert.deepEqual(answer, {
      ok: true,
      interchange: 'ISA*00*~',
      payloadType: 'X12_278_Response_005010X217E1_2',
      payloadId: '12121',
    })
  })

  test('an error of the envelope, by its code', () => {
    const answer = soap(
      `<COREEnvelopeRealTimeResponse ${CORE}><PayloadID>7</PayloadID><ErrorCode>UnAuthorized</ErrorCode><ErrorMessage>No.</ErrorMessage></COREEnvelopeRealTimeResponse>`,
    )
    assert.deepEqual(answer, { ok: false, error: 'UnAuthorized', message: 'No.', payloadId: '7' })
  })

  test('an answer without a payload and without an error is no answer', () => {
    const answer = soap(
      `<COREEnvelopeRealTimeResponse ${CORE}><ErrorCode>Success</ErrorCode></COREEnvelopeRealTimeResponse>`,
    )
    assert.ok(!answer.ok)
    assert.equal(answer.error, 'PayloadRequired')
  })

  test('a SOAP fault, by its code and its reason', () => {
    const answer = soap(
      '<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Down.</s:Text></s:Reason></s:Fault>',
    )
    assert.deepEqual(answer, { ok: false, error: 'soap:Receiver', message: 'Down.' })
  })

  test('what is no envelope at all is unreadable', () => {
    for (const [type, body] of [
      ['text/html', '<html><body>Gateway Timeout</body></html>'],
      ['text/plain', ''],
      ['nonsense', 'ISA*00*~'],
      ['multipart/form-data', 'no boundary'],
    ] as const) {
      const answer = answered(type, body)
      assert.ok(!answer.ok)
      assert.equal(answer.error, 'Unreadable')
    }
  })
})
