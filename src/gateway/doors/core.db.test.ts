import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { anInquiryInterchange, anInterchange } from '../../../test/support/a-submission.ts'
import { aNotificationInterchange } from '../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import {
  type CoreRequest,
  type EnvelopeKind,
  encodeCoreRequest,
  type ToWrap,
  unwrap,
  wrap,
} from '../../formats/core-envelope/index.ts'
import { decodeInterchange } from '../../formats/x12/index.ts'
import type { Instant } from '../../kernel/time.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { quotas: { calls: 1_000_000 } })
  ;({ sandbox } = servers)
  company = await sandbox.aCompany()
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const PAYLOAD_ID = '0b6a1c9e-55f1-4c1e-9a53-3f2f2d2b7a10'
let serial = 0
/** A submission that nobody sent before. */
const fresh = () =>
  anInterchange({ transaction: `CORE${++serial}` }, { control: String(serial).padStart(9, '0') })
const pathOf = (kind: EnvelopeKind) => (kind === 'mime' ? '/core/mime' : '/core/soap')

type Sent = Partial<ToWrap> & { readonly edit?: (body: string) => string }

function ask(
  by: TestCompany,
  { edit, ...parts }: Sent = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { contentType, body } = wrap({
    envelope: 'soap',
    interchange: fresh(),
    senderId: 'LARKSPUR',
    receiverId: 'QFHP1',
    payloadId: PAYLOAD_ID,
    at: servers.clock.now(),
    ...parts,
  })
  const payload = edit ? Buffer.from(edit(Buffer.from(body).toString('latin1')), 'latin1') : Buffer.from(body)
  return by.call({
    method: 'POST',
    url: pathOf(parts.envelope ?? 'soap'),
    headers: { 'content-type': contentType, ...headers },
    payload,
  })
}

const unwrapped = (answer: Answer) =>
  unwrap({ contentType: String(answer.headers['content-type']), body: answer.rawPayload })

function interchangeIn(answer: Answer): { readonly interchange: string; readonly payloadType: string } {
  assert.equal(answer.statusCode, 200, answer.body)
  const told = unwrapped(answer)
  assert.ok(told.ok, JSON.stringify(told))
  assert.equal(told.payloadId, PAYLOAD_ID)
  return told
}

function errorIn(answer: Answer, status = 200): { readonly error: string; readonly message: string } {
  assert.equal(answer.statusCode, status, answer.body)
  const told = unwrapped(answer)
  assert.ok(!told.ok, JSON.stringify(told))
  return told
}

/** Sees to it that nothing came of a request but one entry of the audit record. */
async function withoutEffect(send: () => Promise<Answer>, problem: string): Promise<Answer> {
  const before = await sandbox.rowCounts()
  const answer = await send()
  assert.deepEqual(await sandbox.rowCounts(), { ...before, audit_entries: (before.audit_entries ?? 0) + 1 })
  const entry = (await sandbox.audit()).find((row) => row.request_id === answer.headers['x-request-id'])
  assert.deepEqual([entry?.outcome, entry?.problem], ['refused', problem])
  return answer
}

