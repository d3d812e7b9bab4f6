/**
 * Every credential, token and id, used by everybody, everywhere: of two companies in both environments. Whatever is drawn,
 * the right use works and the wrong one gets the documented refusal and nothing else.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import type { Environment } from '../../../src/kernel/actor.ts'
import type { OrganizationId } from '../../../src/kernel/ids.ts'
import { Problem } from '../../../src/kernel/problem.ts'
import { formRequest, ISSUERS, tokenRequest } from '../../support/access.ts'
import { aKey, assertionRequest, sign, type TestKey } from '../../support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { rowCountsOf } from '../../support/gateway-server.ts'
import { submissionJson } from '../../support/submissions.ts'
import {
  ENVIRONMENTS,
  fromPages,
  openSurfaces,
  own,
  type SignedIn,
  type Surfaces,
  signUp,
} from './surfaces.ts'

const operator = { kind: 'operator' } as const
const BASE = '/rcm/prior-authorization/v1'
const COMPANIES = ['A', 'B'] as const
type Company = (typeof COMPANIES)[number]
/** Invented, with a right check digit each. */
const NPIS = { A: '1234567893', B: '1111111112' } as const
const TENANTS = { A: 'clinic-of-a', B: 'clinic-of-b' } as const

/** What a company has in an environment. */
interface Holding {
  readonly company: Company
  readonly environment: Environment
  readonly organizationId: OrganizationId
  readonly client: NewClient
  readonly token: string
  readonly keyClientId: string
  readonly key: TestKey
  readonly caseId: string
}

let databases: TestDatabases
let surfaces: Surfaces
const people = {} as Record<Company, SignedIn>
const holdings: Holding[] = []
let serial = 0

before(async () => {
  databases = await openTestDatabases()
  surfaces = await openSurfaces(databases)
  for (const company of COMPANIES) {
    people[company] = await signUp(surfaces.portal, `Company ${company}`)
    for (const environment of ENVIRONMENTS) holdings.push(await hold(company, environment))
  }
})
after(async () => {
  await surfaces?.close()
  await databases?.close()
})

async function hold(company: Company, environment: Environment): Promise<Holding> {
  const { organizationId } = people[company]
  const providers = [{ ...own(NPIS[company]), tenantId: TENANTS[company] }]
  await surfaces.grant(environment, organizationId, { providers })
  const client = await aClientOf({ organizationId, environment })
  const token = await tokenOf(environment, client)
  const key = await aKey()
  const keyClient = await administrationOf(environment).createKeyClient(
    { organizationId, label: 'Keys', keys: { jwks: { keys: [key.jwk] } } },
    operator,
  )
  const holding = { company, environment, organizationId, client, token, key }
  const caseId = (await submit(holding, environment, ++serial)).json().authorizationId
  assert.equal(typeof caseId, 'string')
  return { ...holding, keyClientId: keyClient.clientId, caseId }
}

const administrationOf = (environment: Environment) => surfaces.servers[environment].gateway.administration
const serverOf = (environment: Environment) => surfaces.servers[environment].server
const aClientOf = ({ organizationId, environment }: Pick<Holding, 'organizationId' | 'environment'>) =>
  administrationOf(environment).createClient({ organizationId, label: 'Drawn' }, operator)
const tokenOf = async (environment: Environment, client: NewClient): Promise<string> =>
  (await serverOf(environment).inject(tokenRequest(client))).json().access_token
const submit = (
  { company, token }: Pick<Holding, 'company' | 'token'>,
  at: Environment,
  number: number,
  headers: Readonly<Record<string, string>> = {},
) =>
  serverOf(at).inject({
    method: 'POST',
    url: `${BASE}/submission`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/problem+json',
      ...headers,
    },
    payload: submissionJson(number).replace(NPIS.A, NPIS[company]),
  })

const environment = fc.constantFrom(...ENVIRONMENTS)
/** Which of the four holdings: they are made after the test is written down. */
const which = fc.integer({ min: 0, max: COMPANIES.length * ENVIRONMENTS.length - 1 })
const holdingOf = (index: number): Holding => {
  const found = holdings[index]
  if (!found) throw new Error('drawn beyond the holdings')
  return found
}
/** More draws than there are combinations of most; a failing one is printed with its seed. */
const RUNS = { numRuns: 150 } as const
const FEWER_RUNS = { numRuns: 60 } as const

