import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  anInquiryInterchange,
  anInterchange,
  aSubmission,
  MEMBER,
} from '../../../test/support/a-submission.ts'
import { onServer, openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  BASE,
  BODY_LIMIT_BYTES,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let production: TestEnvironment
/** Tokens and secrets that were used, which the log must not hold. */
const confidential: string[] = []
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  ;({ sandbox, production } = servers)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

async function aCompany(
  environment: TestEnvironment,
  scopes?: Parameters<TestEnvironment['aCompany']>[0],
): Promise<TestCompany> {
  const company = await environment.aCompany(scopes)
  confidential.push(company.token, company.client.clientSecret)
  return company
}

/** The errors of the compatible API: a bare array of strings, with the headers that every answer of it has. */
function errorsIn(answer: Answer): readonly string[] {
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.match(String(answer.headers['x-amzn-trace-id']), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  assert.match(String(answer.headers['transaction-id']), /^[0-9a-f-]{36}$/)
  const errors: unknown = answer.json()
  assert.ok(Array.isArray(errors) && errors.length > 0)
  for (const error of errors) assert.equal(typeof error, 'string')
  return errors
}

/** Sends, and sees to it that nothing came of it but one entry of the audit record, which names the problem. */
async function refused(
  environment: TestEnvironment,
  send: () => Promise<Answer>,
  problem: string,
): Promise<Answer> {
  const before = await environment.rowCounts()
  const answer = await send()
  assert.deepEqual(await environment.rowCounts(), {
    ...before,
    audit_entries: (before.audit_entries ?? 0) + 1,
  })
  const entry = (await environment.audit()).find((row) => row.request_id === answer.headers['x-request-id'])
  assert.deepEqual([entry?.outcome, entry?.problem], ['refused', problem])
  return answer
}

async function accepted(answer: Answer | Promise<Answer>): Promise<string> {
  const { statusCode, body } = await answer
  assert.equal(statusCode, 200, body)
  return String(JSON.parse(body).authorizationId)
}

const X12 = anInterchange()

interface BadInput {
  readonly what: string
  readonly path?: string
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly problem: string
  /** What the first error says: where, and what to do. */
  readonly says: RegExp
}

const BAD_INPUT: readonly BadInput[] = [
  {
    what: 'a body that is no JSON',
    body: `{"senderId": "LARKSPUR",\n "subscriber": {"lastName": "${MEMBER.lastName}",, }}`,
    status: 400,
    problem: 'request/unreadable',
    says: /line 2, column \d+/,
  },
  {
    what: 'a body that repeats a name',
    body: '{"senderId": "A", "senderId": "B"}',
    status: 400,
    problem: 'request/unreadable',
    says: /line 1, column 19/,
  },
  {
    what: 'an empty body',
    body: '',
    status: 400,
    problem: 'request/unreadable',
    says: /empty; send a JSON document/,
  },
  {
    what: 'a body that is no UTF-8',
    body: Buffer.concat([Buffer.from('{"senderId": "'), Buffer.from([0xff]), Buffer.from('"}')]),
    status: 400,
    problem: 'request/unreadable',
    says: /byte 14: not UTF-8\. Encode the body in UTF-8/,
  },
  {
    what: 'an array in place of an object',
    body: [],
    status: 400,
    problem: 'request/invalid',
    says: /object/,
  },
  {
    what: 'a plain text',
    body: JSON.stringify(aSubmission()),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    problem: 'request/media-type',
    says: /Send the body as application\/json\.$/,
  },
  {
    what: 'a form',
    body: 'senderId=LARKSPUR',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    problem: 'request/media-type',
    says: /Send the body as application\/json\.$/,
  },
  {
    what: 'another character set',
    body: JSON.stringify(aSubmission()),
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    status: 415,
    problem: 'request/media-type',
    says: /send it in UTF-8/,
  },
  {
    what: 'a body beyond the limit',
    body: JSON.stringify(aSubmission({ padding: 'x'.repeat(BODY_LIMIT_BYTES) })),
    status: 413,
    problem: 'request/too-large',
    says: /65536 bytes at most/,
  },
  {
    what: 'a submission without its payer',
    body: { ...aSubmission(), payerId: undefined },
    status: 400,
    problem: 'request/invalid',
    says: /^\/payerId: is missing$/,
  },
  {
    what: 'an inquiry that names nobody',
    path: 'inquiry',
    body: aSubmission({ subscriber: {} }),
    status: 400,
    problem: 'request/invalid',
    says: /^\/subscriber: .*Give memberId/,
  },
  {
    what: 'an Idempotency-Key that is none',
    body: aSubmission(),
    headers: { 'idempotency-key': 'one, two' },
    status: 400,
    problem: 'request/invalid',
    says: /^Idempotency-Key: .*Send one key of 1 to 255/,
  },
  {
    what: 'an x12 door without the field x12',
    path: 'submission/x12',
    body: { edi: X12 },
    status: 400,
    problem: 'request/invalid',
    says: /^\/x12: expected one interchange.*found nothing.*Send an object whose field x12/,
  },
  {
    what: 'an empty x12',
    path: 'submission/x12',
    body: { x12: '' },
    status: 400,
    problem: 'request/invalid',
    says: /^\/x12: .*found an empty string/,
  },
  {
    what: 'an x12 that is no text',
    path: 'inquiry/x12',
    body: { x12: [X12] },
    status: 400,
    problem: 'request/invalid',
    says: /^\/x12: .*found a value of type object/,
  },
  {
    what: 'an interchange that breaks off',
    path: 'submission/x12',
    body: { x12: X12.slice(0, X12.indexOf('~DTP')) },
    status: 400,
    problem: 'request/invalid',
    says: /segment \d+, byte \d+: .*Send the interchange whole, from ISA to IEA/,
  },
  {
    what: 'an interchange that breaks off within the ISA',
    path: 'submission/x12',
    body: { x12: X12.slice(0, 60) },
    status: 400,
    problem: 'request/invalid',
    says: /ISA/,
  },
  {
    what: 'an IEA with another control number',
    path: 'submission/x12',
    body: { x12: X12.replace('IEA*1*000000417', 'IEA*1*000000418') },
    status: 400,
    problem: 'request/invalid',
    says: /^IEA-02, segment \d+, byte \d+: expected the control number of ISA-13, "000000417"; found "000000418"/,
  },
  {
    what: 'a GE with another control number',
    path: 'submission/x12',
    body: { x12: X12.replace('GE*1*417', 'GE*1*1') },
    status: 400,
    problem: 'request/invalid',
    says: /^GE-02, segment \d+, byte \d+: expected the control number of GS-06/,
  },
  {
    what: 'an SE that counts wrong',
    path: 'submission/x12',
    body: { x12: X12.replace(/SE\*\d+\*/, 'SE*99*') },
    status: 400,
    problem: 'request/invalid',
    says: /^SE-01, segment \d+, byte \d+: expected the count \d+ .*found "99"/,
  },
  {
    what: 'an inquiry (215) where a submission is read',
    path: 'submission/x12',
    body: { x12: anInquiryInterchange() },
    status: 400,
    problem: 'request/invalid',
    says: /^ST-03: expected 005010X217, found 005010X215\. Send it to inquiry\/x12 instead/,
  },
  {
    what: 'a submission (217) where an inquiry is read',
    path: 'inquiry/x12',
    body: { x12: X12 },
    status: 400,
    problem: 'request/invalid',
    says: /^ST-03: expected 005010X215, found 005010X217\. Send it to submission\/x12 instead/,
  },
]

describe('bad input is refused, with its place and what to do, and nothing is stored', () => {
  for (const { what, path = 'submission', body, headers, status, problem, says } of BAD_INPUT) {
    test(`${what}: ${status}`, async () => {
      const company = await aCompany(sandbox)
      const answer = await refused(sandbox, () => company.post(path, body, headers), problem)
      assert.equal(answer.statusCode, status)
      assert.match(errorsIn(answer)[0] ?? '', says)
    })
  }

  test('all faults of a document are told at once', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.post(
      'submission',
      aSubmission({ payerId: '', transaction: '', senderId: '' }),
    )
    assert.equal(errorsIn(answer).length, 3)
  })
})

describe('who may not come in is told why, and nothing is stored', () => {
  test('a call without a token: 401, with a challenge that carries no error (RFC 6750 section 3.1)', async () => {
    const answer = await refused(
      sandbox,
      () => sandbox.server.inject({ method: 'POST', url: `${BASE}/submission`, payload: aSubmission() }),
      'access/token-missing',
    )
    assert.equal(answer.statusCode, 401)
    assert.match(errorsIn(answer)[0] ?? '', /Send an access token in the Authorization header/)
    const challenge = String(answer.headers['www-authenticate'])
    assert.match(challenge, /^Bearer realm="countersign sandbox", resource_metadata=/)
  })

  test('an expired token: 401, invalid_token (RFC 6750 section 3.1)', async () => {
    const company = await aCompany(sandbox)
    servers.clock.advance(24 * 60 * 60 * 1000)
    const answer = await refused(
      sandbox,
      () => company.post('submission', aSubmission()),
      'access/token-expired',
    )
    assert.equal(answer.statusCode, 401)
    assert.match(errorsIn(answer)[0] ?? '', /has expired\. Get a new one/)
    assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/)
  })

  for (const [home, away] of [
    ['sandbox', 'production'],
    ['production', 'sandbox'],
  ] as const) {
    test(`a token of the ${home} in the ${away}: 401, and it is named`, async () => {
      const { token } = await aCompany(servers[home])
      const answer = await refused(
        servers[away],
        () =>
          servers[away].server.inject({
            method: 'POST',
            url: `${BASE}/submission`,
            headers: { authorization: `Bearer ${token}` },
            payload: aSubmission(),
          }),
        'access/wrong-environment',
      )
      assert.equal(answer.statusCode, 401)
      assert.match(
        errorsIn(answer)[0] ?? '',
        new RegExp(`issued by the ${home}; this is the ${away}\\. Use the base URL`),
      )
    })
  }

  test('a token without the scope: 403, and the challenge names the scope (RFC 6750 section 3.1)', async () => {
    const company = await aCompany(sandbox, ['pa:inquire'])
    const answer = await refused(
      sandbox,
      () => company.post('submission/x12', { x12: X12 }),
      'access/scope-missing',
    )
    assert.equal(answer.statusCode, 403)
    assert.match(errorsIn(answer)[0] ?? '', /needs the scope pa:submit/)
    assert.match(String(answer.headers['www-authenticate']), /error="insufficient_scope".*scope="pa:submit"/)
  })

  test('who may not come in is told so before a word of the body is read', async () => {
    const company = await aCompany(sandbox, ['pa:inquire'])
    const answer = await company.post('submission', '{')
    assert.equal(answer.statusCode, 403)
  })

  test('a token in the query beside the one in the header: 400', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.post(`submission?access_token=${company.token}`, aSubmission())
    assert.equal(answer.statusCode, 400)
    errorsIn(answer)
  })
})