describe('a 278 in an envelope is answered in the same kind of envelope', () => {
  for (const envelope of ['soap', 'soap-base64', 'soap-mtom', 'mime'] as const)
    for (const ruleVersion of ['2.2.0', '4.0.0'] as const)
      test(`${envelope} of ${ruleVersion}`, async () => {
        const answer = await ask(company, { envelope, ruleVersion })
        const { interchange, payloadType } = interchangeIn(answer)
        assert.equal(payloadType, 'X12_278_Response_005010X217E1_2')
        assert.match(interchange, /~HCR\*/)
        const type = String(answer.headers['content-type'])
        const expected = { mime: /^multipart\/form-data/, 'soap-mtom': /^multipart\/related/ } as Record<
          string,
          RegExp
        >
        assert.match(type, expected[envelope] ?? /^application\/soap\+xml/)
        assert.ok(answer.body.includes(ruleVersion))
      })

  test('the names are turned round, and what is sent is dated anew', async () => {
    const { body } = await ask(company)
    assert.match(body, /<SenderID>QFHP1<\/SenderID><ReceiverID>LARKSPUR<\/ReceiverID>/)
    const now = new Date(servers.clock.now()).toISOString().slice(0, 19)
    assert.ok(body.includes(`<TimeStamp>${now}Z</TimeStamp>`))
    assert.match(body, /<ErrorCode>Success<\/ErrorCode>/)
  })

  test('an inquiry (005010X215)', async () => {
    const { interchange, payloadType } = interchangeIn(
      await ask(company, { interchange: anInquiryInterchange({ transaction: `CORE${++serial}` }) }),
    )
    assert.equal(payloadType, 'X12_278_Response_005010X215')
    assert.match(interchange, /ST\*278\*[^~]*005010X215~/)
  })

  test('a notice of admission (005010X216)', async () => {
    const { interchange, payloadType } = interchangeIn(
      await ask(company, {
        envelope: 'mime',
        interchange: aNotificationInterchange({ transaction: `CORE${++serial}` }),
      }),
    )
    assert.equal(payloadType, 'X12_278_Response_005010X216')
    assert.match(interchange, /ST\*278\*[^~]*005010X216~/)
  })

  test('a case is made as by the X12 door, and is on the record as what it is', async () => {
    const answer = await ask(company)
    interchangeIn(answer)
    const entry = (await sandbox.audit()).find((row) => row.request_id === answer.headers['x-request-id'])
    assert.deepEqual([entry?.act, entry?.outcome], ['authorization.submit', 'done'])
  })
})

describe('the same interchange sent again', () => {
  test('gets the same answer, though its envelope has another id and moment, and nothing is done twice', async () => {
    const interchange = fresh()
    const first = interchangeIn(await ask(company, { interchange }))
    servers.clock.advance(2000)
    const before = await sandbox.rowCounts()
    const other = '7d1f3f0e-8f5a-4f0e-b0a3-52a6a4d7c111'
    const answer = await ask(company, { interchange, payloadId: other })
    assert.equal(answer.headers['idempotency-replayed'], 'true')
    const told = unwrapped(answer)
    assert.ok(told.ok && told.payloadId === other)
    assert.equal(told.interchange, first.interchange)
    assert.deepEqual(await sandbox.rowCounts(), { ...before, audit_entries: (before.audit_entries ?? 0) + 1 })
  })
})