function refused(answer: LightMyRequestResponse, status: number, code?: string): void {
  assert.equal(answer.statusCode, status, answer.body)
  assert.equal(answer.body.includes('access_token'), false)
  if (code !== undefined) assert.equal(answer.json().error ?? answer.json().code, code)
}

/** Who may, in one line: the same client, where it is at home. */
const isHome = (holding: Holding, at: Environment) => holding.environment === at

test('a secret gets a token for its own client in its own environment, and nowhere else', () =>
  fc.assert(
    fc.asyncProperty(which, which, environment, fc.nat(2), async (named, proving, at, door) => {
      const [client, secret] = [holdingOf(named), holdingOf(proving)]
      const { clientId } = client.client
      const { clientSecret } = secret.client
      const parameters = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }
      const doors = [
        tokenRequest({ clientId, clientSecret }),
        formRequest('/apip/auth/sntl/v1/token', parameters),
        { method: 'POST', url: '/apip/auth/v2/token', payload: parameters },
      ] as const
      const answer = await serverOf(at).inject(doors[door] ?? doors[0])
      if (named === proving && isHome(client, at)) assert.equal(answer.statusCode, 200, answer.body)
      else refused(answer, 401)
    }),
    RUNS,
  ))

test('an assertion gets a token for the client whose key signed it, where it is addressed to and at home', () =>
  fc.assert(
    fc.asyncProperty(which, which, environment, environment, async (named, signing, addressed, at) => {
      const [client, signer] = [holdingOf(named), holdingOf(signing)]
      const now = Math.floor(surfaces.servers.clock.now() / 1000)
      const claims = {
        iss: client.keyClientId,
        sub: client.keyClientId,
        aud: `${ISSUERS[addressed]}/oauth2/token`,
        iat: now,
        exp: now + 120,
        jti: `drawn-${++serial}`,
      }
      const assertion = await sign(claims, signer.key)
      const answer = await serverOf(at).inject(assertionRequest(assertion))
      if (named === signing && addressed === at && isHome(client, at))
        assert.equal(answer.statusCode, 200, answer.body)
      else refused(answer, 401, 'invalid_client')
      const again = await serverOf(at).inject(assertionRequest(assertion))
      refused(again, 401, 'invalid_client')
    }),
    RUNS,
  ))

test('a token reads a case of its own company in its own environment, and no other', () =>
  fc.assert(
    fc.asyncProperty(which, which, environment, fc.constantFrom('', 'auth_'), async (by, on, at, prefix) => {
      const [reader, owner] = [holdingOf(by), holdingOf(on)]
      const answer = await serverOf(at).inject({
        url: `/v1/authorizations/${prefix}${owner.caseId.replace(/^auth_/, '')}`,
        headers: { authorization: `Bearer ${reader.token}` },
      })
      if (!isHome(reader, at)) refused(answer, 401, 'access/wrong-environment')
      else if (by === on) assert.equal(answer.statusCode, 200, answer.body)
      else refused(answer, 404, 'state/not-found')
    }),
    RUNS,
  ))

test('an idempotency key is one company’s in one environment: nobody is given another’s answer', async () => {
  const answered = new Map<string, { readonly number: number; readonly caseId: string }>()
  const first = serial + 1
  serial += 100
  await fc.assert(
    fc.asyncProperty(which, fc.nat(3), fc.nat(2), async (by, key, choice) => {
      const holding = holdingOf(by)
      // The same bodies from all of them: what is replayed is told apart by the sender alone.
      const number = first + key * 3 + choice
      const answer = await submit(holding, holding.environment, number, {
        'idempotency-key': `"shared-key-${key}"`,
        'countersign-allow-duplicate': 'true',
      })
      const before = answered.get(`${by}/${key}`)
      if (before === undefined) {
        assert.equal(answer.statusCode, 200, answer.body)
        assert.equal(answer.headers['idempotency-replayed'], undefined)
        const { authorizationId: caseId } = answer.json()
        assert.equal(
          [...answered.values()].some((each) => each.caseId === caseId),
          false,
        )
        answered.set(`${by}/${key}`, { number, caseId })
      } else if (before.number === number) {
        assert.equal(answer.headers['idempotency-replayed'], 'true')
        assert.equal(answer.json().authorizationId, before.caseId)
      } else refused(answer, 422, 'idempotency/other-body')
    }),
    FEWER_RUNS,
  )
})

