/** In whose name a company may act, and whose cases it sees for it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import type { Instant } from '../../kernel/time.ts'
import type { GrantedProvider } from '../administration/index.ts'

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

/** Invented, with a right check digit each. */
const [CLINIC, SURGEON, HOSPITAL, STRANGER] = [
  '1234567893',
  '1111111112',
  '1222222220',
  '1333333338',
] as const
const DAY_MS = 24 * 60 * 60 * 1000

const own = (npi: string): GrantedProvider => ({ npi, relation: 'own', from: 0 as Instant })
const represented = (npi: string, more: Partial<GrantedProvider> = {}): GrantedProvider => ({
  npi,
  relation: 'represented',
  from: 0 as Instant,
  ...more,
})
const aCompanyFor = (...providers: readonly GrantedProvider[]) => sandbox.aCompany(undefined, providers)

const ASKED = aSubmission() as { readonly requester: { readonly npi: string } } & Record<
  'subscriber' | 'patientEventDetail',
  object
>

let serial = 0
/** Each is about another member, so that no two ask for the same care. */
function aRequestOf(npi: string | undefined, more: object = {}) {
  const request = ASKED
  const { npi: _, ...unnamed } = request.requester
  return {
    ...request,
    submitterTransactionIdentifier: `PROVIDERS${++serial}`,
    // Pended, so that a second request for the same care would be a duplicate of an open case.
    subscriber: { ...request.subscriber, memberId: `QFPEND${serial}` },
    requester: npi === undefined ? { ...unnamed, employersId: '123456789' } : { ...unnamed, npi },
    ...more,
  }
}
const code = (answer: Answer) => answer.json().code
const PROBLEMS = { accept: 'application/problem+json' }
const submit = (company: TestCompany, body: object, headers: Record<string, string> = {}) =>
  company.post('submission', body, { ...PROBLEMS, ...headers })
const idIn = (answer: Answer): string => {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().authorizationId
}
const read = (company: TestCompany, id: string) =>
  company.call({ method: 'GET', url: `/v1/authorizations/${id}` })
const foundBy = async (company: TestCompany, body: object) => {
  const answer = await company.post('inquiry', body, PROBLEMS)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().authorizationId as string | undefined
}

describe('in whose name', () => {
  test('a company may ask for the provider that it is, and for one that it represents', async () => {
    const vendor = await aCompanyFor(own(CLINIC), represented(SURGEON))
    for (const npi of [CLINIC, SURGEON]) idIn(await submit(vendor, aRequestOf(npi)))
  })

  test('it may not ask, nor inquire, in the name of a provider that it neither is nor represents', async () => {
    const vendor = await aCompanyFor(own(CLINIC))
    const before = await sandbox.rowCounts()
    for (const path of ['submission', 'inquiry'] as const) {
      const answer = await vendor.post(path, aRequestOf(STRANGER), PROBLEMS)
      assert.deepEqual([answer.statusCode, code(answer)], [403, 'access/provider-not-represented'])
    }
    const { audit_entries: audited, ...rest } = await sandbox.rowCounts()
    const { audit_entries: auditedBefore = 0, ...restBefore } = before
    assert.deepEqual(rest, restBefore)
    assert.equal(audited, auditedBefore + 2)
  })

  test('a requester without an NPI cannot be told to be one of its providers', async () => {
    const vendor = await aCompanyFor(own(CLINIC))
    assert.equal(code(await submit(vendor, aRequestOf(undefined))), 'access/provider-not-represented')
  })

  test('authority holds from its first moment until its last', async () => {
    const now = servers.clock.now()
    const vendor = await aCompanyFor(
      represented(SURGEON, { from: (now + DAY_MS) as Instant }),
      represented(HOSPITAL, { until: (now + 1) as Instant }),
    )
    assert.equal(code(await submit(vendor, aRequestOf(SURGEON))), 'access/provider-not-represented')
    idIn(await submit(vendor, aRequestOf(HOSPITAL)))
    servers.clock.advance(1)
    assert.equal(code(await submit(vendor, aRequestOf(HOSPITAL))), 'access/provider-not-represented')
  })

  test('in production a company whose grant names no provider acts for nobody', async () => {
    const company = await servers.production.aCompany(undefined, [])
    assert.equal(code(await submit(company, aRequestOf(CLINIC))), 'access/provider-not-represented')
  })

  test('the same answer is not given again to a company that may no longer act for the requester', async () => {
    const until = (servers.clock.now() + 60_000) as Instant
    const vendor = await aCompanyFor(own(CLINIC), represented(SURGEON, { until }))
    const request = aRequestOf(SURGEON)
    idIn(await submit(vendor, request))
    assert.equal((await submit(vendor, request)).headers['idempotency-replayed'], 'true')
    servers.clock.advance(60_000)
    assert.equal(code(await submit(vendor, request)), 'access/provider-not-represented')
  })
})

test('nor at /v1, where a follow-up names nobody whom one could act for', async () => {
  const until = (servers.clock.now() + 60_000) as Instant
  const vendor = await aCompanyFor(own(CLINIC), represented(SURGEON, { until }))
  const id = idIn(await submit(vendor, aRequestOf(SURGEON)))
  const cancel = () =>
    vendor.call({
      method: 'POST',
      url: `/v1/authorizations/${id}/cancel`,
      headers: { 'content-type': 'application/json', 'idempotency-key': `providers-${id}` },
      payload: {},
    })
  const first = await cancel()
  assert.equal(first.statusCode, 200, first.body)
  const again = await cancel()
  assert.equal(again.headers['idempotency-replayed'], 'true')
  assert.equal(again.body, first.body)
  servers.clock.advance(60_000)
  const afterwards = await cancel()
  assert.equal(afterwards.statusCode, 404, afterwards.body)
  assert.equal(code(afterwards), 'state/not-found')
})