describe('paths and methods', () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'] as const) {
    test(`${method} where a POST is served: 405, with Allow (RFC 9110 section 15.5.6)`, async () => {
      const company = await aCompany(sandbox)
      const answer = await company.call({ method, url: `${BASE}/submission` })
      assert.equal(answer.statusCode, 405)
      assert.equal(answer.headers.allow, 'POST')
      assert.match(errorsIn(answer)[0] ?? '', /answers POST/)
    })
  }

  test('HEAD where a POST is served: 405, without a body', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.call({ method: 'HEAD', url: `${BASE}/submission` })
    assert.deepEqual([answer.statusCode, answer.headers.allow, answer.body], [405, 'POST', ''])
  })

  test('a path below the base that does not exist: 404, spelled as every error there', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.post('submissions', aSubmission())
    assert.equal(answer.statusCode, 404)
    assert.match(errorsIn(answer)[0] ?? '', /No operation has this path/)
  })

  test('a path elsewhere that does not exist: 404, as a problem document', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.call({ method: 'GET', url: '/rcm/elsewhere' })
    assert.equal(answer.statusCode, 404)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  })

  for (const path of ['submission', 'inquiry']) {
    test(`${path}/json is ${path} by another name`, async () => {
      const company = await aCompany(sandbox)
      const answer = await company.post(`${path}/json`, aSubmission())
      assert.equal(answer.statusCode, 200, answer.body)
      assert.ok(Object.hasOwn(answer.json(), path))
    })
  }

  test('the health check tells the version to whoever has a token', async () => {
    const company = await aCompany(sandbox, ['pa:read'])
    const answer = await company.call({ method: 'GET', url: `${BASE}/healthcheck` })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { status: 'OK', version: '0.0.0-test' })
    assert.match(String(answer.headers['x-amzn-trace-id']), /^Root=1-/)
  })

  test('the health check tells nothing to whoever has none', async () => {
    const answer = await sandbox.server.inject({ method: 'GET', url: `${BASE}/healthcheck` })
    assert.equal(answer.statusCode, 401)
    errorsIn(answer)
  })

  test('HEAD asks for the health check too', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.call({ method: 'HEAD', url: `${BASE}/healthcheck` })
    assert.deepEqual([answer.statusCode, answer.body], [200, ''])
  })
})

