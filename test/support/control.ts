import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import type {
  ClientSummary,
  DirectoryEntry,
  GatewayAdministration,
  Grant,
  RecordSearch,
} from '../../src/gateway/administration/index.ts'
import type { Actor, Environment } from '../../src/kernel/actor.ts'
import type { PayerId } from '../../src/kernel/ids.ts'
import { PROBLEMS, Problem } from '../../src/kernel/problem.ts'
import type { Instant } from '../../src/kernel/time.ts'
import { agreementRoutes } from '../../src/partners/agreements/routes.ts'
import { planRoutes } from '../../src/partners/catalogue/routes.ts'
import { type Contracts, openContracts } from '../../src/partners/contracts/index.ts'
import { contractDeskRoutes, contractRoutes } from '../../src/partners/contracts/routes.ts'
import { type Credentials, openCredentials } from '../../src/partners/credentials/index.ts'
import { credentialRoutes, operatorCredentialRoutes } from '../../src/partners/credentials/routes.ts'
import { type Operators, openOperators } from '../../src/partners/operators/index.ts'
import { operatorPeopleRoutes, operatorPortalRoutes } from '../../src/partners/operators/routes.ts'
import { type Organizations, openOrganizations } from '../../src/partners/organizations/index.ts'
import { operatorRoutes } from '../../src/partners/organizations/routes.ts'
import { openPeople, type People, type PeopleDeps } from '../../src/partners/people/index.ts'
import { peopleRoutes } from '../../src/partners/people/routes.ts'
import { openQuestions } from '../../src/partners/questions/index.ts'
import { questionDeskRoutes, questionRoutes } from '../../src/partners/questions/routes.ts'
import {
  type Gateways,
  openSubscriptions,
  type Subscriptions,
} from '../../src/partners/subscriptions/index.ts'
import { subscriptionRoutes } from '../../src/partners/subscriptions/routes.ts'
import type { Database } from '../../src/platform/database/index.ts'
import type { Message } from '../../src/platform/mail/index.ts'
import { secureRandom, vaultFromKey } from '../../src/platform/secrets/index.ts'
import { made as onWatch } from './suite-record.ts'

/** Those of the gateways that stand in. */
const aPayer = (id: PayerId, name: string, wireIds: readonly string[]): DirectoryEntry => ({
  payer: {
    id,
    name,
    wireIds,
    lineOfBusiness: 'commercial',
    standsInForUnknown: false,
    inquirySplit: 'line',
    admissionNoticeHours: 72,
  },
  identifiers: wireIds.map((value) => ({ value })),
  plans: [],
  ways: { determination: 'local', inquiry: 'local', submission: 'local', notice: 'local' },
  outages: [],
})
export const PAYERS: readonly DirectoryEntry[] = [
  aPayer('pay_a', 'Payer A', ['PAYERA', 'AAA01']),
  aPayer('pay_b', 'Payer B', ['PAYERB']),
]
/** Who signs contracts for the other side. */
export const OPERATOR_NAME = 'Operator of the tests'
export const PORTAL = 'https://localhost:8443'
export const PASSWORD = 'harbour plinth sextant 4'
onWatch(PASSWORD)

/** A gateway that stands in for the real one: it keeps what it is told, and may be down. */
export interface FakeGateway extends GatewayAdministration {
  readonly grants: Grant[]
  /** What was looked for in its record. */
  readonly searches: (RecordSearch & { readonly actor: Actor })[]
  readonly made: (ClientSummary & { readonly secret: string })[]
  down: boolean
}

