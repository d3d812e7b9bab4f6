import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import everything from '../../../src/formats/json/fixtures/submission-everything.json' with { type: 'json' }
import { decodeSubmission } from '../../../src/formats/json/index.ts'
import { encodeRequest } from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { onServer, openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { openTestServers, type TestCompany, type TestServers } from '../../support/gateway-server.ts'
import { fieldsOf, withValue } from '../../support/json-pointer.ts'

/** Fewer where the suite is somebody's first look at the project. */
const RUNS = onServer ? 1_000 : 100
const envelope = {
  guide: '217',
  at: Date.UTC(2027, 0, 4) as Instant,
  interchangeControlNumber: '000000417',
  usage: 'T',
} as const

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

type Json = Readonly<Record<string, unknown>>

const EVENT = '/patientEventDetail'
/** What may be left out, one by one: every field and object that stands in no array. */
const OPTIONAL = [...fieldsOf(everything)].filter((pointer) => !pointer.includes('*'))

/** What the synthetic payers decide by, so that every kind of decision is met. */
const service = fc.record({
  procedureCode: fc.constantFrom('A0428', 'A0427', '71260', '99213', 'J9271', '97110', '0001U'),
  productOrServiceIDQualifier: fc.constant('HC'),
  unitOrBasisForMeasurementCode: fc.constant('UN'),
  serviceUnitCount: fc.integer({ min: 1, max: 40 }).map(String),
})
const decidedBy = fc.record({
  payerId: fc.constantFrom('QFHP1', 'TRM01', 'SOMEONE-ELSE'),
  memberId: fc.constantFrom('QF10001', 'QF10003', 'QFPEND001', 'QFINFO001'),
  services: fc.option(fc.array(service, { minLength: 1, maxLength: 3 }), { freq: 4 }),
})

/** The document with every field, some of them left out, about what a payer decides by; where that is a submission still. */
const submissions = fc
  .tuple(fc.subarray(OPTIONAL, { maxLength: 8 }), decidedBy)
  .map(([leftOut, { payerId, memberId, services }]) => {
    let document: unknown = everything
    for (const pointer of leftOut.toReversed()) document = withValue(document, pointer, undefined)
    document = withValue(document, '/payerId', payerId)
    document = withValue(document, '/subscriber/memberId', memberId)
    if (services === null) return document as Json
    const lines = services.map((professionalService) => ({ professionalService }))
    return withValue(document, `${EVENT}/serviceLevel`, lines) as Json
  })
  .filter((document) => decodeSubmission(document).ok)

/** What a case came to, without what differs between any two: its id, its numbers, its moments, its notes. */
async function caseOf(company: TestCompany, path: string, body: unknown) {
  const answer = await company.post(path, body, { 'countersign-allow-duplicate': 'true' })
  assert.equal(answer.statusCode, 200, answer.body)
  const { authorizationId, submission } = answer.json()
  const read = await company.call({ method: 'GET', url: `/v1/authorizations/${authorizationId}` })
  assert.equal(read.statusCode, 200, read.body)
  const { state, payer, decision, pending, rejections, request, events } = read.json()
  return {
    answered: submission.json.patientEventDetail?.certificationActionCode,
    events: events.map(({ type }: { type: string }) => type),
    ...{ state, payer, decision, pending, rejections, request },
  }
}

test(`${RUNS} generated requests are decided and kept the same, whichever door they came through`, async () => {
  const json = await servers.sandbox.aCompany()
  const x12 = await servers.sandbox.aCompany()
  const met = new Set<string>()
  let count = 0
  await fc.assert(
    fc.asyncProperty(submissions, async (generated) => {
      const document = { ...generated, submitterTransactionIdentifier: `RUN${++count}` }
      const decoded = decodeSubmission(document)
      assert.ok(decoded.ok)
      const throughJson = await caseOf(json, 'submission', document)
      const throughX12 = await caseOf(x12, 'submission/x12', { x12: encodeRequest(decoded.value, envelope) })
      assert.deepEqual(throughX12, throughJson)
      met.add(throughJson.answered)
    }),
    { numRuns: RUNS, seed: 1 },
  )
  assert.ok(met.size >= 3, `few kinds of decisions were met: ${[...met].join(', ')}`)
})