describe('problem documents in place of errors', () => {
  test('a caller whose Accept names application/problem+json gets one (RFC 9457)', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.post('submission', aSubmission({ payerId: '' }), {
      accept: 'application/json, application/problem+json',
    })
    assert.equal(answer.statusCode, 422)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    const { detail: _, ...problem } = answer.json()
    assert.deepEqual(problem, {
      type: 'https://docs.example/problems/request/invalid',
      title: 'The request breaks a rule of its format',
      status: 422,
      code: 'request/invalid',
      faults: [{ at: '/payerId', message: 'is missing' }],
      requestId: answer.headers['x-request-id'],
    })
  })

  for (const accept of ['*/*', 'application/json', 'application/problem+json;q=0, application/json']) {
    test(`a caller whose Accept is ${accept} gets the compatible errors`, async () => {
      const company = await aCompany(sandbox)
      const answer = await company.post('submission', aSubmission({ payerId: '' }), { accept })
      assert.equal(answer.statusCode, 400)
      assert.deepEqual(errorsIn(answer), ['/payerId: is missing'])
    })
  }
})

describe('the same request again', () => {
  test('with its Idempotency-Key: the same bytes, and the answer says that it is a replay', async () => {
    const company = await aCompany(sandbox)
    const send = () => company.post('submission', aSubmission(), { 'idempotency-key': '"k-1"' })
    const first = await send()
    const before = await sandbox.rowCounts()
    const second = await send()
    assert.equal(first.headers['idempotency-replayed'], undefined)
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.body, first.body)
    assert.equal(second.statusCode, first.statusCode)
    assert.deepEqual(await sandbox.rowCounts(), {
      ...before,
      audit_entries: (before.audit_entries ?? 0) + 1,
    })
  })

  test('a replay is on the record: who got the answer again', async () => {
    const company = await aCompany(sandbox)
    await company.post('submission', aSubmission())
    const again = await company.post('submission', aSubmission())
    const entry = (await sandbox.audit()).find((row) => row.request_id === again.headers['x-request-id'])
    assert.deepEqual(
      [entry?.act, entry?.outcome, entry?.organization_id],
      ['authorization.submit', 'done', company.organizationId],
    )
  })

  test('with another body under its key: 422, and nothing is stored', async () => {
    const company = await aCompany(sandbox)
    const key = { 'idempotency-key': 'k-2' }
    await accepted(company.post('submission', aSubmission(), key))
    const answer = await refused(
      sandbox,
      () => company.post('submission', aSubmission({ transaction: 'T-2' }), key),
      'idempotency/other-body',
    )
    assert.equal(answer.statusCode, 422)
    assert.match(errorsIn(answer)[0] ?? '', /Send a new key with a new request/)
  })

  test('a key of one company is none of another’s', async () => {
    const key = { 'idempotency-key': 'k-3' }
    const first = await (await aCompany(sandbox)).post('submission', aSubmission(), key)
    const second = await (await aCompany(sandbox)).post('submission', aSubmission(), key)
    assert.notEqual(first.json().authorizationId, second.json().authorizationId)
  })

  test('without a key, as JSON: known by its sender, transaction number and body', async () => {
    const company = await aCompany(sandbox)
    const first = await company.post('submission', aSubmission())
    const second = await company.post('submission', aSubmission())
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.body, first.body)
  })

  test('without a key, as a 278: known by its control numbers and body', async () => {
    const company = await aCompany(sandbox)
    const first = await company.post('submission/x12', { x12: X12 })
    const second = await company.post('submission/x12', { x12: X12 })
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.body, first.body)
  })

  test('another transaction number makes it another request', async () => {
    const company = await aCompany(sandbox)
    const first = await accepted(company.post('submission', aSubmission()))
    const second = await accepted(company.post('submission', aSubmission({ transaction: 'T-2' })))
    assert.notEqual(first, second)
  })

  test('what was refused is not kept: mended and sent again under its key, it is answered', async () => {
    const company = await aCompany(sandbox)
    const key = { 'idempotency-key': 'k-4' }
    await company.post('submission', aSubmission({ payerId: '' }), key)
    await accepted(company.post('submission', aSubmission(), key))
  })

  test('an inquiry without a key is answered anew each time', async () => {
    const company = await aCompany(sandbox)
    await company.post('inquiry', aSubmission())
    const id = await accepted(company.post('submission', aSubmission()))
    const again = await company.post('inquiry', aSubmission())
    assert.equal(again.headers['idempotency-replayed'], undefined)
    assert.equal(again.json().authorizationId, id)
  })

  test('a replay is authorized again: with an expired token there is none', async () => {
    const company = await aCompany(sandbox)
    await accepted(company.post('submission', aSubmission()))
    servers.clock.advance(23 * 60 * 60 * 1000)
    const answer = await company.post('submission', aSubmission())
    assert.equal(answer.statusCode, 401)
  })

  test('while the first is being answered: 409, with Retry-After', {
    skip: onServer ? false : 'requests take turns on the embedded engine',
  }, async () => {
    const company = await aCompany(sandbox)
    const { engine, schema } = sandbox.database
    const key = { 'idempotency-key': 'k-5' }
    const first = await engine.alone(async (connection) => {
      await connection.script(`begin; lock table ${schema}.authorizations in exclusive mode`)
      const answering = company.post('submission', aSubmission(), key)
      const waits = `select from pg_locks where not granted and relation = '${schema}.authorizations'::regclass`
      while ((await connection.query(waits)).length === 0);
      const second = await company.post('submission', aSubmission(), key)
      assert.equal(second.statusCode, 409)
      assert.equal(second.headers['retry-after'], '1')
      assert.match(errorsIn(second)[0] ?? '', /being answered right now. Send it again/)
      await connection.script('commit')
      return answering
    })
    const id = await accepted(first)
    assert.equal(await accepted(company.post('submission', aSubmission(), key)), id)
  })
})

