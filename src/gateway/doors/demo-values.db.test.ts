/** Test ids however they are written, and the demonstration values that the published samples name and no table has. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  anInquiryInterchange,
  anInterchange,
  aSubmission,
  type SubmissionParts,
} from '../../../test/support/a-submission.ts'
import { aNotification, aNotificationInterchange } from '../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { decodeInquiry } from '../../formats/json/index.ts'
import { encodeRequest } from '../../formats/x12/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let production: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  ;({ sandbox, production } = servers)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aNumber = () => `D-${++serial}`

/** The doors of a submission. */
const SUBMIT = {
  JSON: (company: TestCompany, parts: SubmissionParts) =>
    company.post('submission', aSubmission({ transaction: aNumber(), ...parts })),
  X12: (company: TestCompany, parts: SubmissionParts) =>
    company.post('submission/x12', { x12: anInterchange({ transaction: aNumber(), ...parts }) }),
} as const

/** The doors of a question, of this operation. */
const ASK = {
  JSON: (company: TestCompany, operation: string, parts: SubmissionParts, plan: object = {}) =>
    company.post(operation, { ...aSubmission({ transaction: aNumber(), ...parts }), ...plan }),
  X12: (company: TestCompany, operation: string, parts: SubmissionParts, plan: object = {}) => {
    const decoded = decodeInquiry(aSubmission({ transaction: aNumber(), ...parts }))
    assert.ok(decoded.ok, JSON.stringify(decoded))
    const x12 = encodeRequest(decoded.value, {
      guide: '215',
      at: servers.clock.now(),
      interchangeControlNumber: '000000419',
      usage: 'T',
    })
    return company.post(`${operation}/x12`, { ...plan, x12 })
  },
} as const
const DOORS = ['JSON', 'X12'] as const

/** An event that asks about these codes alone. */
const about = (...codes: readonly string[]) => ({
  patientEventDetail: {
    ...(aSubmission().patientEventDetail as object),
    serviceLevel: codes.map((procedureCode) => ({
      professionalService: { productOrServiceIDQualifier: 'HC', procedureCode },
    })),
  },
})

for (const door of DOORS)
  for (const [how, id] of [
    ['in small letters', '278_217_03_a3'],
    ['filled up to the fifteen characters of ISA08', '278_217_03_A3  '],
  ] as const)
    test(`a test id ${how} is the same one, as ${door}`, async () => {
      const company = await sandbox.aCompany()
      const answer = await SUBMIT[door](company, { senderId: id, umClearingHouseId: id })
      assert.equal(answer.statusCode, 200, answer.body)
      assert.equal(answer.json().submission.json.patientEventDetail.certificationActionCode, 'A3')
    })

for (const [id, segment] of [
  ['000000000000001', 'HCR*A1*'],
  ['000000000000003', 'AAA*N**AA*C~'],
] as const)
  for (const door of DOORS)
    test(`an inquiry to the payer ${id} is answered ${segment}, whoever receives it, as ${door}`, async () => {
      const answer = await ASK[door](await sandbox.aCompany(), 'inquiry', { payerId: id })
      assert.equal(answer.statusCode, 200, answer.body)
      assert.ok(answer.json().inquiry.x12.includes(`~${segment}`), answer.body)
    })

describe('production', () => {
  test('refuses a test id in small letters, in JSON', async () => {
    const company = await production.aCompany()
    const answer = await company.post('submission', aSubmission({ umClearingHouseId: '278_217_03_a3' }))
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json()[0], /^\/umClearingHouseId: .*found the test id "278_217_03_a3"/)
  })

  test('refuses a test id in small letters, in an interchange', async () => {
    const company = await production.aCompany()
    const x12 = anInterchange({ umClearingHouseId: '278_217_03_a3' }, { usage: 'P' })
    const answer = await company.post('submission/x12', { x12 })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json()[0], /^ISA-08: .*found the test id "278_217_03_a3"/)
  })

  for (const id of ['000000000000001', '000000000000002', '000000000000003', '000000000000004'])
    test(`refuses an inquiry to ${id} in an interchange`, async () => {
      const company = await production.aCompany()
      const x12 = anInquiryInterchange({ umClearingHouseId: id }).replace('*0*T*:~', '*0*P*:~')
      const answer = await company.post('inquiry/x12', { x12 })
      assert.equal(answer.statusCode, 400)
      assert.match(answer.json()[0], new RegExp(`^ISA-08: .*found the test id "${id}"`))
    })
})

describe('the demonstration values of the published samples (reference section 3.3)', () => {
  for (const door of DOORS) {
    test(`a notice to IMNDIRECT of the member NOA-01-SUCCESS is acknowledged, as ${door}`, async () => {
      const company = await sandbox.aCompany()
      const parts = { memberId: 'NOA-01-SUCCESS', payerId: '60054', umClearingHouseId: 'IMNDIRECT' }
      const answer =
        door === 'JSON'
          ? await company.post('noa', aNotification({ transaction: aNumber(), ...parts }))
          : await company.post('noa/x12', {
              x12: aNotificationInterchange({ transaction: aNumber(), ...parts }),
            })
      assert.equal(answer.statusCode, 200, answer.body)
      const { x12, json } = answer.json().noa
      assert.match(x12, /~REF\*NT\*N/)
      assert.match(json.patientEventDetail.administrativeReferenceNumber, /^N/)
    })

    test(`a determination of 70488 for the member TST1 of INQDEMO says that it needs authorization, as ${door}`, async () => {
      const company = await sandbox.aCompany(['pa:determine'])
      const asked = { memberId: 'TST1', payerId: 'INQDEMO', umClearingHouseId: 'INQDEMO', ...about('70488') }
      const answer = await ASK[door](company, 'determination', asked)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.deepEqual(outcomes(answer.json()), { '70488': 'required' })
    })

    test(`an orchestration for multi-01-approved of UHCDEMODV1 inquires after what needs authorization, as ${door}`, async () => {
      const company = await sandbox.aCompany(['pa:determine', 'pa:inquire'])
      const asked = {
        memberId: 'multi-01-approved',
        umClearingHouseId: 'UHCDIRECT',
        ...about('T1000', '9876T'),
      }
      const plan = { rhPayerId: 'UHCDEMODV1', planId: '41' }
      const answer = await ASK[door](company, 'authorization', asked, plan)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.deepEqual(outcomes(answer.json()), { T1000: 'required', '9876T': 'not-required' })
      assert.equal(answer.json().inquiry.length, 1)
    })

    test(`a determination for plan 6223 of COMM112601 is answered code by code, as ${door}`, async () => {
      const company = await sandbox.aCompany(['pa:determine'])
      const plan = { rhPayerId: 'COMM112601', planId: 6223 }
      const answer = await ASK[door](company, 'determination', about('0042T', 'Q5127'), plan)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.deepEqual(Object.keys(outcomes(answer.json())), ['0042T', 'Q5127'])
    })
  }
})

interface Rule {
  readonly code: string
  readonly outcome: string
}
const outcomes = ({ determination }: { readonly determination: { readonly rules: readonly Rule[] } }) =>
  Object.fromEntries(determination.rules.map(({ code, outcome }) => [code, outcome]))
