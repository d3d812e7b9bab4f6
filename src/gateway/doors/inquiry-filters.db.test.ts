import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission, type SubmissionParts } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { keepDecided, requestOf } from '../../../test/support/decided-cases.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import type { CertificationAction } from '../../core/decision.ts'
import type { Inquiry } from '../../core/request.ts'
import { decodeInquiry } from '../../formats/json/index.ts'
import { encodeRequest } from '../../formats/x12/index.ts'
import { bareUuid } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aMember = () => `QFINQ${++serial}`
const DETAIL = aSubmission().patientEventDetail as { readonly serviceLevel: readonly object[] }
/** Every case of these tests is received and answered on this day. */
const DAY = '20270104'
const DAY_AT = Date.UTC(2027, 0, 4, 12) as Instant

const aLine = (procedureCode: string, more: object = {}) => ({
  ...more,
  professionalService: { productOrServiceIDQualifier: 'HC', procedureCode },
})

const CLINIC = '1548266792'
const SURGEON = '1111111112'
/** A provider that no case of these tests names. */
const STRANGER = '1003000126'
const aProvider = (entityIdentifierCode: string, identifier: string) => ({
  entityIdentifierCode,
  lastName: 'Finch',
  firstName: 'Alder',
  identificationCodeQualifier: 'XX',
  identifier,
})

/** An inquiry after a member, with no more of an event than is asked by. */
function anInquiry(memberId: string, event: object): object {
  return aSubmission({
    memberId,
    transaction: `I-${++serial}`,
    patientEventDetail: { requestCategoryCode: 'HS', certificationTypeCode: 'I', ...event },
  })
}

function asInquiry(body: object): Inquiry {
  const decoded = decodeInquiry(body)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.value
}

/** The doors that an inquiry comes in by; what it finds may not depend on which. */
const DOORS = {
  json: (company: TestCompany, body: object) => company.post('inquiry', body),
  x12: (company: TestCompany, body: object) =>
    company.post('inquiry/x12', {
      x12: encodeRequest(asInquiry(body), {
        guide: '215',
        at: servers.clock.now(),
        interchangeControlNumber: String(++serial).padStart(9, '0'),
        usage: 'T',
      }),
    }),
} as const

/** The case that was found; `none` when none was. */
function found(answer: Answer): string {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().authorizationId ?? (/AAA\*N\*\*AA\*C/.test(answer.json().inquiry.x12) ? 'none' : '?')
}

async function kept(
  company: TestCompany,
  parts: SubmissionParts,
  ...actions: readonly CertificationAction[]
): Promise<string> {
  const { id } = await keepDecided(sandbox, company.organizationId, DAY_AT, actions, requestOf(parts))
  return bareUuid(id)
}