describe('the same care again', () => {
  const pended = (transaction: string) => aSubmission({ memberId: 'QFPEND001', transaction })

  test('of a case that is open still: that case is told of, and no second one is made', async () => {
    const company = await aCompany(sandbox)
    const first = await accepted(company.post('submission', pended('P-1')))
    const before = await sandbox.rowCounts()
    const answer = await company.post('submission', pended('P-2'))
    assert.equal(answer.headers['countersign-duplicate-of'], first)
    assert.equal(answer.json().authorizationId, first)
    assert.equal(answer.json().submission.json.patientEventDetail.certificationActionCode, 'A4')
    assert.equal(answer.json().submission.json.submitterTransactionIdentifier, 'P-2')
    assert.equal((await sandbox.rowCounts()).authorizations, before.authorizations)
  })

  test('through the other door: that case too', async () => {
    const company = await aCompany(sandbox)
    const first = await accepted(company.post('submission', pended('P-1')))
    const x12 = anInterchange({ memberId: 'QFPEND001', transaction: 'P-2' })
    const answer = await company.post('submission/x12', { x12 })
    assert.equal(answer.headers['countersign-duplicate-of'], first)
  })

  test('from a sender who insists: a second case', async () => {
    const company = await aCompany(sandbox)
    const first = await accepted(company.post('submission', pended('P-1')))
    const answer = await company.post('submission', pended('P-2'), { 'countersign-allow-duplicate': 'true' })
    assert.equal(answer.headers['countersign-duplicate-of'], undefined)
    assert.notEqual(await accepted(answer), first)
  })

  test('from a sender who insists, word for word: a second case, once', async () => {
    const company = await aCompany(sandbox)
    const insist = { 'countersign-allow-duplicate': 'true' }
    const first = await accepted(company.post('submission', pended('P-1')))
    const second = await accepted(company.post('submission', pended('P-1'), insist))
    assert.notEqual(second, first)
    assert.equal(await accepted(company.post('submission', pended('P-1'), insist)), second)
  })

  test('from another company: a case of its own, and not a word of the first', async () => {
    const first = await accepted((await aCompany(sandbox)).post('submission', pended('P-1')))
    const answer = await (await aCompany(sandbox)).post('submission', pended('P-1'))
    assert.equal(answer.headers['countersign-duplicate-of'], undefined)
    assert.notEqual(await accepted(answer), first)
  })

  test('of a case that was certified: a new case', async () => {
    const company = await aCompany(sandbox)
    const first = await accepted(company.post('submission', aSubmission({ transaction: 'C-1' })))
    const answer = await company.post('submission', aSubmission({ transaction: 'C-2' }))
    assert.equal(answer.headers['countersign-duplicate-of'], undefined)
    assert.notEqual(await accepted(answer), first)
  })
})

