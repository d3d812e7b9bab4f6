import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission, MEMBER } from '../../../test/support/a-submission.ts'
import {
  aNotification,
  aNotificationInterchange,
  type NotificationParts,
} from '../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { decodeNoticeAnswer } from '../../formats/x12/index.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import { savePayer } from '../payers/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let production: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  ;({ sandbox, production } = servers)
  await databases.production.transaction({ role: 'staff' }, (tx) =>
    savePayer(
      tx,
      {
        name: 'Marlow Health',
        wireIds: ['QFHP1'],
        lineOfBusiness: 'commercial',
        standsInForUnknown: false,
        admissionNoticeHours: 24,
      },
      {
        actor: { kind: 'operator' },
        environment: 'production',
        vault: vaultFromKey(new Uint8Array(32).fill(2), secureRandom),
        at: servers.clock.now(),
        random: secureRandom,
      },
    ),
  )
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
/** Sends with a number of its own each time, so that nothing is taken for a retry. */
const send = (company: TestCompany, parts: NotificationParts = {}) =>
  company.post('noa', aNotification({ transaction: `N-${++serial}`, ...parts }))

/** An answer taken apart: what both of its renderings say. */
function opened(answer: Answer) {
  assert.equal(answer.statusCode, 200, answer.body)
  const { authorizationId, noa, ...rest } = answer.json()
  assert.deepEqual(rest, {})
  const decoded = decodeNoticeAnswer(noa.x12)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return { id: authorizationId as string | undefined, json: noa.json, outcome: decoded.value.answer.outcome }
}
function number(answer: Answer): string {
  const { outcome, json } = opened(answer)
  assert.ok(outcome.kind === 'acknowledged', JSON.stringify(outcome))
  assert.equal(json.patientEventDetail.administrativeReferenceNumber, outcome.referenceNumber)
  return outcome.referenceNumber
}
function refusal(answer: Answer) {
  const { outcome, id } = opened(answer)
  assert.equal(id, undefined)
  assert.ok(outcome.kind === 'rejected')
  return outcome.rejections
}
const read = (company: TestCompany, id: string | undefined) =>
  company.call({ method: 'GET', url: `/v1/admissions/${id}` })
async function stay(company: TestCompany, answer: Answer) {
  const resource = await read(company, opened(answer).id)
  assert.equal(resource.statusCode, 200, resource.body)
  return resource.json()
}
const NO_SUCH = [{ level: 'event', reason: 'AA', followUp: 'C' }]