test('a company is told how tokens of its own stand, and of all others that they are not active', () =>
  fc.assert(
    fc.asyncProperty(which, which, environment, async (by, on, at) => {
      const [asker, owner] = [holdingOf(by), holdingOf(on)]
      const answer = await serverOf(at).inject(about('/oauth2/introspect', asker.client, owner.token))
      if (!isHome(asker, at)) return refused(answer, 401, 'invalid_client')
      assert.equal(answer.statusCode, 200)
      if (by === on) assert.equal(answer.json().client_id, owner.client.clientId)
      else assert.deepEqual(answer.json(), { active: false })
    }),
    RUNS,
  ))

test('a token is ended by its own client alone, and whatever else is asked leaves it alive', () =>
  fc.assert(
    fc.asyncProperty(which, which, environment, async (by, on, at) => {
      const [asker, owner] = [holdingOf(by), holdingOf(on)]
      const token = await tokenOf(owner.environment, owner.client)
      const answer = await serverOf(at).inject(about('/oauth2/revoke', asker.client, token))
      if (!isHome(asker, at)) refused(answer, 401, 'invalid_client')
      else if (isHome(owner, at) && by !== on) refused(answer, 400, 'invalid_request')
      else assert.deepEqual([answer.statusCode, answer.body], [200, ''])
      const standing = await serverOf(owner.environment).inject({
        url: `${BASE}/healthcheck`,
        headers: { authorization: `Bearer ${token}` },
      })
      assert.equal(standing.statusCode, by === on && isHome(owner, at) ? 401 : 200)
    }),
    FEWER_RUNS,
  ))

const about = (url: string, { clientId, clientSecret }: NewClient, token: string) =>
  formRequest(url, { token, client_id: clientId, client_secret: clientSecret })

test('x-optum-tenant-id chooses among the caller’s own providers, by whatever name', () =>
  fc.assert(
    fc.asyncProperty(
      which,
      environment,
      fc.constantFrom(...COMPANIES),
      fc.constantFrom(NPIS, TENANTS),
      async (by, at, company, names) => {
        const caller = holdingOf(by)
        const answer = await serverOf(at).inject({
          url: `${BASE}/healthcheck`,
          headers: {
            authorization: `Bearer ${caller.token}`,
            accept: 'application/problem+json',
            'x-optum-tenant-id': names[company],
          },
        })
        if (!isHome(caller, at)) refused(answer, 401, 'access/wrong-environment')
        else if (company === caller.company) assert.equal(answer.statusCode, 200, answer.body)
        else refused(answer, 403, 'access/provider-not-represented')
      },
    ),
    FEWER_RUNS,
  ))

const OPERATIONS = [
  'rotateSecret',
  'revokeSecret',
  'allowAddresses',
  'registerKeys',
  'endTokens',
  'revokeClient',
] as const

test('the administration of an environment changes a client in the name of its own company, and no other', () =>
  fc.assert(
    fc.asyncProperty(
      which,
      which,
      which,
      environment,
      fc.constantFrom(...OPERATIONS),
      async (as, on, with_, at, operation) => {
        const [company, owner, other] = [holdingOf(as), holdingOf(on), holdingOf(with_)]
        const client = await aClientOf(owner)
        const secretId = on === with_ ? client.secretId : other.client.secretId
        const { organizationId } = company
        const change = await changeOf(operation, organizationId, client.clientId, secretId)
        const isOwn = company.company === owner.company && isHome(owner, at)
        if (isOwn && (operation !== 'revokeSecret' || on === with_)) return void (await change(at))
        const before = await everything(owner, client.clientId)
        await assert.rejects(
          change(at),
          (error) => error instanceof Problem && error.code === 'state/not-found',
          operation,
        )
        assert.deepEqual(await everything(owner, client.clientId), before)
      },
    ),
    FEWER_RUNS,
  ))

