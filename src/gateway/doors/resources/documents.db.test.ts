import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { aSubmission } from '../../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { MOST_DOCUMENTS } from '../../../cases/documents/index.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { GrantedProvider } from '../../administration/index.ts'
import { MOST_BYTES } from './sent-document.ts'

let databases: TestDatabases
let servers: TestServers
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const own = (npi: string): GrantedProvider => ({ npi, relation: 'own', from: 0 as Instant })
const aPdf = (text = `notes ${++serial}`) => Buffer.from(`%PDF-1.7\n${text}\n%%EOF`)
const aCompany = () => servers.sandbox.aCompany()
async function submitted(company: TestCompany): Promise<string> {
  const request = aSubmission({ memberId: `QFDOC${++serial}`, transaction: `T-${serial}` })
  const answer = await company.post('submission', request)
  assert.equal(answer.statusCode, 200, answer.body)
  return `auth_${answer.json().authorizationId}`
}
const add = (
  company: TestCompany,
  id: string,
  payload: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  company.call({
    method: 'POST',
    url: `/v1/authorizations/${id}/documents`,
    headers: { 'content-type': 'application/pdf', ...headers },
    payload,
  })
const get = (company: TestCompany, id: string, document = ''): Promise<Answer> =>
  company.call({ method: 'GET', url: `/v1/authorizations/${id}/documents${document && `/${document}`}` })
const acts = async (answer: Answer) =>
  (await servers.sandbox.audit())
    .filter(({ request_id }) => request_id === answer.headers['x-request-id'])
    .map(({ act, outcome, on_id }) => [act, outcome, on_id])

describe('a document', () => {
  test('is kept with the case and given back byte for byte, to be saved and never shown', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    const content = aPdf()
    const added = await add(company, id, content, {
      'content-disposition': 'attachment; filename="notes.pdf"',
      'attachment-control-number': 'DMN0012',
    })
    assert.equal(added.statusCode, 201, added.body)
    const told = added.json()
    assert.deepEqual(
      { ...told, id: '', addedAt: '' },
      {
        id: '',
        mediaType: 'application/pdf',
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        addedAt: '',
        isYours: true,
        name: 'notes.pdf',
        attachmentControlNumber: 'DMN0012',
      },
    )
    assert.equal(added.headers.location, `/v1/authorizations/${id}/documents/${told.id}`)
    const taken = await get(company, id, told.id)
    assert.deepEqual(taken.rawPayload, content)
    assert.equal(taken.headers['content-type'], 'application/pdf')
    assert.equal(taken.headers['x-content-type-options'], 'nosniff')
    assert.equal(taken.headers['cache-control'], 'no-store')
    assert.equal(
      taken.headers['content-disposition'],
      `attachment; filename="${told.id}.pdf"; filename*=UTF-8''notes.pdf`,
    )
    assert.deepEqual((await get(company, id)).json(), { documents: [told], awaited: [] })
    assert.deepEqual(await acts(added), [['document.add', 'done', id]])
    assert.deepEqual(await acts(taken), [['document.read', 'done', id]])
  })

  test('that is sent again is the one that was kept: 200, and no second one', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    const content = aPdf()
    const [first, again] = [await add(company, id, content), await add(company, id, content)]
    assert.deepEqual([first.statusCode, again.statusCode], [201, 200])
    assert.equal(again.json().id, first.json().id)
    assert.equal((await get(company, id)).json().documents.length, 1)
  })

  test('that the request names and that has not come is awaited, until one comes by that number', async () => {
    const company = await aCompany()
    const request = aSubmission({ memberId: `QFDOC${++serial}`, transaction: `T-${serial}` })
    const event = request.patientEventDetail as object
    const attachments = [{ reportTypeCode: '77', transmissionCode: 'EL', controlNumber: 'DMN0013' }]
    const sent = await company.post('submission', {
      ...request,
      patientEventDetail: { ...event, attachments },
    })
    const id = `auth_${sent.json().authorizationId}`
    const awaited = [{ attachmentControlNumber: 'DMN0013', reportType: '77' }]
    assert.deepEqual((await get(company, id)).json(), { documents: [], awaited })
    await add(company, id, aPdf(), { 'attachment-control-number': 'dmn0013' })
    assert.deepEqual((await get(company, id)).json().awaited, [])
  })

  test('of ten megabytes is taken, and one byte more is not (413)', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    const content = Buffer.concat([aPdf(), Buffer.alloc(MOST_BYTES)])
    assert.equal((await add(company, id, content.subarray(0, MOST_BYTES))).statusCode, 201)
    const refused = await add(company, id, content.subarray(0, MOST_BYTES + 1))
    assert.deepEqual([refused.statusCode, refused.json().code], [413, 'request/too-large'])
    assert.match(refused.json().detail, /10485760 bytes at most/)
  })

  test('is at rest neither readable nor named', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    await add(company, id, aPdf('Wren Calloway, notes'), {
      'content-disposition': 'attachment; filename="calloway.pdf"',
    })
    const rows = await databases.engine.alone(async (connection) => {
      const { schema } = databases.sandbox
      await connection.script(`begin; alter table ${schema}.documents no force row level security`)
      try {
        return await connection.query<{ row: string }>(
          `select documents::text || convert_from(decode(encode(sealed_content, 'hex'), 'escape'), 'latin1') as row from ${schema}.documents where case_id = $1`,
          [id],
        )
      } finally {
        await connection.script('rollback')
      }
    })
    assert.equal(rows.length, 1)
    for (const secret of ['%PDF', 'alloway', Buffer.from('alloway').toString('hex')])
      assert.equal(rows[0]?.row.includes(secret), false, secret)
  })
})

