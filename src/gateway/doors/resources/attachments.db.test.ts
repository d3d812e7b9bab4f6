/** Documents that come as X12 275: each goes to the case that its numbers lead to, all of them or none. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission } from '../../../../test/support/a-submission.ts'
import { type AttachmentParts, anAttachmentInterchange, PDF } from '../../../../test/support/attachments.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { secureRandom, vaultFromKey } from '../../../platform/secrets/index.ts'
import { savePayer } from '../../payers/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
  const vault = vaultFromKey(new Uint8Array(32).fill(2), secureRandom)
  const context = { actor: { kind: 'operator' }, environment: 'production', vault } as const
  const payer = { name: 'Marlow Health', wireIds: ['QFHP1'], lineOfBusiness: 'commercial' } as const
  await databases.production.transaction({ role: 'staff' }, (tx) =>
    savePayer(
      tx,
      { ...payer, standsInForUnknown: false },
      { ...context, at: servers.clock.now(), random: secureRandom },
    ),
  )
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const EDI = 'application/edi-x12'
let serial = 0
const aMember = () => `QFATT${++serial}`
const aPdf = () => Buffer.from(`%PDF-1.7\n~IEA*1*000000275~ invented ${++serial}`)

const send = (company: TestCompany, parts: AttachmentParts, headers: Readonly<Record<string, string>> = {}) =>
  company.call({
    method: 'POST',
    url: '/v1/attachments',
    headers: { 'content-type': EDI, ...headers },
    payload: anAttachmentInterchange(parts),
  })

/** A case whose request announces a document by a number. */
async function announced(to = sandbox) {
  const [company, memberId, controlNumber] = [await to.aCompany(), aMember(), `ACN${++serial}`]
  const body = aSubmission({ transaction: `T-${serial}`, memberId })
  const event = body.patientEventDetail as object
  const answer = await company.post('submission', {
    ...body,
    patientEventDetail: {
      ...event,
      attachments: [{ reportTypeCode: 'OZ', transmissionCode: 'EL', controlNumber }],
    },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  const id = `auth_${answer.json().authorizationId}`
  const told = (await company.call({ url: `/v1/authorizations/${id}` })).json()
  return { company, memberId, controlNumber, id, told }
}

const documentsOf = async (company: TestCompany, id: string) =>
  (await company.call({ url: `/v1/authorizations/${id}/documents` })).json()

describe('a document that a request announced (PWK06)', () => {
  test('is awaited, and once it came is there, byte for byte, and awaited no longer', async () => {
    const { company, memberId, controlNumber, id } = await announced()
    const before = await documentsOf(company, id)
    assert.deepEqual(
      before.awaited.map((one: { attachmentControlNumber: string }) => one.attachmentControlNumber),
      [controlNumber],
    )
    const data = aPdf()
    const answer = await send(company, { memberId, objects: [{ data, controlNumber }] })
    assert.equal(answer.statusCode, 201, answer.body)
    const { documents, acknowledgement, interchangeControlNumber } = answer.json()
    assert.equal(interchangeControlNumber, '000000275')
    assert.match(acknowledgement, /~AK1\*PI\*275\*006020X316~.*~IK5\*A~AK9\*A\*1\*1\*1~/)
    assert.deepEqual([documents[0].authorizationId, documents[0].isNew], [id, true])
    const after = await documentsOf(company, id)
    assert.deepEqual(after.awaited, [])
    assert.deepEqual(after.documents, [documents[0].document])
    assert.equal(after.documents[0].attachmentControlNumber, controlNumber)
    const got = await company.call({ url: `/v1/authorizations/${id}/documents/${after.documents[0].id}` })
    assert.deepEqual(got.rawPayload, data)
  })

  test('sent again is the document that is there', async () => {
    const { company, memberId, controlNumber, id } = await announced()
    const parts = { memberId, objects: [{ data: aPdf(), controlNumber }] }
    const first = await send(company, parts)
    const again = await send(company, parts)
    assert.deepEqual([again.statusCode, again.json().documents[0].isNew], [200, false])
    assert.equal(again.json().documents[0].document.id, first.json().documents[0].document.id)
    assert.equal((await documentsOf(company, id)).documents.length, 1)
  })
})

describe('a document is linked by a number of the payer', () => {
  for (const [what, parts] of [
    ['in its own trace', (number: string) => ({ objects: [{ data: aPdf(), below: [`TRN*2*${number}`] }] })],
    ['beside the patient', (number: string) => ({ head: [`REF*NT*${number}`], objects: [{ data: aPdf() }] })],
  ] as const)
    test(what, async () => {
      const { company, memberId, id, told } = await announced()
      const answer = await send(company, { memberId, ...parts(told.administrativeReference) })
      assert.equal(answer.statusCode, 201, answer.body)
      assert.equal(answer.json().documents[0].authorizationId, id)
    })

  test('of a certification', async () => {
    const { company, memberId, id, told } = await announced()
    const answer = await send(company, {
      memberId,
      head: [`REF*BB*${told.authorizationNumber}`],
      objects: [{ data: aPdf() }],
    })
    assert.equal(answer.json().documents?.[0].authorizationId, id, answer.body)
  })
})

describe('it is refused, and nothing is kept', () => {
  /** Sends it, and says what was wrong. */
  async function refusal(company: TestCompany, id: string, parts: AttachmentParts, to = sandbox) {
    const before = await to.rowCounts()
    const answer = await send(company, parts)
    assert.equal(answer.statusCode, 422, answer.body)
    const after = await to.rowCounts()
    assert.equal(after.documents, before.documents)
    assert.deepEqual((await documentsOf(company, id)).documents, [])
    return answer.json().faults as { at: string; message: string }[]
  }

  test('when no case goes by its number: which one, is said', async () => {
    const { company, memberId, id } = await announced()
    const faults = await refusal(company, id, {
      memberId,
      objects: [{ data: PDF, controlNumber: 'NOBODYS' }],
    })
    assert.equal(faults.length, 1)
    assert.match(String(faults[0]?.at), /^TRN-02, segment \d+, byte \d+$/)
    assert.match(String(faults[0]?.message), /^"NOBODYS" leads to no case/)
  })

  test('with the sound ones beside it, when one of several objects leads to no case', async () => {
    const { company, memberId, controlNumber, id } = await announced()
    const objects = [
      { data: aPdf(), controlNumber },
      { data: aPdf(), controlNumber: 'NOBODYS' },
    ]
    assert.equal((await refusal(company, id, { memberId, objects })).length, 1)
  })

  test('when the number is of a case of another member', async () => {
    const { company, id, told } = await announced()
    const faults = await refusal(company, id, {
      memberId: aMember(),
      objects: [{ data: PDF, below: [`TRN*2*${told.administrativeReference}`] }],
    })
    assert.match(String(faults[0]?.message), /is of a case of another member/)
  })

  test('when an object is of no type that is taken', async () => {
    const { company, memberId, controlNumber, id } = await announced()
    const faults = await refusal(company, id, {
      memberId,
      objects: [{ data: Buffer.from('MZ a program'), controlNumber }],
    })
    assert.match(String(faults[0]?.message), /of none that is taken/)
  })

  test('with all faults at once: of syntax, of objects, and of numbers', async () => {
    const { company, memberId, controlNumber, id } = await announced()
    const faults = await refusal(company, id, {
      memberId,
      se: 'SE*1*0001',
      objects: [
        { data: Buffer.from('MZ a program'), controlNumber },
        { data: aPdf(), controlNumber: 'NOBODYS' },
      ],
    })
    assert.equal(faults.length, 3, JSON.stringify(faults))
  })

  test('in production, when it is marked as a test (ISA15)', async () => {
    const { production } = servers
    const { company, memberId, controlNumber, id } = await announced(production)
    const objects = [{ data: aPdf(), controlNumber }]
    const faults = await refusal(company, id, { memberId, objects }, production)
    assert.equal(faults[0]?.at, 'ISA-15')
    const answer = await send(company, { memberId, objects, usage: 'P' })
    assert.equal(answer.statusCode, 201, answer.body)
  })

  test('when the case is one that the company may not see, as if there were none', async () => {
    const { memberId, controlNumber, id, told } = await announced()
    const stranger = await sandbox.aCompany(undefined, [])
    for (const below of [`TRN*1*${controlNumber}`, `TRN*2*${told.administrativeReference}`]) {
      const answer = await send(stranger, { memberId, objects: [{ data: PDF, below: [below] }] })
      assert.equal(answer.statusCode, 422)
      assert.ok(!answer.body.includes(id))
    }
  })

  test('with another media type, and when there is no interchange in it', async () => {
    const company = await sandbox.aCompany()
    const other = await send(company, {}, { 'content-type': 'application/json' })
    assert.deepEqual([other.statusCode, other.json().code], [415, 'request/media-type'])
    const nothing = await company.call({
      method: 'POST',
      url: '/v1/attachments',
      headers: { 'content-type': EDI, accept: EDI },
      payload: 'hello',
    })
    assert.deepEqual([nothing.statusCode, nothing.json().faults.length], [422, 1])
  })
})

describe('where Accept names X12, it is answered in X12', () => {
  test('by a 999, and by a TA1 where one is asked for', async () => {
    const { company, memberId, controlNumber } = await announced()
    const parts = { memberId, objects: [{ data: aPdf(), controlNumber }], asksForAcknowledgement: true }
    const answer = await send(company, parts, { accept: EDI })
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [201, EDI])
    assert.match(answer.body, /^ISA\*.*~TA1\*000000275\*270105\*1200\*A\*000~.*~AK9\*A\*1\*1\*1~/)
  })

  test('a number that leads nowhere refuses its transaction, at the TRN', async () => {
    const { company, memberId } = await announced()
    const parts = { memberId, objects: [{ data: PDF, controlNumber: 'NOBODYS' }] }
    const answer = await send(company, parts, { accept: EDI })
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [422, EDI])
    assert.match(answer.body, /~IK3\*TRN\*7\*.*~IK4\*2\*.*~IK5\*R.*~AK9\*R\*1\*1\*0~/)
  })

  test('a broken envelope is refused by a TA1 alone', async () => {
    const { company, memberId, controlNumber } = await announced()
    const parts = { memberId, objects: [{ data: PDF, controlNumber }], iea: 'IEA*1*000000999' }
    const answer = await send(company, parts, { accept: EDI })
    assert.match(answer.body, /~TA1\*000000275\*270105\*1200\*R\*001~IEA\*/)
  })
})

test('what it did is on the record: each document, and a refusal as one', async () => {
  const { company, memberId, controlNumber, id } = await announced()
  const sent = await send(company, { memberId, objects: [{ data: aPdf(), controlNumber }] })
  const refused = await send(company, { memberId, objects: [{ data: PDF, controlNumber: 'NOBODYS' }] })
  const entries = await sandbox.audit()
  const of = (requestId: unknown) =>
    entries
      .filter((entry) => entry.request_id === requestId)
      .map(({ act, outcome, on_id }) => [act, outcome, on_id])
  assert.deepEqual(of(sent.headers['x-request-id']), [['document.add', 'done', id]])
  assert.deepEqual(of(refused.headers['x-request-id']), [['document.attach', 'refused', null]])
})