describe('a notice of admission', () => {
  test('is acknowledged by a number, in both renderings, and nothing is decided', async () => {
    const answer = await send(await sandbox.aCompany())
    assert.match(number(answer), /^N[0-9A-Z]{13}$/)
    assert.doesNotMatch(answer.body, /certificationActionCode|HCR\*/)
  })

  test('is kept: who is where, under which number, since when', async () => {
    const company = await sandbox.aCompany()
    const answer = await send(company)
    const { state, kind, isLate, referenceNumber, notice, events, payer } = await stay(company, answer)
    assert.deepEqual(
      [state, kind, isLate, payer.name],
      ['unmatched', 'admission', false, 'Quillfeather Health Plan'],
    )
    assert.equal(referenceNumber, number(answer))
    assert.deepEqual(notice.event.admission, { from: '2027-01-03', until: '2027-01-03' })
    assert.deepEqual(
      events.map(({ type }: { type: string }) => type),
      ['admission.received', 'admission.unmatched'],
    )
  })

  test('is the same through either door', async () => {
    const [json, x12] = [await sandbox.aCompany(), await sandbox.aCompany()]
    const throughJson = await stay(json, await send(json))
    const sent = await x12.post('noa/x12', { x12: aNotificationInterchange() })
    const throughX12 = await stay(x12, sent)
    const gist = ({ state, kind, isLate, payer, notice }: typeof throughJson) => {
      const { correspondence: _, ...told } = notice
      return { state, kind, isLate, payer, told }
    }
    assert.deepEqual(gist(throughX12), gist(throughJson))
  })

  test('under the path noa/json is the same', async () => {
    const company = await sandbox.aCompany()
    number(await company.post('noa/json', aNotification()))
  })

  test('is told once: sent again word for word, it gets the very answer again', async () => {
    const company = await sandbox.aCompany()
    const first = await company.post('noa', aNotification())
    const before = await sandbox.rowCounts()
    const again = await company.post('noa', aNotification())
    assert.equal(again.body, first.body)
    assert.equal(again.headers['idempotency-replayed'], 'true')
    const after = await sandbox.rowCounts()
    assert.deepEqual({ ...after, audit_entries: 0 }, { ...before, audit_entries: 0 })
    const entry = (await sandbox.audit()).find((row) => row.request_id === again.headers['x-request-id'])
    assert.deepEqual([entry?.act, entry?.on_id], ['admission.notify', `adm_${opened(first).id}`])
  })

  test('sent again under another number of the sender’s is acknowledged by the same number, and not kept twice', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const before = await sandbox.rowCounts()
    const again = await send(company)
    assert.equal(number(again), number(first))
    assert.equal(again.headers['countersign-duplicate-of'], opened(first).id)
    const after = await sandbox.rowCounts()
    for (const table of ['admissions', 'admission_events', 'admission_exchanges'])
      assert.equal(after[table], before[table], table)
  })

  test('sent ten times at once makes one stay, of one number', async () => {
    const company = await sandbox.aCompany()
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(company)))
    assert.equal(new Set(answers.map(number)).size, 1)
  })

  test('after the payer’s window is marked late, and acknowledged all the same', async () => {
    const company = await sandbox.aCompany()
    const answer = await send(company, { event: { admissionDateBegin: '20261201' } })
    number(answer)
    assert.equal((await stay(company, answer)).isLate, true)
  })

  test('is late by the window of its payer: three days after is late for one, and not for another', async () => {
    const threeDaysAgo = { admissionDateBegin: '20270101' }
    const [usual, strict] = [await sandbox.aCompany(), await production.aCompany()]
    assert.equal((await stay(usual, await send(usual, { event: threeDaysAgo }))).isLate, false)
    assert.equal((await stay(strict, await send(strict, { event: threeDaysAgo }))).isLate, true)
  })

  test('of an observation is one', async () => {
    const company = await sandbox.aCompany()
    const answer = await send(company, { event: { facilityTypeCode: '13' } })
    assert.equal((await stay(company, answer)).kind, 'observation')
  })

  test('is on the audit record with the id of the admission, and without a member', async () => {
    const company = await sandbox.aCompany()
    const answer = await send(company)
    const rows = (await sandbox.audit()).filter((row) => row.request_id === answer.headers['x-request-id'])
    assert.deepEqual(
      rows.map(({ act, outcome, on_id }) => [act, outcome, on_id]),
      [['admission.notify', 'done', `adm_${opened(answer).id}`]],
    )
    for (const word of [MEMBER.memberId, MEMBER.lastName]) assert.ok(!JSON.stringify(rows).includes(word))
  })
})

