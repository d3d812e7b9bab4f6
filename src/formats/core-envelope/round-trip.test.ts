import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Instant } from '../../kernel/time.ts'
import {
  decodeMimeRequest,
  decodeSoapRequest,
  encodeCoreRequest,
  encodeCoreResponse,
  unwrap,
} from './index.ts'
import type { CoreRequest, EnvelopeKind } from './model.ts'

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

const aPartner = fc
  .stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,40}$/)
  .map((text) => text.trim())
  .filter((text) => text !== '')

/** Interchanges, and what only begins like one: any text, the marks of XML and of forms among it. */
const aPayload = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(
        ']]>',
        '<![CDATA[',
        '&amp;',
        '<',
        '\r\n',
        '\r',
        '\n--core-',
        '--',
        '\u0000',
        '\u001d',
        '\ufffe',
        '~',
        ' ',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => `ISA*00*${parts.join('')}~`)

const aRequest: fc.Arbitrary<CoreRequest> = fc.record(
  {
    payloadType: fc.constantFrom(
      'X12_278_Request_005010X217E1_2',
      'X12_278_Request_005010X215',
      'X12_278_Request_005010X216',
    ),
    processingMode: fc.constantFrom('RealTime', 'Batch'),
    payloadId: fc.uuid(),
    timeStamp: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => (seconds * 1000) as Instant),
    senderId: aPartner,
    receiverId: aPartner,
    ruleVersion: fc.constantFrom('2.2.0', '4.0.0'),
    payload: aPayload,
  },
  { noNullPrototype: true },
)
const aKind = fc.constantFrom<EnvelopeKind>('soap', 'soap-base64', 'soap-mtom', 'mime')

test('a request that was put into an envelope is taken out of it as it was, in each kind', () =>
  fc.assert(
    fc.property(aRequest, aKind, (request, kind) => {
      const message = encodeCoreRequest(request, kind, sha1)
      const read = kind === 'mime' ? decodeMimeRequest(message, sha1) : decodeSoapRequest(message, sha1)
      assert.ok(read.ok, JSON.stringify(read))
      // What is no text of XML went in base64.
      assert.ok(read.kind === kind || (kind === 'soap' && read.kind === 'soap-base64'))
      assert.deepEqual(read.request, request)
      assert.deepEqual(read.notes, [])
    }),
    { numRuns: 400 },
  ))

test('the payload of an answer is taken out as it was, in each kind', () =>
  fc.assert(
    fc.property(aRequest, aKind, (request, kind) => {
      const response = { ...request, errorCode: 'Success', errorMessage: 'taken & answered' } as const
      const { payload, payloadType, payloadId } = request
      assert.deepEqual(unwrap(encodeCoreResponse(response, kind, sha1)), {
        ok: true,
        interchange: payload,
        payloadType,
        payloadId,
      })
    }),
    { numRuns: 200 },
  ))

test('an error that was put into an answer is taken out with its code and its words', () =>
  fc.assert(
    fc.property(aRequest, aKind, aPartner, ({ payload: _, ...metadata }, kind, words) => {
      const message = encodeCoreResponse(
        { ...metadata, payloadType: 'CoreEnvelopeError', errorCode: 'PayloadIDIllegal', errorMessage: words },
        kind,
        sha1,
      )
      const { payloadId } = metadata
      assert.deepEqual(unwrap(message), { ok: false, error: 'PayloadIDIllegal', message: words, payloadId })
    }),
  ))