export interface Control {
  readonly database: Database
  readonly people: People
  readonly organizations: Organizations
  readonly operators: Operators
  readonly subscriptions: Subscriptions
  readonly credentials: Credentials
  readonly contracts: Contracts
  readonly gateways: Record<Environment, FakeGateway>
  readonly mail: Message[]
  /** The audit record, oldest first; within a millisecond in any order. */
  audit(): Promise<readonly AuditRow[]>
  readonly errors: unknown[]
  /** Moves the clock on. */
  pass(ms: number): void
  now(): Instant
  /** A call from the portal's own pages, as a browser makes it. */
  call(method: 'GET' | 'POST', url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

export interface AuditRow {
  readonly act: string
  readonly outcome: 'done' | 'refused'
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly on_id: string | null
  readonly organization_id: string | null
  readonly detail: unknown
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
  readonly body: any
  readonly headers: LightMyRequestResponse['headers']
  /** The session cookie it sets, as a `Cookie` header; empty when it sets none. */
  readonly cookie: string
}

/** The whole control plane over one database, with a gateway and a mailer that stand in for the real ones. */
export async function openControl(
  database: Database,
  options: Partial<PeopleDeps> = {},
  /** Real ones, where a test needs what they know. */
  real: Partial<Gateways> = {},
): Promise<Control> {
  let now = Date.now()
  const clock = { now: () => now as Instant }
  const mail: Message[] = []
  const errors: unknown[] = []
  const gateways = { sandbox: fakeGateway('sandbox', clock), production: fakeGateway('production', clock) }
  const base = { database, clock, random: secureRandom }
  const people = openPeople({
    ...base,
    mailer: { send: async (message) => void mail.push(message) },
    portalUrl: () => PORTAL,
    cookieSecret: 'a secret of more than thirty-two characters',
    onError: (error) => errors.push(error),
    ...options,
  })
  const organizations = openOrganizations(base)
  const asked = { ...gateways, ...real }
  const operators = openOperators({ ...base, people, organizations, gateways: asked })
  const operator = { name: OPERATOR_NAME, kind: 'vendor' } as const
  const subscriptions = openSubscriptions({ ...base, gateways: asked, operatorName: operator.name })
  const contracts = openContracts({
    ...base,
    vault: vaultFromKey(new Uint8Array(32).fill(4), secureRandom),
    people,
    organizations,
    subscriptions,
    operator,
  })
  const credentials = openCredentials({
    ...base,
    people,
    organizations,
    operators,
    subscriptions,
    gateways: asked,
  })

  const app = Fastify({ ajv: { customOptions: { allErrors: true, removeAdditional: false } } })
  spellProblems(app)
  app.register(
    peopleRoutes({
      people,
      portalUrl: () => PORTAL,
      welcome: async (person) => {
        const { membership, credential } = await credentials.openSandbox(person)
        return { organization: membership.organization, credentials: credential }
      },
      companyOf: async (person) => (await credentials.settle(person))?.organization,
      sandbox: () => ({ baseUrl: 'https://localhost:8444', tokenUrl: 'https://localhost:8444/oauth2/token' }),
    }),
  )
  app.register(credentialRoutes({ people, credentials, portalUrl: () => PORTAL }))
  app.register(operatorPortalRoutes({ people, operators, portalUrl: () => PORTAL }))
  const desk = { people, clock, portalUrl: () => PORTAL }
  app.register(subscriptionRoutes({ ...desk, database, credentials, subscriptions }))
  app.register(contractRoutes({ ...desk, credentials, contracts }))
  const questions = openQuestions(base)
  app.register(questionRoutes({ ...desk, credentials, questions }))
  app.register(questionDeskRoutes({ ...desk, operators, questions }))
  app.register(agreementRoutes({ ...desk, database, operators, operator }))
  app.register(planRoutes({ ...desk, database, operators }))
  app.register(contractDeskRoutes({ ...desk, operators, organizations, contracts }))
  app.register(operatorPeopleRoutes(operators))
  app.register(operatorCredentialRoutes({ organizations, credentials }))
  app.register(
    operatorRoutes({
      organizations,
      onCreated: (organization) => subscriptions.grantSandbox(organization, { kind: 'operator' }),
    }),
  )
  await app.ready()

  return {
    database,
    people,
    organizations,
    operators,
    subscriptions,
    credentials,
    contracts,
    gateways,
    mail,
    audit: () =>
      database.transaction({ role: 'staff' }, async (tx) => {
        const { rows } = await sql<AuditRow>`
          select act, outcome, actor_kind, actor_id, on_id, organization_id, detail from audit_entries order by id`.execute(
          tx,
        )
        return rows
      }),
    errors,
    pass: (ms) => {
      now += ms
    },
    now: () => now as Instant,
    call: async (method, url, body, headers = {}) => {
      const answer = await app.inject({
        method,
        url,
        headers: {
          ...(method === 'POST' ? { origin: PORTAL, 'sec-fetch-site': 'same-origin' } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      const set = [answer.headers['set-cookie'] ?? []].flat()
      onWatch(...set.map((cookie) => /=([^;]*)/.exec(cookie)?.[1]))
      return {
        status: answer.statusCode,
        body: answer.body === '' ? undefined : JSON.parse(answer.body),
        headers: answer.headers,
        cookie: set.map((cookie) => cookie.split(';')[0]).join('; '),
      }
    },
    close: async () => {
      await people.settled()
      await app.close()
    },
  }
}

/** The token of the newest link that was mailed to an address. */
export function tokenFor(control: Control, email: string): string {
  const letters = control.mail.filter((message) => message.to === email)
  const token = /#token=(\S+)/.exec(letters.at(-1)?.text ?? '')?.[1]
  if (!token) throw new Error('no link was mailed')
  onWatch(token)
  return token
}

let visitors = 0
/** Somebody new: an address that no other test uses. */
export const anEmail = () => `ada${++visitors}@example.com`

/** Signs somebody up and follows their link. */
export async function aVerifiedPerson(control: Control, company = 'Northwind Clinics') {
  const email = anEmail()
  await control.call('POST', '/api/sign-up', { email, password: PASSWORD, company, acceptTerms: true })
  const answer = await control.call('POST', '/api/sign-up/verification', { token: tokenFor(control, email) })
  return { email, answer, cookie: answer.cookie }
}

function spellProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Problem) {
      const { code, detail, faults, retryAfterSeconds } = error
      if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
      return reply.code(error.status).send({ code, detail, faults })
    }
    const { validation } = error as { validation?: { instancePath: string; message?: string }[] }
    if (validation) {
      const faults = validation.map((fault) => ({ at: fault.instancePath, message: fault.message }))
      return reply.code(PROBLEMS['request/invalid'].status).send({ code: 'request/invalid', faults })
    }
    return reply.code(500).send({ code: 'system/unexpected', detail: String(error) })
  })
}

function fakeGateway(environment: Environment, clock: { now(): Instant }): FakeGateway {
  const grants: Grant[] = []
  const made: FakeGateway['made'] = []
  const searches: FakeGateway['searches'] = []
  const requested = new Map<string, string>()
  const notHere = () => Promise.reject(new Error('the stand-in cannot do this; hand in a real gateway'))
  const gateway: FakeGateway = {
    environment,
    grants,
    made,
    searches,
    down: false,
    applyGrant: async (grant) => {
      if (gateway.down) throw new Error('the gateway is down')
      const isKnown = grants.some(
        (known) => known.organizationId === grant.organizationId && known.version === grant.version,
      )
      if (!isKnown) grants.push(grant)
    },
    createClient: async ({ organizationId, label, scopes, requestId }) => {
      if (gateway.down) throw new Error('the gateway is down')
      const grant = grants.findLast((known) => known.organizationId === organizationId)
      if (!grant) throw new Error('the gateway knows no grant of this company')
      const before = requestId === undefined ? undefined : requested.get(requestId)
      const clientId = before ?? `cs_test_${Buffer.from(secureRandom(8)).toString('hex')}`
      const secret = `css_test_${Buffer.from(secureRandom(24)).toString('hex')}`
      const allowed = scopes ?? grant.scopes
      if (requestId !== undefined) requested.set(requestId, clientId)
      if (before === undefined)
        made.push({
          allowedAddresses: [],
          clientId,
          label,
          scopes: allowed,
          createdAt: clock.now(),
          disabledAt: undefined,
          lastUsedAt: undefined,
          secretHint: secret.slice(-4),
          organizationId,
          secret,
        })
      const baseUrl = 'https://localhost:8444'
      return {
        clientId,
        clientSecret: secret,
        scopes: allowed,
        tokenUrl: `${baseUrl}/oauth2/token`,
        baseUrl,
        environment,
        label,
        secretId: `sec_${Buffer.from(secureRandom(8)).toString('hex')}`,
        secretExpiresAt: undefined,
      }
    },
    createKeyClient: async ({ keys, ...request }, actor) => {
      const { clientSecret: _, ...client } = await gateway.createClient(request, actor)
      const newest = made.pop()
      const kids: readonly string[] = []
      const jwksUri = 'jwksUri' in keys ? keys.jwksUri : undefined
      const summary = { kids, jwksUri, lastUsedAt: undefined, lastUsedKid: undefined }
      if (newest) made.push({ ...newest, secret: '', secretHint: undefined, keys: summary })
      return client
    },
    registerKeys: async ({ organizationId, clientId, keys }) => {
      const kids: readonly string[] = []
      const jwksUri = 'jwksUri' in keys ? keys.jwksUri : undefined
      const summary = { kids, jwksUri, lastUsedAt: undefined, lastUsedKid: undefined }
      const at = made.findIndex(
        (client) => client.clientId === clientId && client.organizationId === organizationId,
      )
      const [client] = made.slice(at)
      if (at < 0 || !client) throw new Problem('state/not-found', 'no such client')
      made[at] = { ...client, keys: summary }
    },
    secrets: async () => [],
    rotateSecret: notHere,
    revokeSecret: notHere,
    allowAddresses: notHere,
    alerts: notHere,
    acknowledgeAlert: notHere,
    peppers: notHere,
    addPepper: notHere,
    retirePepper: notHere,
    endTokens: async () => ({ epoch: 2 }),
    revokeClient: async () => undefined,
    importPayers: notHere,
    announceOutage: notHere,
    endOutage: notHere,
    importRules: notHere,
    publishPolicy: notHere,
    setUpstream: notHere,
    listUpstreams: notHere,
    removeUpstream: notHere,
    keys: async () => [],
    setScenario: notHere,
    advanceClock: notHere,
    rotateKeys: () => Promise.reject(new Error('this gateway has no keys')),
    listDirectory: async () => PAYERS,
    whoSaw: async (search, actor) => {
      if (gateway.down) throw new Problem('system/unavailable', 'the gateway is down')
      searches.push({ ...search, actor })
      return { cases: [], touches: [] }
    },
    clients: async (organizationId) =>
      made
        .filter((client) => client.organizationId === organizationId)
        .map(({ secret: _, ...summary }) => summary),
  }
  return gateway
}