describe('who may', () => {
  test('nobody without a token: 401, and UnAuthorized in an envelope', async () => {
    for (const [url, type] of [
      ['/core/soap', 'application/soap+xml'],
      ['/core/mime', 'multipart/form-data; boundary=x'],
    ] as const) {
      const answer = await sandbox.server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': type },
        payload: '',
      })
      assert.equal(errorIn(answer, 401).error, 'UnAuthorized')
      assert.match(String(answer.headers['www-authenticate']), /^Bearer /)
    }
  })

  test('nobody with a UsernameToken alone: it is no credential here', async () => {
    const { contentType, body } = wrap({
      envelope: 'soap',
      interchange: fresh(),
      senderId: 'LARKSPUR',
      receiverId: 'QFHP1',
      payloadId: PAYLOAD_ID,
      at: 0 as Instant,
    })
    const payload = withSecurity(Buffer.from(body).toString('utf8'))
    const answer = await sandbox.server.inject({
      method: 'POST',
      url: '/core/soap',
      headers: { 'content-type': contentType },
      payload,
    })
    assert.equal(errorIn(answer, 401).error, 'UnAuthorized')
  })

  test('nobody without the scope of the guide: 403', async () => {
    const other = await sandbox.aCompany(['pa:inquire'])
    const answer = await withoutEffect(() => ask(other), 'access/scope-missing')
    assert.equal(errorIn(answer, 403).error, 'UnAuthorized')
    interchangeIn(await ask(other, { interchange: anInquiryInterchange({ transaction: `CORE${++serial}` }) }))
  })

  test('nobody in production who is not the provider, and nobody with a test interchange', async () => {
    const { production } = servers
    const other = await production.aCompany(
      ['pa:submit'],
      [{ npi: '1003000126', relation: 'own', from: 0 as Instant }],
    )
    const live = fresh().replace('*0*T*:', '*0*P*:')
    assert.equal(errorIn(await ask(other, { interchange: live }), 403).error, 'UnAuthorized')
    const { error, message } = errorIn(await ask(await production.aCompany(), { interchange: fresh() }))
    assert.equal(error, 'PayloadIllegal')
    assert.match(message, /ISA-15: expected P/)
  })
})

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
const withSecurity = (body: string) =>
  body.replace(
    '<soap:Body>',
    `<soap:Header><wsse:Security xmlns:wsse="${WSSE}" soap:mustUnderstand="true"><wsse:UsernameToken><wsse:Username>u</wsse:Username><wsse:Password>p</wsse:Password></wsse:UsernameToken></wsse:Security></soap:Header><soap:Body>`,
  )

describe('what is passed over with a note', () => {
  test('a UsernameToken beside an access token, though it says that it must be understood', async () => {
    interchangeIn(await ask(company, { edit: withSecurity }))
  })

  test('UserName and Password in a form', async () => {
    const credential = (name: string) => `\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nx\r\n`
    interchangeIn(
      await ask(company, {
        envelope: 'mime',
        edit: (body) => {
          const delimiter = body.slice(0, body.indexOf('\r\n'))
          return `${delimiter}${credential('UserName')}${delimiter}${credential('Password')}${body}`
        },
      }),
    )
  })
})