for (const [door, ask] of Object.entries(DOORS))
  describe(`through the door ${door} an inquiry is narrowed`, () => {
    for (const [what, fits, other] of [
      ['by what was decided', { certificationActionCode: 'A1' }, { certificationActionCode: 'A3' }],
      [
        'by the days on which it was decided',
        { certificationIssueDateBegin: '20270101', certificationIssueDateEnd: DAY },
        { certificationIssueDateBegin: '20270105', certificationIssueDateEnd: '20270131' },
      ],
      [
        'by the day on which it expires',
        { certificationExpirationDateBegin: '20270503' },
        { certificationExpirationDateBegin: '20270504', certificationExpirationDateEnd: '20271231' },
      ],
      [
        'by the days for which it holds',
        { certificationEffectiveDateBegin: '20270501', certificationEffectiveDateEnd: '20270503' },
        { certificationEffectiveDateBegin: '20270504', certificationEffectiveDateEnd: '20270531' },
      ],
      [
        'by the day on which it was received',
        { healthCareServicesReviewRequestDate: DAY },
        { healthCareServicesReviewRequestDate: '20270105' },
      ],
      [
        'by the code of a service line',
        { serviceLevel: [aLine('A0999'), aLine('A0428')] },
        { serviceLevel: [aLine('A0999')] },
      ],
      [
        'by what was decided of a service line',
        { serviceLevel: [aLine('A0428', { certificationActionCode: 'A1' })] },
        { serviceLevel: [aLine('A0428', { certificationActionCode: 'A3' })] },
      ],
      [
        'by the days for which a service line holds',
        { serviceLevel: [{ certificationEffectiveDateBegin: '20270503' }] },
        { serviceLevel: [{ certificationEffectiveDateBegin: '20270504' }] },
      ],
    ] as const)
      test(what, async () => {
        const company = await sandbox.aCompany()
        const memberId = aMember()
        const id = await kept(company, { memberId }, 'certified')
        assert.equal(found(await ask(company, anInquiry(memberId, fits))), id)
        assert.equal(found(await ask(company, anInquiry(memberId, other))), 'none')
      })

    test('by the days of an admission, where the case names one', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const stay = { ...DETAIL, admissionDateBegin: '20270601', admissionDateEnd: '20270603' }
      const id = await kept(company, { memberId, patientEventDetail: stay }, 'certified')
      const admitted = (admissionDateBegin: string) => anInquiry(memberId, { admissionDateBegin })
      assert.equal(found(await ask(company, admitted('20270603'))), id)
      // The journey to it is on a day of its own.
      assert.equal(found(await ask(company, admitted('20270503'))), 'none')
    })

    test('by a provider that takes part, in whatever role the case has it', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const detail = {
        ...DETAIL,
        patientEventProviderName: [aProvider('FA', CLINIC), aProvider('71', SURGEON)],
      }
      const id = await kept(company, { memberId, patientEventDetail: detail }, 'certified')
      const by = (...providers: readonly object[]) =>
        ask(company, anInquiry(memberId, { patientEventProviderName: providers }))
      assert.equal(found(await by(aProvider('SJ', SURGEON))), id)
      assert.equal(found(await by(aProvider('FA', CLINIC), aProvider('DN', SURGEON))), id)
      assert.equal(found(await by(aProvider('SJ', STRANGER))), 'none')
      assert.equal(found(await by(aProvider('FA', CLINIC), aProvider('DN', STRANGER))), 'none')
    })

    test('by a provider of a service line, with its code', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const detail = { ...DETAIL, patientEventProviderName: [aProvider('71', SURGEON)] }
      const id = await kept(company, { memberId, patientEventDetail: detail }, 'certified')
      const by = (npi: string) =>
        ask(
          company,
          anInquiry(memberId, {
            serviceLevel: [aLine('A0428', { serviceProviderName: [aProvider('SJ', npi)] })],
          }),
        )
      assert.deepEqual([found(await by(SURGEON)), found(await by(STRANGER))], [id, 'none'])
    })

    test('not by the provider that asks, however often it is named', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const id = await kept(company, { memberId }, 'certified')
      const requester = { requesterType: '1P', organizationName: 'Larkspur Rides', npi: STRANGER }
      const event = {
        patientEventProviderName: [aProvider('SJ', STRANGER), aProvider('DN', STRANGER)],
      }
      const body = { ...anInquiry(memberId, event), requester }
      assert.equal(found(await ask(company, body)), id)
    })

    test('and by an action that nobody ever takes finds nothing', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      await kept(company, { memberId }, 'certified')
      assert.equal(found(await ask(company, anInquiry(memberId, { certificationActionCode: 'A5' }))), 'none')
    })

    test('by what became of a case since: what is cancelled is certified no longer', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const submitted = await company.post(
        'submission',
        aSubmission({ memberId, transaction: `T-${++serial}` }),
      )
      const id = submitted.json().authorizationId
      const cancelled = await company.call({
        method: 'POST',
        url: `/v1/authorizations/${id}/cancel`,
        payload: {},
      })
      assert.equal(cancelled.statusCode, 200, cancelled.body)
      const of = (code: string) => ask(company, anInquiry(memberId, { certificationActionCode: code }))
      const ofLine = (code: string) =>
        ask(
          company,
          anInquiry(memberId, { serviceLevel: [aLine('A0428', { certificationActionCode: code })] }),
        )
      assert.deepEqual(
        [found(await of('C')), found(await of('A1')), found(await ofLine('C')), found(await ofLine('A1'))],
        [id, 'none', id, 'none'],
      )
    })
  })

test('the case that fits is found behind a hundred newer ones that do not', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const dependent = { firstName: 'Pip', lastName: 'Calloway', dateOfBirth: '20150101' }
  const id = await kept(company, { memberId }, 'not-certified')
  for (let i = 0; i < 101; i++) await kept(company, { memberId, dependent }, 'certified')
  assert.equal(found(await DOORS.json(company, anInquiry(memberId, {}))), id)
  assert.equal(found(await DOORS.json(company, anInquiry(memberId, { certificationActionCode: 'A3' }))), id)
})