describe('a later notice of the same stay', () => {
  test('of the discharge keeps the number, and changes what the stay is', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const left = await send(company, { event: { dischargeDate: '20270107' } })
    assert.equal(number(left), number(first))
    const { kind, notice, events } = await stay(company, first)
    assert.equal(kind, 'discharge')
    assert.equal(notice.event.dischargeDate, '2027-01-07')
    assert.equal(events.at(-1).type, 'admission.updated')
  })

  test('may name the number and the day of discharge alone', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const previousAdministrativeReferenceNumber = number(first)
    const left = await send(company, {
      subscriber: {},
      event: {
        previousAdministrativeReferenceNumber,
        certificationTypeCode: 'S',
        admissionDateBegin: undefined,
        dischargeDate: '20270107',
      },
    })
    assert.equal(number(left), previousAdministrativeReferenceNumber)
    const { notice } = await stay(company, first)
    assert.equal(notice.event.admission.from, '2027-01-03')
    assert.equal(notice.subscriber.memberId, MEMBER.memberId)
  })

  test('of another facility is a transfer', async () => {
    const company = await sandbox.aCompany()
    const facility = (identifier: string) => ({
      patientEventProviderName: [
        {
          entityIdentifierCode: 'FA',
          organizationName: 'Ward',
          identificationCodeQualifier: 'XX',
          identifier,
        },
      ],
    })
    const first = await send(company, { event: facility('1234567893') })
    const moved = await send(company, { event: facility('1881650737') })
    assert.equal(number(moved), number(first))
    assert.equal((await stay(company, first)).kind, 'transfer')
  })

  test('that discharges before the admission is refused, and changes nothing (X12 901 56)', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const early = await send(company, {
      event: {
        previousAdministrativeReferenceNumber: number(first),
        admissionDateBegin: undefined,
        dischargeDate: '20270101',
      },
    })
    assert.deepEqual(refusal(early), [{ level: 'event', reason: '56', followUp: 'C' }])
    assert.equal((await stay(company, first)).kind, 'admission')
  })

  test('that cancels takes it back; cancelled again, it is acknowledged by the same number', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const event = { previousAdministrativeReferenceNumber: number(first), certificationTypeCode: '3' }
    assert.equal(number(await send(company, { event })), number(first))
    assert.equal((await stay(company, first)).state, 'cancelled')
    const again = await send(company, { event })
    assert.equal(number(again), number(first))
    assert.equal(again.headers['countersign-duplicate-of'], opened(first).id)
  })

  test('after a cancellation opens a stay of its own', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const event = { previousAdministrativeReferenceNumber: number(first), certificationTypeCode: '3' }
    await send(company, { event })
    assert.notEqual(number(await send(company)), number(first))
  })

  test('under the number of another member’s stay is refused (X12 901 CI)', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const event = { previousAdministrativeReferenceNumber: number(first), certificationTypeCode: '3' }
    const other = await send(company, { memberId: 'QF10003', event })
    assert.deepEqual(refusal(other), [{ level: 'event', reason: 'CI', followUp: 'C' }])
    assert.equal((await stay(company, first)).state, 'unmatched')
  })

  test('under a number that was never given is refused (X12 901 AA)', async () => {
    const company = await sandbox.aCompany()
    const event = { previousAdministrativeReferenceNumber: 'N0000000000000', certificationTypeCode: '3' }
    assert.deepEqual(refusal(await send(company, { event })), NO_SUCH)
  })
})

describe('matching', () => {
  const inpatient = (more: object = {}) => ({
    ...aSubmission({ transaction: `T-${++serial}` }),
    patientEventDetail: {
      requestCategoryCode: 'AR',
      certificationTypeCode: 'I',
      serviceTypeCode: '1',
      facilityTypeCode: '21',
      facilityCodeQualifier: 'B',
      admissionDateBegin: '20270103',
      admissionDateEnd: '20270109',
      ...more,
    },
  })
  async function submitted(company: TestCompany, body: object): Promise<string> {
    const answer = await company.post('submission', body)
    assert.equal(answer.statusCode, 200, answer.body)
    return `auth_${answer.json().authorizationId}`
  }

  test('ties an admission to the member’s inpatient authorization for that day', async () => {
    const company = await sandbox.aCompany()
    const authorizationId = await submitted(company, inpatient())
    const { state, authorizationId: tied } = await stay(company, await send(company))
    assert.deepEqual([state, tied], ['matched', authorizationId])
  })

  test('ties none to an authorization for other days, nor to one for a visit', async () => {
    const company = await sandbox.aCompany()
    await submitted(company, inpatient({ admissionDateBegin: '20270201', admissionDateEnd: '20270203' }))
    await submitted(company, aSubmission({ transaction: `T-${++serial}` }))
    assert.equal((await stay(company, await send(company))).state, 'unmatched')
  })

  test('tells nothing of another company’s authorization for the same member and day', async () => {
    const [company, other] = [await sandbox.aCompany(), await sandbox.aCompany()]
    await submitted(other, inpatient())
    const answer = await send(company)
    const { state, authorizationId } = await stay(company, answer)
    assert.deepEqual([state, authorizationId], ['unmatched', undefined])
    // The acknowledgement is the same whether there is a match or not.
    assert.doesNotMatch(answer.body, /match/)
  })

  test('ties an admission that had none when a later notice finds one', async () => {
    const company = await sandbox.aCompany()
    const first = await send(company)
    const authorizationId = await submitted(company, inpatient())
    await send(company, { event: { dischargeDate: '20270107' } })
    const { state, authorizationId: tied } = await stay(company, first)
    assert.deepEqual([state, tied], ['matched', authorizationId])
  })
})