describe('what is wrong with an envelope is told in one', () => {
  const BAD: readonly (readonly [what: string, sent: Sent, code: string, says: RegExp])[] = [
    [
      'a field that is missing',
      { edit: (body) => body.replace(/<SenderID>.*<\/SenderID>/, '') },
      'SenderIDRequired',
      /^\/Envelope\/Body\/COREEnvelopeRealTimeRequest\/SenderID: SenderID is missing/,
    ],
    [
      'a payload that is missing',
      { edit: (body) => body.replace(/<Payload>.*<\/Payload>/s, '') },
      'PayloadRequired',
      /Payload is missing/,
    ],
    ['an id that is no UUID', { payloadId: '12121' }, 'PayloadIDIllegal', /expected a UUID/],
    [
      'a moment that does not exist',
      { edit: (body) => body.replace(/<TimeStamp>[^<]*/, '<TimeStamp>2026-02-30T00:00:00Z') },
      'TimeStampIllegal',
      /2026-02-30/,
    ],
    [
      'a type that is no 278',
      { payloadType: 'X12_270_Request_005010X279A1' },
      'PayloadTypeIllegal',
      /X12_278_Request_005010X217E1_2/,
    ],
    [
      'a type of another guide than its payload',
      { payloadType: 'X12_278_Request_005010X215' },
      'PayloadTypeIllegal',
      /the interchange is X12_278_Request_005010X217E1_2/,
    ],
    [
      'a rule that is not spoken here',
      { edit: (body) => body.replace('>2.2.0<', '>5.0.0<') },
      'VersionMismatch',
      /expected 2\.2\.0 or 4\.0\.0/,
    ],
    [
      'a rule that is another than its namespace',
      { edit: (body) => body.replace('>2.2.0<', '>4.0.0<') },
      'VersionMismatch',
      /as the namespace of the envelope says/,
    ],
    [
      'a namespace that is not spoken here',
      { edit: (body) => body.replace('CORERule2.2.0.xsd', 'CORERule2.0.1.xsd') },
      'VersionMismatch',
      /expected the namespace/,
    ],
    [
      'a batch',
      { edit: (body) => body.replace('>RealTime<', '>Batch<') },
      'ProcessingModeIllegal',
      /expected RealTime, as the element around it says/,
    ],
    [
      'a checksum of something else',
      { edit: (body) => body.replace('<Payload>', `<CheckSum>${'0'.repeat(40)}</CheckSum><Payload>`) },
      'ChecksumMismatched',
      /another SHA-1/,
    ],
    [
      'a length of a gigabyte',
      { edit: (body) => body.replace('<TimeStamp>', '<PayloadLength>1073741824</PayloadLength><TimeStamp>') },
      'PayloadLengthIllegal',
      /found "1073741824"/,
    ],
    [
      'a field that nobody knows',
      { edit: (body) => body.replace('<TimeStamp>', '<Priority>1</Priority><TimeStamp>') },
      'PriorityNotUnderstood',
      /Priority/,
    ],
    [
      'a field of a form that is missing',
      { envelope: 'mime', edit: (body) => body.replace('name="CORERuleVersion"', 'name="CORERuleversion"') },
      'CORERuleVersionRequired',
      /^part CORERuleVersion: .*CORERuleversion/,
    ],
  ]
  for (const [what, sent, code, says] of BAD)
    test(`${what}: ${code}`, async () => {
      const answer = await withoutEffect(() => ask(company, sent), 'request/invalid')
      const { error, message } = errorIn(answer)
      assert.equal(error, code)
      assert.match(message, says)
    })

  test('all of it at once', async () => {
    const answer = await ask(company, {
      payloadId: 'x',
      payloadType: 'y',
      edit: (body) => body.replace(/<(SenderID|ReceiverID)>[^<]*/g, '<$1>').replace('RealTime<', 'Fast<'),
    })
    const { error, message } = errorIn(answer)
    assert.equal(error, 'PayloadTypeIllegal')
    for (const field of ['PayloadType', 'ProcessingMode', 'PayloadID', 'SenderID', 'ReceiverID'])
      assert.match(message, new RegExp(`COREEnvelopeRealTimeRequest/${field}: `))
  })

  test('a whole batch, with its length and checksum, is refused as one', async () => {
    for (const kind of ['soap', 'mime'] as const) {
      const { contentType, body } = encodeCoreRequest(aBatch(), kind, sha1)
      const answer = await withoutEffect(
        () =>
          company.call({
            method: 'POST',
            url: pathOf(kind),
            headers: { 'content-type': contentType },
            payload: Buffer.from(body),
          }),
        'request/invalid',
      )
      const { error, message } = errorIn(answer)
      assert.equal(error, 'ProcessingModeIllegal')
      assert.match(message, /ProcessingMode: batches are not taken in an envelope/)
    }
  })
})

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')
const aBatch = (): CoreRequest => ({
  payloadType: 'X12_278_Request_005010X217E1_2',
  processingMode: 'Batch',
  payloadId: PAYLOAD_ID,
  timeStamp: servers.clock.now(),
  senderId: 'LARKSPUR',
  receiverId: 'QFHP1',
  ruleVersion: '2.2.0',
  payload: fresh(),
})