describe('environments and payers', () => {
  test('an interchange marked as a test makes no case in production, and is told where to go', async () => {
    const company = await aCompany(production)
    const answer = await refused(
      production,
      () => company.post('submission/x12', { x12: anInterchange({}, { usage: 'T' }) }),
      'request/invalid',
    )
    assert.equal(answer.statusCode, 400)
    assert.match(errorsIn(answer)[0] ?? '', /^ISA-15: expected P .*Send it to the sandbox, or mark it P/)
  })

  test('an interchange marked for production is taken by the sandbox, with a note', async () => {
    const company = await aCompany(sandbox)
    const x12 = anInterchange({}, { usage: 'P' })
    const id = await accepted(company.post('submission/x12', { x12 }))
    const { notes } = (await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })).json()
    assert.ok(notes.some((note: { at: string }) => note.at === 'ISA-15'))
  })

  for (const path of ['submission', 'inquiry'] as const) {
    test(`an unknown payer in production: an answer (AAA 79 at the payer), no case, and an entry on the record (${path})`, async () => {
      const company = await aCompany(production)
      const before = await production.rowCounts()
      const answer = await company.post(path, aSubmission())
      assert.equal(answer.statusCode, 200, answer.body)
      const { authorizationId, ...rest } = answer.json()
      assert.equal(authorizationId, undefined)
      assert.deepEqual(rest[path].json.umRequestValidation, [
        { responseCode: 'N', rejectReasonCode: '79', followupActionCode: 'C' },
      ])
      assert.match(rest[path].x12, /~AAA\*N\*\*79\*C~/)
      const { audit_entries, idempotency_keys: _, ...counts } = await production.rowCounts()
      const { audit_entries: audited, idempotency_keys: __, ...countsBefore } = before
      assert.deepEqual(counts, countsBefore)
      assert.equal(audit_entries, (audited ?? 0) + 1)
    })
  }
})

