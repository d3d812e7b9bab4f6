import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission, type SubmissionParts } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { requestOf } from '../../../test/support/decided-cases.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { encodeRequest } from '../../formats/x12/index.ts'

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
const DETAIL = aSubmission().patientEventDetail as object

/** The two spellings of one submission. */
const SPELLINGS = {
  json: (company: TestCompany, parts: SubmissionParts) => company.post('submission', aSubmission(parts)),
  x12: (company: TestCompany, parts: SubmissionParts) =>
    company.post('submission/x12', {
      x12: encodeRequest(requestOf(parts), {
        guide: '217',
        at: servers.clock.now(),
        interchangeControlNumber: String(++serial).padStart(9, '0'),
        usage: 'T',
      }),
    }),
} as const

const line = (procedureCode: string, more: object = {}) => ({
  professionalService: {
    productOrServiceIDQualifier: 'HC',
    procedureCode,
    unitOrBasisForMeasurementCode: 'UN',
    serviceUnitCount: '2',
    ...more,
  },
})
const aMember = () => `QFSUB${++serial}`
const actionsIn = (answer: Answer) =>
  [...String(answer.json().submission.x12).matchAll(/HCR\*(\w+)/g)].map(([, action]) => action)
const caseOf = async (company: TestCompany, answer: Answer) =>
  (await company.call({ method: 'GET', url: `/v1/authorizations/${answer.json().authorizationId}` })).json()

for (const [spelling, send] of Object.entries(SPELLINGS))
  describe(`as ${spelling}`, () => {
    test('each line is decided on its own: certified, waiting, needing nothing; and one that waits pends the event', async () => {
      const company = await servers.sandbox.aCompany()
      const serviceLevel = [line('A0428'), line('T1000'), line('A0425')]
      const answer = await send(company, {
        memberId: aMember(),
        transaction: `T-${++serial}`,
        patientEventDetail: { ...DETAIL, serviceLevel },
      })
      assert.equal(answer.statusCode, 200, answer.body)
      assert.deepEqual(actionsIn(answer), ['A4', 'A1', 'A4', 'NA'])
      const kept = await caseOf(company, answer)
      assert.deepEqual(
        kept.decision.lines.map(({ action }: { action: string }) => action),
        ['certified', 'pended', 'no-action-required'],
      )
    })

    test('an urgent request waits by the expedited clock, a planned one by the standard', async () => {
      const company = await servers.sandbox.aCompany()
      const hours: number[] = []
      for (const levelOfServiceCode of ['U', 'E']) {
        const answer = await send(company, {
          memberId: `QFPEND${++serial}`,
          transaction: `T-${++serial}`,
          patientEventDetail: { ...DETAIL, levelOfServiceCode, serviceLevel: [line('T1000')] },
        })
        assert.equal(answer.statusCode, 200, answer.body)
        const kept = await caseOf(company, answer)
        hours.push((Date.parse(kept.dueAt) - servers.clock.now()) / 3_600_000)
      }
      assert.deepEqual(hours, [72, 168])
    })

    test('a dependent is the patient: kept with the case, answered, and found again by an inquiry of that dependent alone', async () => {
      const company = await servers.sandbox.aCompany()
      const memberId = aMember()
      const dependent = {
        lastName: 'Calloway',
        firstName: 'Linnet',
        dateOfBirth: '20110930',
        genderCode: 'F',
        relationshipToInsuredCode: '19',
      }
      const answer = await send(company, { memberId, transaction: `T-${++serial}`, dependent })
      assert.equal(answer.statusCode, 200, answer.body)
      assert.match(String(answer.json().submission.x12), /NM1\*QC\*1\*CALLOWAY\*LINNET/i)
      const kept = await caseOf(company, answer)
      assert.equal(kept.request.dependent.name.first.toUpperCase(), 'LINNET')
      const ask = async (who: object | undefined) =>
        (
          await company.post(
            'inquiry',
            aSubmission({ memberId, transaction: `T-${++serial}`, ...(who ? { dependent: who } : {}) }),
          )
        ).json().authorizationId
      assert.equal(await ask(dependent), answer.json().authorizationId)
      assert.equal(await ask({ ...dependent, firstName: 'Robin' }), undefined)
      assert.equal(await ask(undefined), undefined)
      const patientEventDetail = {
        ...(aSubmission().patientEventDetail as object),
        previousAdministrativeReferenceNumber: kept.administrativeReference,
      }
      const byNumber = aSubmission({ memberId, transaction: `T-${++serial}`, patientEventDetail })
      assert.equal(
        (await company.post('inquiry', byNumber)).json().authorizationId,
        answer.json().authorizationId,
      )
    })
  })