describe('who sees them', () => {
  test('a company that takes part in the case does, and may add its own; whose each is it is told, and not which company’s', async () => {
    const clinic = await servers.sandbox.aCompany(undefined, [own('1234567893')])
    const partner = await servers.sandbox.aCompany(undefined, [own('1234567893')])
    const id = await submitted(clinic)
    const { id: document } = (await add(clinic, id, aPdf())).json()
    assert.equal((await get(partner, id, document)).statusCode, 200)
    servers.clock.advance(1000)
    assert.equal((await add(partner, id, aPdf())).statusCode, 201)
    const listed = await get(partner, id)
    assert.deepEqual(
      listed.json().documents.map((one: { readonly isYours: boolean }) => one.isYours),
      [false, true],
    )
    assert.equal(listed.body.includes(clinic.organizationId), false)
  })

  test('another company is told that there is no such case, whatever it does', async () => {
    const [company, stranger] = [await aCompany(), await aCompany()]
    const id = await submitted(company)
    const { id: document } = (await add(company, id, aPdf())).json()
    for (const answer of [
      await get(stranger, id),
      await get(stranger, id, document),
      await add(stranger, id, aPdf()),
    ])
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'state/not-found'])
    assert.equal((await get(company, id)).json().documents.length, 1)
  })

  test('a document of one case is not found under another', async () => {
    const company = await aCompany()
    const [one, other] = [await submitted(company), await submitted(company)]
    const { id: document } = (await add(company, one, aPdf())).json()
    for (const name of [document, 'doc_1', 'doc_01989d5e-0000-7000-8000-000000000000'])
      assert.equal((await get(company, other, name)).statusCode, 404)
  })

  test('to add takes pa:submit, to read pa:read', async () => {
    const reader = await servers.sandbox.aCompany(['pa:read', 'pa:submit'])
    const id = await submitted(reader)
    const submitter = await servers.sandbox.aCompany(['pa:submit'])
    const onlyReads = await servers.sandbox.aCompany(['pa:read'])
    assert.equal((await get(submitter, id)).json().code, 'access/scope-missing')
    assert.equal((await add(onlyReads, id, aPdf())).json().code, 'access/scope-missing')
  })
})

describe('what is refused, and nothing kept', () => {
  const PROGRAM = Buffer.from('MZ\u0090\u0000 This program cannot be run in DOS mode', 'latin1')
  for (const [what, content, headers, status, at] of [
    ['no bytes', Buffer.alloc(0), {}, 422, ''],
    [
      'a program that is called .pdf',
      PROGRAM,
      { 'content-disposition': 'attachment; filename="a.pdf"' },
      422,
      '',
    ],
    ['a PNG that was sent as a PDF', Buffer.from('89504e470d0a1a0a', 'hex'), {}, 422, ''],
    [
      'a PDF that is called .exe',
      aPdf(),
      { 'content-disposition': 'attachment; filename="a.exe"' },
      422,
      'Content-Disposition',
    ],
    [
      'a name that is a path',
      aPdf(),
      { 'content-disposition': 'attachment; filename="../a.pdf"' },
      422,
      'Content-Disposition',
    ],
    [
      'a name of hidden characters',
      aPdf(),
      { 'content-disposition': "attachment; filename*=UTF-8''a%00.pdf" },
      422,
      'Content-Disposition',
    ],
    [
      'a control number of one character',
      aPdf(),
      { 'attachment-control-number': 'X' },
      422,
      'Attachment-Control-Number',
    ],
    ['a type that is not taken', aPdf(), { 'content-type': 'application/zip' }, 415, undefined],
    ['JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, 415, undefined],
    ['a form', aPdf(), { 'content-type': 'multipart/form-data; boundary=x' }, 415, undefined],
  ] as const)
    test(what, async () => {
      const company = await aCompany()
      const id = await submitted(company)
      const answer = await add(company, id, content, headers)
      assert.equal(answer.statusCode, status, answer.body)
      assert.equal(answer.json().faults[0]?.at, at)
      assert.deepEqual((await get(company, id)).json(), { documents: [], awaited: [] })
    })

  test('all faults are told at once', async () => {
    const company = await aCompany()
    const answer = await add(company, await submitted(company), PROGRAM, {
      'content-disposition': 'attachment; filename="a.exe"',
      'attachment-control-number': 'X',
    })
    assert.equal(answer.json().faults.length, 3)
  })

  test('one document more of a company than a case takes', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    for (let i = 0; i < MOST_DOCUMENTS; i++) assert.equal((await add(company, id, aPdf())).statusCode, 201)
    const answer = await add(company, id, aPdf())
    assert.deepEqual([answer.statusCode, answer.json().code], [409, 'state/already-there'])
  })

  test('a place among the uploads is given back with each answer, whatever it is', async () => {
    const company = await aCompany()
    const id = await submitted(company)
    for (let i = 0; i < 20; i++) assert.equal((await add(company, id, PROGRAM)).statusCode, 422)
    assert.equal((await add(company, id, aPdf())).statusCode, 201)
  })
})