describe('GET /v1/authorizations/{id}', () => {
  test('finds a case by its bare UUID and by its id with the prefix', async () => {
    const company = await aCompany(sandbox)
    const id = await accepted(company.post('submission', aSubmission()))
    for (const spelling of [id, `auth_${id}`, id.toUpperCase()]) {
      const answer = await company.call({ method: 'GET', url: `/v1/authorizations/${spelling}` })
      assert.equal(answer.statusCode, 200, answer.body)
      const found = answer.json()
      assert.deepEqual([found.id, found.state], [`auth_${id}`, 'approved'])
      assert.equal(found.request.subscriber.memberId, MEMBER.memberId)
      assert.equal(found.decision.action, 'certified')
      assert.deepEqual(
        found.events.map(({ sequence }: { sequence: number }) => sequence),
        found.events.map((_: unknown, index: number) => index + 1),
      )
    }
  })

  test('of another company’s case and of one that never was, the same is told', async () => {
    const theirs = await accepted((await aCompany(sandbox)).post('submission', aSubmission()))
    const company = await aCompany(sandbox)
    const read = async (id: string) => {
      const answer = await refused(
        sandbox,
        () => company.call({ method: 'GET', url: `/v1/authorizations/${id}` }),
        'state/not-found',
      )
      assert.equal(answer.statusCode, 404)
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
      const { requestId, ...problem } = answer.json()
      assert.equal(requestId, answer.headers['x-request-id'])
      return problem
    }
    const problem = await read(theirs)
    assert.deepEqual(await read('auth_01989d5e-0000-7000-8000-000000000000'), problem)
    assert.deepEqual(Object.keys(problem).sort(), ['code', 'detail', 'faults', 'status', 'title', 'type'])
  })

  for (const id of ['7', 'org_01989d5e-0000-7000-8000-000000000000', '%00', "'; drop table authorizations"]) {
    test(`what is no id of an authorization (${id}) is found nowhere: 404`, async () => {
      const company = await aCompany(sandbox)
      const url = `/v1/authorizations/${id.includes('%') ? id : encodeURIComponent(id)}`
      assert.equal((await company.call({ method: 'GET', url })).statusCode, 404)
    })
  }

  test('a token without pa:read: 403, as a problem document with the challenge', async () => {
    const id = await accepted((await aCompany(sandbox)).post('submission', aSubmission()))
    const company = await aCompany(sandbox, ['pa:submit'])
    const answer = await refused(
      sandbox,
      () => company.call({ method: 'GET', url: `/v1/authorizations/${id}` }),
      'access/scope-missing',
    )
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'access/scope-missing'])
    assert.match(String(answer.headers['www-authenticate']), /scope="pa:read"/)
  })

  test('a read is on the record', async () => {
    const company = await aCompany(sandbox)
    const id = await accepted(company.post('submission', aSubmission()))
    const answer = await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })
    const entry = (await sandbox.audit()).find((row) => row.request_id === answer.headers['x-request-id'])
    assert.deepEqual([entry?.act, entry?.outcome, entry?.on_id], ['authorization.read', 'done', `auth_${id}`])
  })
})