/** How a client stands, and how many rows both environments hold but what is on the record. */
async function everything({ environment: home, organizationId }: Holding, clientId: string) {
  const administration = administrationOf(home)
  const clients = await administration.clients(organizationId)
  return {
    client: clients.find((each) => each.clientId === clientId),
    secrets: await administration.secrets({ organizationId, clientId }),
    rows: await Promise.all(ENVIRONMENTS.map(async (name) => unrecorded(await rowCountsOf(databases[name])))),
  }
}
const unrecorded = ({ audit_entries: _, ...rest }: Readonly<Record<string, number>>) => rest

async function changeOf(
  operation: (typeof OPERATIONS)[number],
  organizationId: OrganizationId,
  clientId: string,
  secretId: string,
): Promise<(at: Environment) => Promise<unknown>> {
  const client = { organizationId, clientId }
  const jwks = { keys: [(await aKey()).jwk] }
  return (at) => {
    const administration = administrationOf(at)
    if (operation === 'rotateSecret')
      return administration.rotateSecret({ ...client, overlapDays: 0 }, operator)
    if (operation === 'revokeSecret') return administration.revokeSecret({ ...client, secretId }, operator)
    if (operation === 'allowAddresses')
      return administration.allowAddresses({ ...client, addresses: ['192.0.2.0/24'] }, operator)
    if (operation === 'registerKeys')
      return administration.registerKeys({ ...client, keys: { jwks } }, operator)
    return administration[operation](client, operator)
  }
}

const VERBS = ['keys', 'rotate', 'revoke', 'allow'] as const

test('at the portal a person changes a credential of their own company, and finds no other, by either id', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...COMPANIES),
      fc.constantFrom(...COMPANIES),
      fc.constantFrom(...COMPANIES),
      fc.constantFrom(...VERBS),
      async (by, on, with_, verb) => {
        const target = await aCredentialOf(on)
        const secretId = on === with_ ? target.secretId : (await aCredentialOf(with_)).secretId
        const bodies = {
          keys: { jwks: { keys: [(await aKey()).jwk] } },
          rotate: { overlapDays: 0 },
          revoke: { secretId },
          allow: { addresses: ['192.0.2.0/24'] },
        }
        const url = `/api/credentials/${target.clientId}/${verb}`
        surfaces.servers.clock.advance(1000)
        const before = await listedFor(on)
        const answer = await atPortal(by, 'POST', url, bodies[verb])
        if (by === on && (verb !== 'revoke' || on === with_)) assert.ok(answer.statusCode < 300, answer.body)
        else {
          refused(answer, 404, 'state/not-found')
          assert.deepEqual(await listedFor(on), before)
        }
      },
    ),
    FEWER_RUNS,
  ))

test('nobody is shown a credential of another company', async () => {
  const made = { A: await aCredentialOf('A'), B: await aCredentialOf('B') }
  for (const by of COMPANIES)
    for (const on of COMPANIES)
      assert.equal(JSON.stringify(await listedFor(by)).includes(made[on].clientId), by === on)
})

const atPortal = (by: Company, method: 'GET' | 'POST', url: string, body?: object) =>
  surfaces.portal.inject(fromPages(method, url, body, { cookie: people[by].cookie }))
const listedFor = async (company: Company) =>
  (await atPortal(company, 'GET', '/api/credentials')).json().credentials

async function aCredentialOf(company: Company) {
  // What was made in one millisecond is listed in any order.
  surfaces.servers.clock.advance(1000)
  const asked = { environment: 'sandbox', label: `Drawn ${++serial}` }
  const { clientId } = (await atPortal(company, 'POST', '/api/credentials', asked)).json()
  const listed: { clientId: string; secrets: { id: string }[] }[] = await listedFor(company)
  const secretId = listed.find((each) => each.clientId === clientId)?.secrets[0]?.id ?? ''
  return { clientId: String(clientId), secretId }
}
