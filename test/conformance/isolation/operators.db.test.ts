/**
 * The operator's people and payers: whichever payers an auditor was given, and whichever they ask about, the answer holds
 * cases of one that they were given, or it is the refusal that a payer which is not there gets.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { savePayer } from '../../../src/gateway/payers/index.ts'
import type { Environment } from '../../../src/kernel/actor.ts'
import type { PayerId } from '../../../src/kernel/ids.ts'
import { secureRandom, vaultFromKey } from '../../../src/platform/secrets/index.ts'
import { aSubmission } from '../../support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import {
  ENVIRONMENTS,
  fromPages,
  openSurfaces,
  operatorPerson,
  type SignedIn,
  type Surfaces,
} from './surfaces.ts'

/** By one of the ids that senders know them by; the last is known to none of the two environments. */
const PAYERS = ['QFHP1', 'TRM01', 'THIRD', 'NOSUCH'] as const
type PayerName = (typeof PAYERS)[number]
const KNOWN = PAYERS.filter((name) => name !== 'NOSUCH')
/** Of every payer there is a case of somebody with this id, in both environments. */
const MEMBER = 'QFSHARED1'

let databases: TestDatabases
let surfaces: Surfaces
let auditor: SignedIn
const ids = {} as Record<Environment, Readonly<Record<string, PayerId>>>
const cases = {} as Record<Environment, Record<string, string>>
before(async () => {
  databases = await openTestDatabases()
  surfaces = await openSurfaces(databases)
  for (const environment of ENVIRONMENTS) {
    await addThird(environment)
    ids[environment] = await idsIn(environment)
    cases[environment] = {}
    const company = await surfaces.servers[environment].aCompany()
    for (const payerId of KNOWN) {
      const body = aSubmission({ memberId: MEMBER, payerId, transaction: `T-${environment}-${payerId}` })
      const answer = await company.post('submission', body)
      assert.equal(answer.statusCode, 200, answer.body)
      cases[environment][payerId] = `auth_${answer.json().authorizationId}`
    }
  }
  auditor = await operatorPerson(surfaces, 'Auditor', { role: 'engineer', payers: 'all' })
})
after(async () => {
  await surfaces?.close()
  await databases?.close()
})

async function addThird(environment: Environment) {
  const vault = vaultFromKey(new Uint8Array(32).fill(environment === 'sandbox' ? 1 : 2), secureRandom)
  const { clock } = surfaces.servers
  await databases[environment].transaction({ role: 'staff' }, (tx) =>
    savePayer(
      tx,
      { name: 'Third Health', wireIds: ['THIRD'], lineOfBusiness: 'commercial', standsInForUnknown: false },
      { actor: { kind: 'operator' }, environment, vault, at: clock.now(), random: secureRandom },
    ),
  )
}

async function idsIn(environment: Environment) {
  const entries = await surfaces.servers[environment].gateway.administration.listDirectory({})
  const known = entries.map(({ payer }) => payer)
  return Object.fromEntries(
    KNOWN.map((name) => [name, known.find(({ wireIds }) => wireIds.includes(name))?.id ?? 'pay_none']),
  ) as Readonly<Record<string, PayerId>>
}

const onSocket = (url: string, payload: object) =>
  surfaces.operator.inject({ method: 'POST', url, payload: { email: auditor.email, ...payload } })
const search = (environment: Environment, payer: string) =>
  surfaces.portal.inject(
    fromPages(
      'POST',
      '/api/operator/who-saw',
      { environment, payer, memberId: MEMBER },
      { cookie: auditor.cookie },
    ),
  )
/** What of an answer could tell one refusal from another. */
const told = (answer: Awaited<ReturnType<typeof search>>) => {
  const { requestId: _, ...rest } = answer.json()
  return { status: answer.statusCode, headers: Object.keys(answer.headers).sort(), rest }
}

const granted = fc.oneof(
  fc.constant('all' as const),
  fc.subarray([...KNOWN], { minLength: 1 }),
) satisfies fc.Arbitrary<'all' | readonly PayerName[]>
const environment = fc.constantFrom(...ENVIRONMENTS)

test('whatever is asked, the answer holds cases of a payer that was given, or it is refused', () =>
  fc.assert(
    fc.asyncProperty(
      granted,
      environment,
      environment,
      fc.constantFrom(...PAYERS),
      fc.boolean(),
      async (scope, given, at, payer, byOurId) => {
        await onSocket('/operator/people/withdraw', { role: 'auditor' })
        const grant = { role: 'auditor', environment: given, payers: scope }
        assert.equal((await onSocket('/operator/people', grant)).statusCode, 200)
        const name = byOurId ? (ids[at][payer] ?? payer) : payer
        const answer = await search(at, name)
        const isGiven = scope === 'all' || scope.some((each) => each === payer)
        const expected = cases[at][payer]
        if (given === at && isGiven && expected !== undefined) {
          assert.equal(answer.statusCode, 200, answer.body)
          assert.deepEqual(answer.json().cases, [expected])
          return
        }
        assert.equal(answer.statusCode, given === at ? 404 : 403, answer.body)
        if (given === at) assert.deepEqual(told(answer), told(await search(at, 'ANOTHER')))
        for (const each of Object.values(cases[at])) assert.equal(answer.body.includes(each), false)
      },
    ),
    { numRuns: 80 },
  ))

test('the id of a payer in one environment opens nothing in the other', () =>
  fc.assert(
    fc.asyncProperty(environment, fc.constantFrom(...KNOWN), async (at, payer) => {
      const other = at === 'sandbox' ? 'production' : 'sandbox'
      const grant = { role: 'auditor', environment: at, payers: [ids[other][payer]] }
      assert.equal((await onSocket('/operator/people', grant)).statusCode, 422)
      await onSocket('/operator/people', { ...grant, payers: [ids[at][payer]] })
      assert.equal((await search(at, ids[other][payer] ?? '')).statusCode, 404)
      assert.equal((await search(at, ids[at][payer] ?? '')).statusCode, 200)
    }),
    { numRuns: 12 },
  ))

test('the administration refuses a search whose payers lack the one asked about, whoever asks', () =>
  fc.assert(
    fc.asyncProperty(
      fc.subarray([...KNOWN]),
      environment,
      fc.constantFrom(...KNOWN),
      async (scope, at, payer) => {
        const { administration } = surfaces.servers[at].gateway
        const payers = scope.map((name) => ids[at][name] ?? 'pay_none')
        const asked = { payer, memberId: MEMBER, payers, requestId: 'req_drawn' }
        const answer = administration.whoSaw(asked, { kind: 'operator' })
        if (scope.includes(payer)) assert.deepEqual((await answer).cases, [cases[at][payer]])
        else await assert.rejects(answer, { code: 'state/not-found' })
      },
    ),
    { numRuns: 60 },
  ))