describe('headers', () => {
  test('a correlation id that is a UUID is echoed, on refusals too', async () => {
    const correlation = { 'x-optum-correlation-id': '0a0b0c0d-1111-4222-8333-444455556666' }
    const company = await aCompany(sandbox)
    for (const answer of [
      await company.post('submission', aSubmission(), correlation),
      await company.post('submission', '{', correlation),
      await company.post('submission', aSubmission(), { ...correlation, authorization: 'Bearer none' }),
    ])
      assert.equal(answer.headers['x-optum-correlation-id'], correlation['x-optum-correlation-id'])
  })

  test('a correlation id that is anything else is dropped', async () => {
    const company = await aCompany(sandbox)
    const answer = await company.post('submission', aSubmission(), {
      'x-optum-correlation-id': MEMBER.memberId,
    })
    assert.equal(answer.headers['x-optum-correlation-id'], undefined)
  })

  test('the tenant is the token’s, whatever x-optum-tenant-id says', async () => {
    const theirs = await aCompany(sandbox)
    const id = await accepted(theirs.post('submission', aSubmission()))
    const company = await aCompany(sandbox)
    const answer = await company.post('inquiry', aSubmission(), {
      'x-optum-tenant-id': theirs.organizationId.slice(4),
    })
    assert.equal(answer.statusCode, 200)
    assert.notEqual(answer.json().authorizationId, id)
  })
})

test('nothing that anybody sent is in the log: no member, no name, no body, no token, no secret', () => {
  const log = servers.log()
  assert.match(log, /"route":"\/rcm\/prior-authorization\/v1\/submission"/)
  assert.match(log, /"clientId":"cs_/)
  for (const word of [...Object.values(MEMBER), 'QFPEND001', 'ISA*', 'A0428', ...confidential])
    assert.ok(!log.toUpperCase().includes(word.toUpperCase()), `the log holds ${word.slice(0, 12)}`)
  assert.ok(!/"level":"(error|fatal)"/.test(log), log)
})