describe('x-optum-tenant-id', () => {
  const choosing = (tenant: string) => ({ 'x-optum-tenant-id': tenant })

  test('chooses among the providers of a company, by its name for one or by NPI', async () => {
    const vendor = await aCompanyFor(own(CLINIC), represented(SURGEON, { tenantId: 'larkspur-surgery' }))
    idIn(await submit(vendor, aRequestOf(SURGEON), choosing('larkspur-surgery')))
    idIn(await submit(vendor, aRequestOf(SURGEON), choosing(SURGEON)))
    const other = await submit(vendor, aRequestOf(CLINIC), choosing('larkspur-surgery'))
    assert.equal(code(other), 'access/provider-not-represented')
  })

  test('may not name a provider of another company, nor one that never was, not even at the health check', async () => {
    const vendor = await aCompanyFor(own(CLINIC))
    await aCompanyFor(represented(SURGEON, { tenantId: 'larkspur-surgery' }))
    for (const tenant of ['larkspur-surgery', SURGEON, 'nobody'])
      for (const url of ['submission', 'healthcheck'] as const) {
        const headers = { ...PROBLEMS, ...choosing(tenant) }
        const answer = await (url === 'healthcheck'
          ? vendor.call({ method: 'GET', url: `/rcm/prior-authorization/v1/${url}`, headers })
          : submit(vendor, aRequestOf(CLINIC), headers))
        assert.deepEqual([answer.statusCode, code(answer)], [403, 'access/provider-not-represented'])
      }
  })

  test('changes nothing in a sandbox where the company may act for anybody', async () => {
    const company = await sandbox.aCompany()
    idIn(await submit(company, aRequestOf(STRANGER), choosing('whatever')))
  })

  test('shows the cases of the provider chosen, and no other of the same company', async () => {
    const vendor = await aCompanyFor(own(CLINIC), represented(SURGEON))
    const request = aRequestOf(SURGEON)
    const id = idIn(await submit(vendor, request))
    assert.equal(await foundBy(vendor, request), id)
    const narrowed = await vendor.post(
      'inquiry',
      { ...request, requester: ASKED.requester },
      {
        ...PROBLEMS,
        ...choosing(CLINIC),
      },
    )
    assert.equal(narrowed.json().authorizationId, undefined)
  })
})

describe('who takes part', () => {
  /** A request of the clinic's that names the hospital as where it happens. */
  const atTheHospital = () =>
    aRequestOf(CLINIC, {
      patientEventDetail: {
        ...ASKED.patientEventDetail,
        patientEventProviderName: [
          {
            entityIdentifierCode: 'FA',
            organizationName: 'Tern Harbour Hospital',
            identificationCodeQualifier: 'XX',
            identifier: HOSPITAL,
          },
        ],
      },
    })

  test('a hospital that a case names reads it and inquires on it, though somebody else sent it', async () => {
    const [clinic, hospital] = [await aCompanyFor(own(CLINIC)), await aCompanyFor(own(HOSPITAL))]
    const request = atTheHospital()
    const id = idIn(await submit(clinic, request))
    const reading = await read(hospital, id)
    assert.equal(reading.statusCode, 200, reading.body)
    const asked = { ...request, requester: { ...ASKED.requester, npi: HOSPITAL } }
    assert.equal(await foundBy(hospital, asked), id)
  })

  test('what was sent word for word, and what was noted on it, stays with its sender', async () => {
    const [clinic, hospital] = [await aCompanyFor(own(CLINIC)), await aCompanyFor(own(HOSPITAL))]
    const id = idIn(await submit(clinic, { ...atTheHospital(), unheardOf: true }))
    assert.notDeepEqual((await read(clinic, id)).json().notes, [])
    assert.deepEqual((await read(hospital, id)).json().notes, [])
  })

  test('a company that acts for nobody whom the case names finds nothing, by id or by inquiry', async () => {
    const [clinic, stranger] = [await aCompanyFor(own(CLINIC)), await aCompanyFor(own(STRANGER))]
    const request = atTheHospital()
    const id = idIn(await submit(clinic, request))
    assert.equal((await read(stranger, id)).statusCode, 404)
    const asked = { ...request, requester: { ...ASKED.requester, npi: STRANGER } }
    assert.equal(await foundBy(stranger, asked), undefined)
  })

  test('one vendor takes the place of another: the new one sees the cases, the old one no longer', async () => {
    const until = (servers.clock.now() + 60_000) as Instant
    const old = await aCompanyFor(own(STRANGER), represented(SURGEON, { until }))
    const next = await aCompanyFor(represented(SURGEON, { from: until }))
    const id = idIn(await submit(old, aRequestOf(SURGEON)))
    assert.deepEqual([(await read(old, id)).statusCode, (await read(next, id)).statusCode], [200, 404])
    servers.clock.advance(60_000)
    assert.deepEqual([(await read(old, id)).statusCode, (await read(next, id)).statusCode], [404, 200])
  })

  test('a duplicate across companies reveals nothing: the hospital’s request for the same care is a case of its own', async () => {
    const [clinic, hospital] = [await aCompanyFor(own(CLINIC)), await aCompanyFor(own(HOSPITAL))]
    const request = atTheHospital()
    const id = idIn(await submit(clinic, request))
    const theirs = { ...request, requester: { ...ASKED.requester, npi: HOSPITAL } }
    const answer = await submit(hospital, theirs)
    assert.notEqual(idIn(answer), id)
    assert.equal(answer.headers['countersign-duplicate-of'], undefined)
  })
})