describe('who may not', () => {
  test('another company reads it as one that never was', async () => {
    const [company, other] = [await sandbox.aCompany(), await sandbox.aCompany()]
    const { id } = opened(await send(company))
    const answer = await read(other, id)
    assert.equal(answer.statusCode, 404)
    const never = await read(other, '01989d5e-0000-7000-8000-000000000000')
    assert.equal(answer.json().detail, never.json().detail)
  })

  test('another company’s cancellation is refused as of a number that was never given', async () => {
    const [company, other] = [await sandbox.aCompany(), await sandbox.aCompany()]
    const first = await send(company)
    const event = { previousAdministrativeReferenceNumber: number(first), certificationTypeCode: '3' }
    assert.deepEqual(refusal(await send(other, { event })), NO_SUCH)
    assert.equal((await stay(company, first)).state, 'unmatched')
  })

  test('another company that tells of the same stay gets a number of its own', async () => {
    const [company, other] = [await sandbox.aCompany(), await sandbox.aCompany()]
    const first = await send(company)
    const second = await send(other)
    assert.notEqual(number(second), number(first))
    assert.equal(second.headers['countersign-duplicate-of'], undefined)
  })

  test('a company that acts for the attending physician sees the stay, and not whether there is a case', async () => {
    const attending = '1881650737'
    const company = await production.aCompany()
    const surgeons = await production.aCompany(undefined, [
      { npi: attending, relation: 'own', from: 0 as never },
    ])
    const provider = {
      entityIdentifierCode: '71',
      lastName: 'Okonjo',
      identificationCodeQualifier: 'XX',
      identifier: attending,
    }
    const answer = await send(company, { event: { patientEventProviderName: [provider] } })
    const { state, notes, events } = await stay(surgeons, answer)
    assert.deepEqual([state, notes], ['received', []])
    assert.deepEqual(
      events.map(({ type }: { type: string }) => type),
      ['admission.received'],
    )
    assert.equal((await stay(company, answer)).state, 'unmatched')
  })

  test('a notice in the name of a provider that the company is not is refused in production', async () => {
    const company = await production.aCompany()
    const answer = await send(company, { npi: '1881650737' })
    assert.equal(answer.statusCode, 403, answer.body)
  })

  test('a token without pa:admit sends none', async () => {
    const company = await sandbox.aCompany(['pa:submit', 'pa:inquire', 'pa:read'])
    assert.equal((await send(company)).statusCode, 403)
  })
})

describe('what is refused', () => {
  test('an unknown payer, in the answer (X12 901 79)', async () => {
    const company = await production.aCompany()
    const answer = await send(company, { payerId: 'NOBODY' })
    assert.deepEqual(refusal(answer), [{ level: 'payer', reason: '79', followUp: 'C' }])
  })

  test('a notice without a day of admission, at that field', async () => {
    const answer = await send(await sandbox.aCompany(), { event: { admissionDateBegin: undefined } })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json()[0], /^\/patientEventDetail\/admissionDateBegin: is missing/)
  })

  test('a discharge before its own admission, at that field', async () => {
    const answer = await send(await sandbox.aCompany(), { event: { dischargeDate: '20270102' } })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json()[0], /^\/patientEventDetail\/dischargeDate: is before the admission/)
  })

  test('an interchange of another guide, with the path that reads it', async () => {
    const company = await sandbox.aCompany()
    const x12 = aNotificationInterchange()
    const answer = await company.post('submission/x12', { x12 })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json()[0], /expected 005010X217, found 005010X216. Send it to noa\/x12/)
  })

  test('an NPI whose check digit is wrong is put up with, and noted', async () => {
    const company = await sandbox.aCompany()
    const { notes } = await stay(company, await send(company, { npi: '1234567890' }))
    assert.deepEqual(
      notes.map(({ at }: { at: string }) => at),
      ['/source/npi'],
    )
  })
})