describe('what is wrong with the interchange is told as X12 tells it, in an envelope that went well', () => {
  test('a segment that the guide does not have: 999', async () => {
    const interchange = fresh()
      .replace('~UM*', '~ZZZ*1~UM*')
      .replace(/SE\*(\d+)/, (_, n) => `SE*${Number(n) + 1}`)
    const answer = await withoutEffect(() => ask(company, { interchange }), 'request/invalid')
    const told = interchangeIn(answer)
    assert.equal(told.payloadType, 'X12_999_Response_005010X231A1')
    assert.match(told.interchange, /~IK3\*ZZZ\*/)
    assert.match(told.interchange, /~AK9\*R\*/)
    assert.ok(decodeInterchange(told.interchange).ok)
  })

  test('a count of groups that is wrong: TA1', async () => {
    const interchange = fresh().replace(/IEA\*1\*/, 'IEA*2*')
    const told = interchangeIn(await ask(company, { envelope: 'soap-mtom', interchange }))
    assert.equal(told.payloadType, 'X12_TA1_Response_00501X231A1')
    assert.match(told.interchange, /~TA1\*\d{9}\*\d+\*\d+\*R\*021~/)
  })

  test('what is no interchange: PayloadIllegal', async () => {
    const { error } = errorIn(
      await ask(company, { interchange: 'Dear Sirs,', payloadType: 'X12_278_Request_005010X217' }),
    )
    assert.equal(error, 'PayloadIllegal')
  })

  test('a payer that nobody knows in production: a 278 with AAA', async () => {
    const other = await servers.production.aCompany()
    const { interchange } = interchangeIn(
      await ask(other, { interchange: fresh().replace('*0*T*:', '*0*P*:') }),
    )
    assert.match(interchange, /~AAA\*/)
  })
})

describe('what is no message at all', () => {
  const post = (url: string, contentType: string, payload: string | Buffer) =>
    company.call({ method: 'POST', url, headers: { 'content-type': contentType }, payload })

  test('XML that is none: a SOAP fault of the sender, with line and column', async () => {
    const { error, message } = errorIn(await post('/core/soap', 'application/soap+xml', '<a>\n <b></a>'), 400)
    assert.equal(error, 'soap:Sender')
    assert.match(message, /^line 2, column 5: expected <\/b>/)
  })

  test('SOAP 1.1: VersionMismatch, with the version that is spoken', async () => {
    const old = '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body/></S:Envelope>'
    const answer = await post('/core/soap', 'text/xml; charset=utf-8', old)
    assert.equal(errorIn(answer, 500).error, 'soap:VersionMismatch')
    assert.match(answer.body, /<soap:Upgrade>/)
  })

  test('a header that must be understood: MustUnderstand, with its name', async () => {
    const answer = await ask(company, {
      edit: (body) =>
        body.replace(
          '<soap:Body>',
          '<soap:Header><x:To xmlns:x="urn:x" soap:mustUnderstand="1"/></soap:Header><soap:Body>',
        ),
    })
    assert.equal(errorIn(answer, 500).error, 'soap:MustUnderstand')
    assert.match(answer.body, /<soap:NotUnderstood qname="n:To" xmlns:n="urn:x"\/>/)
  })

  test('a form without the boundary that it names: a problem document', async () => {
    const answer = await post('/core/mime', 'multipart/form-data; boundary=here', '--there\r\n\r\n--there--')
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(answer.json().code, 'request/unreadable')
  })

  test('another media type: 415', async () => {
    for (const [url, type] of [
      ['/core/soap', 'application/json'],
      ['/core/soap', 'application/soap+xml; charset=utf-16'],
      ['/core/mime', 'application/soap+xml'],
    ] as const)
      assert.equal((await post(url, type, 'x')).statusCode, 415)
  })

  test('a body that is larger than the server takes: 413', async () => {
    assert.equal((await post('/core/soap', 'application/soap+xml', Buffer.alloc(70_000, 32))).statusCode, 413)
  })
})

describe('the sandbox is steered as it is everywhere', () => {
  test('X-Sandbox-Scenario: deny is denied', async () => {
    const { interchange } = interchangeIn(await ask(company, {}, { 'x-sandbox-scenario': 'deny' }))
    assert.match(interchange, /~HCR\*A3/)
  })

  test('a scenario that there is not is a SOAP fault', async () => {
    assert.equal(errorIn(await ask(company, {}, { 'x-sandbox-scenario': 'sing' }), 400).error, 'soap:Sender')
  })
})
