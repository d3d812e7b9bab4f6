/** Every route, for everybody: what the tables of `expectations.ts` say, asked of the running servers cell by cell. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { wrap } from '../../../src/formats/core-envelope/index.ts'
import type { Scope } from '../../../src/gateway/clients/index.ts'
import type { Environment } from '../../../src/kernel/actor.ts'
import type { OrganizationId } from '../../../src/kernel/ids.ts'
import { formRequest, tokenRequest } from '../../support/access.ts'
import { aNotification, aNotificationInterchange, aResourceNotice } from '../../support/admissions.ts'
import { aKey } from '../../support/assertions.ts'
import { anAttachmentInterchange } from '../../support/attachments.ts'
import { PASSWORD } from '../../support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { type Answer, rowCountsOf } from '../../support/gateway-server.ts'
import {
  inquiryX12,
  memberOf,
  resourceJson,
  submissionJson,
  submissionX12,
} from '../../support/submissions.ts'
import {
  ADMINISTRATION,
  ADMINISTRATION_CALLERS,
  type Expected,
  GATEWAY,
  GATEWAY_CALLERS,
  type GatewayCaller,
  OPERATOR,
  PORTAL,
  PORTAL_CALLERS,
  type PortalCaller,
  type Table,
} from './expectations.ts'
import {
  cookieOf,
  ENVIRONMENTS,
  fromPages,
  openSurfaces,
  operatorPerson,
  own,
  routesOf,
  type SignedIn,
  type Surfaces,
  signUp,
} from './surfaces.ts'

const operator = { kind: 'operator' } as const
const NDJSON = 'application/x-ndjson'
const COMPANY_A = 'Larkspur Orthopedics of the matrix'
/** Invented; whoever shares a provider with A takes part in its cases. */
const NPI_OF_A = '1234567893'
const NPI_OF_B = '1111111112'
/** Whom the sample submissions are sent to, and another that the environments know. */
const PAYER = 'QFHP1'
const OTHER_PAYER = 'TRM01'

interface Credential {
  readonly clientId: string
  readonly clientSecret: string
  readonly token: string
}
interface GatewayWorld {
  readonly callers: Readonly<Record<GatewayCaller, Credential | undefined>>
  readonly caseId: string
  /** The payer's number of that case. */
  readonly reference: string
  /** Whom that case is about. */
  readonly memberId: string
  /** Of the case: what was sent. */
  readonly exchangeId: string
  readonly documentId: string
  readonly admissionId: string
  readonly batchId: string
}

let databases: TestDatabases
let surfaces: Surfaces
let administrator: SignedIn
let gateways: Readonly<Record<Environment, GatewayWorld>>
let cookies: Readonly<Record<PortalCaller, string>>
/** A request of A's that was withdrawn, and the contract that had been offered on it; another request is open. */
let agreement: {
  readonly requestId: string
  readonly contractId: string
  readonly textHash: string
  /** Closed. */
  readonly questionId: string
}
/** What of A nobody may find in a refusal. */
const ofA: string[] = []

before(async () => {
  databases = await openTestDatabases()
  surfaces = await openSurfaces(databases)
  const { portal } = surfaces
  administrator = await signUp(portal, COMPANY_A)
  const stranger = await signUp(portal, 'Another company')
  const roles = ['signatory', 'developer', 'billing', 'viewer'] as const
  const members: Record<string, SignedIn> = {}
  for (const role of roles) {
    members[role] = await signUp(portal, `Left for A by its ${role}`)
    await join(members[role], administrator.organizationId, role)
  }
  const loner = await signUp(portal, 'Left behind')
  await leave(loner)
  for (const environment of ENVIRONMENTS) {
    await surfaces.grant(environment, administrator.organizationId)
    await surfaces.grant(environment, stranger.organizationId, { providers: [own(NPI_OF_B)] })
  }

  const open = async (environment: Environment) => gatewayWorld(environment, stranger.organizationId)
  gateways = { sandbox: await open('sandbox'), production: await open('production') }
  const crossed = (environment: Environment, other: Environment): GatewayWorld => ({
    ...gateways[environment],
    callers: {
      ...gateways[environment].callers,
      'client of the other environment': gateways[other].callers['client of A with every scope'],
    },
  })
  gateways = { sandbox: crossed('sandbox', 'production'), production: crossed('production', 'sandbox') }
  const signedOut = await sessionOf(administrator.email)
  await portal.inject(fromPages('POST', '/api/sign-out', undefined, { cookie: signedOut }))
  cookies = {
    nobody: '',
    'administrator of A': administrator.cookie,
    'signatory of A': members.signatory?.cookie ?? '',
    'developer of A': members.developer?.cookie ?? '',
    'billing of A': members.billing?.cookie ?? '',
    'viewer of A': members.viewer?.cookie ?? '',
    'administrator of another company': stranger.cookie,
    'person of no company': loner.cookie,
    'administrator of A, sent by another site': administrator.cookie,
    'administrator of A, signed out': signedOut,
    'client of A with its token': '',
    ...(await operatorPeople()),
  }
  agreement = await aVoidContract()
  ofA.push(agreement.requestId, agreement.contractId, agreement.questionId)
  ofA.push(administrator.organizationId, administrator.organizationName, administrator.email)
  for (const { email } of Object.values(members)) ofA.push(email)
})
after(async () => {
  await surfaces?.close()
  await databases?.close()
})

/** The operator's people: they signed up as everybody does, and were given their roles on the operator's socket. */
async function operatorPeople() {
  const sandbox = { environment: 'sandbox', role: 'auditor', payers: 'all' }
  const auditor = (name: string, more: object = {}) => operatorPerson(surfaces, name, { ...sandbox, ...more })
  const withdrawn = await auditor('Withdrawn')
  await surfaces.operator.inject({
    method: 'POST',
    url: '/operator/people/withdraw',
    payload: { email: withdrawn.email },
  })
  return {
    'auditor of the payer': (await auditor('Auditor A', { payers: [PAYER] })).cookie,
    'auditor of another payer': (await auditor('Auditor B', { payers: [OTHER_PAYER] })).cookie,
    'auditor of every payer': (await auditor('Auditor of all')).cookie,
    'engineer for every payer': (await auditor('Engineer', { role: 'engineer' })).cookie,
    'auditor of every payer, in the other environment': (
      await auditor('Auditor of production', { environment: 'production' })
    ).cookie,
    'auditor of every payer until it was withdrawn': withdrawn.cookie,
    'partner desk of production': (
      await auditor('Partner desk', { role: 'partner-desk', environment: 'production' })
    ).cookie,
  }
}

async function gatewayWorld(environment: Environment, strangerId: OrganizationId): Promise<GatewayWorld> {
  const { server, gateway } = surfaces.servers[environment]
  const { administration } = gateway
  const aClient = async (organizationId: OrganizationId, scopes?: readonly Scope[]): Promise<Credential> => {
    const client = await administration.createClient(
      { organizationId, label: 'Matrix', ...(scopes && { scopes }) },
      operator,
    )
    const token = (await server.inject(tokenRequest(client))).json().access_token
    assert.equal(typeof token, 'string')
    return { ...client, token }
  }
  const a = administrator.organizationId
  const everything = await aClient(a)
  const revokedToken = await aClient(a)
  await server.inject(asking(revokedToken, '/oauth2/revoke', revokedToken.token))
  const revoked = await aClient(a)
  await administration.revokeClient({ organizationId: a, clientId: revoked.clientId }, operator)
  const endedId: OrganizationId = `org_ended_${environment}`
  await surfaces.grant(environment, endedId)
  const ended = await aClient(endedId)
  await surfaces.grant(environment, endedId, { until: surfaces.servers.clock.now() })
  const number = ++serial
  const caseId = await aCaseOf(environment, everything, number)
  const listed = await server.inject({
    url: `/v1/authorizations/${caseId}/exchanges`,
    headers: { authorization: `Bearer ${everything.token}` },
  })
  const exchangeId = listed.json().exchanges[0].id
  const told = await server.inject({
    url: `/v1/authorizations/${caseId}`,
    headers: { authorization: `Bearer ${everything.token}` },
  })
  const reference = told.json().administrativeReference
  const added = await server.inject({
    method: 'POST',
    url: `/v1/authorizations/${caseId}/documents`,
    headers: { authorization: `Bearer ${everything.token}`, 'content-type': 'application/pdf' },
    payload: '%PDF-1.7 of A',
  })
  const documentId = added.json().id
  const noticed = await server.inject({
    method: 'POST',
    url: '/rcm/prior-authorization/v1/noa',
    headers: { authorization: `Bearer ${everything.token}`, 'content-type': 'application/json' },
    payload: JSON.stringify(aNotification({ transaction: `MATRIX${++serial}`, npi: NPI_OF_A })),
  })
  const admissionId = noticed.json().authorizationId
  assert.equal(typeof admissionId, 'string', noticed.body)
  const uploaded = await server.inject({
    method: 'POST',
    url: '/v1/batches',
    headers: { authorization: `Bearer ${everything.token}`, 'content-type': NDJSON },
    payload: resourceJson(++serial),
  })
  const batchId = uploaded.json().id
  ofA.push(caseId, everything.clientId, documentId, admissionId, batchId)
  return {
    caseId,
    reference,
    memberId: memberOf(number),
    exchangeId,
    documentId,
    admissionId,
    batchId,
    callers: {
      nobody: undefined,
      'client of A with every scope': everything,
      'client of A with pa:determine': await aClient(a, ['pa:determine']),
      'client of A with pa:inquire': await aClient(a, ['pa:inquire']),
      'client of A with pa:submit': await aClient(a, ['pa:submit']),
      'client of A with pa:admit': await aClient(a, ['pa:admit']),
      'client of A with pa:read': await aClient(a, ['pa:read']),
      'client whose grant has ended': ended,
      'client of another company': await aClient(strangerId),
      'client of the other environment': undefined,
      'client of A with a revoked token': revokedToken,
      'revoked client of A': revoked,
      'person of A, signed in at the portal': undefined,
      'auditor of every payer, signed in at the portal': undefined,
    },
  }
}

/** A case that is certified, of A's. */
async function aCaseOf(environment: Environment, { token }: Credential, number = ++serial): Promise<string> {
  const submitted = await surfaces.servers[environment].server.inject({
    method: 'POST',
    url: '/rcm/prior-authorization/v1/submission',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: submissionJson(number),
  })
  const caseId: unknown = submitted.json().authorizationId
  assert.ok(typeof caseId === 'string', submitted.body)
  return caseId
}

/** Changes the control plane's tables as no route does yet. */
const arrange = async (statement: string) => {
  const table = `${databases.control.schema}.memberships`
  await databases.engine.script(
    `begin; alter table ${table} no force row level security; ${statement.replaceAll('{memberships}', table)};
     alter table ${table} force row level security; commit`,
  )
}
const personIn = (organizationId: string) => `organization_id = '${organizationId}'`
const join = (person: SignedIn, organizationId: OrganizationId, role: string) =>
  arrange(
    `update {memberships} set organization_id = '${organizationId}', role = '${role}' where ${personIn(person.organizationId)}`,
  )
const leave = (person: SignedIn) =>
  arrange(`delete from {memberships} where ${personIn(person.organizationId)}`)

async function sessionOf(email: string): Promise<string> {
  const answer = await surfaces.portal.inject(
    fromPages('POST', '/api/sign-in', { email, password: PASSWORD }),
  )
  return cookieOf(answer.headers['set-cookie'])
}

let serial = 0
const asking = (client: Credential | undefined, url: string, token: string) =>
  formRequest(url, {
    token,
    ...(client && { client_id: client.clientId, client_secret: client.clientSecret }),
  })

/** The call of a route of a gateway, as somebody makes it. */
async function gatewayCall(
  environment: Environment,
  route: string,
  caller: GatewayCaller,
): Promise<InjectOptions> {
  const world = gateways[environment]
  const credential = world.callers[caller]
  const [method = '', path = ''] = route.split(' ')
  const headers = {
    ...(credential && { authorization: `Bearer ${credential.token}` }),
    ...(caller === 'person of A, signed in at the portal' && { cookie: cookies['administrator of A'] }),
    ...(caller === 'auditor of every payer, signed in at the portal' && {
      cookie: cookies['auditor of every payer'],
    }),
  }
  if (method === 'POST' && /^\/(oauth2|apip)\//.test(path))
    return withCookie(await proof(environment, path, credential), headers)
  const url = path
    .replace(':id', idOf(world, path) ?? (await caseFor(environment, route, caller)))
    .replace(':exchangeId', world.exchangeId)
    .replace(':documentId', world.documentId)
  if (method !== 'POST') return { method: method as 'GET', url, headers }
  if (path.endsWith('/documents'))
    return {
      method,
      url,
      headers: { ...headers, 'content-type': 'application/pdf' },
      payload: `%PDF-1.7 ${++serial}`,
    }
  if (path.startsWith('/core/')) return { method, url, ...enveloped(path, environment, caller, headers) }
  if (path === '/v1/attachments') return { method, url, ...attachmentFor(environment, headers) }
  if (path === '/v1/batches')
    return { method, url, headers: { ...headers, 'content-type': NDJSON }, payload: resourceJson(++serial) }
  const json = { ...headers, 'content-type': 'application/json' }
  return { method, url, headers: json, payload: bodyOf(path, environment, caller) }
}

function idOf({ admissionId, batchId }: GatewayWorld, path: string): string | undefined {
  if (path.startsWith('/v1/admissions/')) return admissionId
  return path.startsWith('/v1/batches/') ? batchId : undefined
}

/** Whoever is let in to change a case gets one of their own; what everybody else names stays as it is. */
async function caseFor(environment: Environment, route: string, caller: GatewayCaller): Promise<string> {
  const { callers, caseId } = gateways[environment]
  const everything = callers['client of A with every scope']
  const isChanged = /^POST .*\/:id\//.test(route) && GATEWAY[route]?.[caller] === 'let in'
  return isChanged && everything ? aCaseOf(environment, everything) : caseId
}

/** A document of the case of A, by the payer's number. */
const attachmentFor = (environment: Environment, headers: Readonly<Record<string, string | undefined>>) => ({
  headers: { ...headers, 'content-type': 'application/edi-x12' },
  payload: anAttachmentInterchange({
    usage: environment === 'production' ? 'P' : 'T',
    memberId: gateways[environment].memberId,
    objects: [
      { data: Buffer.from(`%PDF-1.7 ${++serial}`), below: [`TRN*2*${gateways[environment].reference}`] },
    ],
  }),
})

const withCookie = (call: InjectOptions, { cookie }: { readonly cookie?: string }): InjectOptions =>
  cookie === undefined ? call : { ...call, headers: { ...call.headers, cookie } }

async function proof(
  environment: Environment,
  path: string,
  credential: Credential | undefined,
): Promise<InjectOptions> {
  const parameters = {
    grant_type: 'client_credentials',
    ...(credential && { client_id: credential.clientId, client_secret: credential.clientSecret }),
  }
  if (path === '/apip/auth/v2/token') return { method: 'POST', url: path, payload: parameters }
  if (path.endsWith('/token')) return formRequest(path, parameters)
  const { server } = surfaces.servers[environment]
  const owner = gateways[environment].callers['client of A with every scope']
  assert.ok(owner)
  const fresh = (await server.inject(tokenRequest(owner))).json().access_token
  return asking(credential, path, fresh)
}

/** A submission in an envelope. */
function enveloped(path: string, environment: Environment, caller: GatewayCaller, headers: object) {
  const { contentType, body } = wrap({
    envelope: path === '/core/mime' ? 'mime' : 'soap',
    interchange: JSON.parse(bodyOf('/submission/x12', environment, caller)).x12,
    senderId: 'LARKSPUR',
    receiverId: 'QFHP1',
    payloadId: '0b6a1c9e-55f1-4c1e-9a53-3f2f2d2b7a10',
    at: surfaces.servers.clock.now(),
  })
  return { headers: { ...headers, 'content-type': contentType }, payload: Buffer.from(body) }
}

function bodyOf(path: string, environment: Environment, caller: GatewayCaller): string {
  if (path === '/leaks') return 'nothing that is a secret'
  if (path.endsWith('/search')) return '{}'
  if (path === '/v1/determinations') return '{"payer":"QFHP1","lines":[{"code":"A0428"}]}'
  const usage = environment === 'production' ? '*0*P*:' : '*0*T*:'
  const npi = caller === 'client of another company' ? NPI_OF_B : NPI_OF_A
  return spelled(path, ++serial).replace('*0*T*:', usage).replace(NPI_OF_A, npi)
}

/** What is asked of a case by its id. */
const FOLLOW_UPS: Readonly<Record<string, object>> = {
  update: { message: 'With a stretcher.' },
  extend: { period: { from: '2027-06-01', until: '2027-06-30' } },
  cancel: {},
  appeal: { kind: 'standard' },
}

function spelled(path: string, number: number): string {
  const asked = FOLLOW_UPS[path.split('/:id/')[1] ?? '']
  if (asked) return JSON.stringify(asked)
  if (path === '/v1/authorizations') return resourceJson(number)
  if (path === '/v1/admissions') return JSON.stringify(aResourceNotice())
  if (path.endsWith('submission/x12')) return submissionX12(number)
  const transaction = `MATRIX${number}`
  if (path.endsWith('noa/x12')) return JSON.stringify({ x12: aNotificationInterchange({ transaction }) })
  if (path.includes('/noa')) return JSON.stringify(aNotification({ transaction }))
  return path.endsWith('/x12') ? inquiryX12(number) : submissionJson(number)
}

/** A client of A that a person made, and the id of its secret. */
interface Target {
  readonly clientId: string
  readonly secretId: string
}

async function aTarget(): Promise<Target> {
  const { portal } = surfaces
  const cookie = { cookie: administrator.cookie }
  const asked = { environment: 'sandbox', label: 'Target of the matrix' }
  const made = await portal.inject(fromPages('POST', '/api/credentials', asked, cookie))
  const { clientId } = made.json()
  const listed = (await portal.inject(fromPages('GET', '/api/credentials', undefined, cookie))).json()
  const mine = listed.credentials.find((each: { clientId: string }) => each.clientId === clientId)
  return { clientId, secretId: mine.secrets[0].id }
}

const CHANGES: Readonly<Record<string, (target: Target) => Promise<object> | object>> = {
  keys: async () => ({ jwks: { keys: [(await aKey()).jwk] } }),
  rotate: () => ({ overlapDays: 0 }),
  revoke: ({ secretId }) => ({ secretId }),
  allow: () => ({ addresses: ['192.0.2.0/24'] }),
  disable: () => ({}),
  'end-tokens': () => ({}),
}

const QUESTION = { about: 'general', subject: 'Of A alone', text: 'What is next?' }
const WISH = { plan: 'standard', products: ['inquiry'] }
async function aVoidContract() {
  const ask = async (caller: PortalCaller, path: string, body: object) => {
    const answer = await surfaces.portal.inject(fromPages('POST', path, body, { cookie: cookies[caller] }))
    assert.ok(answer.statusCode < 300, answer.body)
    return answer.json()
  }
  const ours = '/api/production-requests'
  const theirs = `/api/operator${ours.slice(4)}`
  const { id } = await ask('administrator of A', ours, WISH)
  await ask('administrator of A', `${ours}/${id}/submit`, { version: 1 })
  await ask('partner desk of production', `${theirs}/${id}/review`, { version: 2 })
  const { contract } = await ask('partner desk of production', `${theirs}/${id}/offer`, { version: 3 })
  await ask('administrator of A', `${ours}/${id}/withdraw`, { version: 4 })
  await ask('administrator of A', ours, WISH)
  const question = await ask('administrator of A', '/api/questions', QUESTION)
  await ask('administrator of A', `/api/questions/${question.id}/close`, {})
  return {
    questionId: question.id,
    requestId: id,
    contractId: contract.id,
    textHash: contract.textHash,
  }
}
const aSignature = () => ({
  textHash: agreement.textHash,
  name: 'Ada Larkspur',
  title: 'Chief Operating Officer',
  intent: true,
  consent: true,
  authority: true,
  password: PASSWORD,
})
const AN_AGREEMENT = {
  kind: 'services',
  title: 'Services Agreement',
  clauses: [{ heading: 'The service', text: '{{operator}} serves {{partner}}.' }],
}
const noPaper = () => ({
  organization: 'Nobody of this matrix',
  products: ['inquiry'],
  mediaType: 'application/pdf',
  file: 'JVBERi0=',
  attestedBy: 'Dora Desk',
})
/** What is asked of a request or contract by its id. */
const AGREEMENT_BODIES: Readonly<Record<string, () => object>> = {
  change: () => ({ ...WISH, version: 5 }),
  submit: () => ({ version: 5 }),
  withdraw: () => ({ version: 5 }),
  review: () => ({ version: 5 }),
  'take-back': () => ({ version: 5 }),
  decline: () => ({ version: 5, reason: 'No.' }),
  offer: () => ({ version: 5 }),
  sign: aSignature,
  countersign: aSignature,
  terminate: () => ({ reason: 'No.' }),
  notice: () => ({}),
  messages: () => ({ text: 'More.' }),
  close: () => ({}),
}

const PORTAL_BODIES: Readonly<Record<string, () => object | undefined>> = {
  '/api/sign-up': () => ({
    email: `new${++serial}@isolation.example`,
    password: PASSWORD,
    company: 'Somebody new',
    acceptTerms: true,
  }),
  '/api/sign-up/resend': () => ({ email: `new${++serial}@isolation.example` }),
  '/api/sign-up/verification': () => ({ token: 'a-link-that-was-never-mailed' }),
  '/api/sign-in': () => ({ email: administrator.email, password: PASSWORD }),
  '/api/sign-out': () => undefined,
  '/api/operator/who-saw': () => ({
    environment: 'sandbox',
    payer: PAYER,
    memberId: gateways.sandbox.memberId,
  }),
  '/api/credentials': () => ({ environment: 'sandbox', label: `Matrix ${++serial}` }),
  '/api/production-requests': () => WISH,
  '/api/production-requests/preview': () => WISH,
  '/api/questions': () => QUESTION,
  '/api/subscriptions/terms': () => WISH,
  '/api/subscriptions': () => ({ ...WISH, termsHash: '0'.repeat(64), accept: true }),
  '/api/operator/contracts/record': noPaper,
  '/api/operator/agreements': () => ({ ...AN_AGREEMENT, replaces: 0 }),
  '/api/operator/agreements/preview': () => AN_AGREEMENT,
  '/api/operator/plans': () => ({
    id: 'standard',
    name: 'Standard',
    summary: '',
    kind: 'contract',
    products: ['inquiry'],
    prices: [],
    isOffered: true,
    version: 0,
  }),
}

async function portalCall(route: string, caller: PortalCaller, target: Target): Promise<InjectOptions> {
  const [method = '', path = ''] = route.split(' ')
  const url = path
    .replace(':clientId', target.clientId)
    .replace('/docs/*', '/docs/quickstart')
    .replace(':id', agreedId(path))
  const verb = path.split(':clientId/')[1]
  const act = AGREEMENT_BODIES[path.split('/:id/')[1] ?? '']
  const change = verb === undefined ? (act ?? PORTAL_BODIES[path])?.() : await CHANGES[verb]?.(target)
  const token = gateways.sandbox.callers['client of A with every scope']?.token
  const cookie = path === '/api/sign-out' && cookies[caller] !== '' ? await freshSession() : cookies[caller]
  const call = fromPages(method, url, method === 'POST' ? change : undefined, {
    ...(cookie === '' ? {} : { cookie }),
    ...(caller === 'client of A with its token' && { authorization: `Bearer ${token}` }),
    ...(caller === 'administrator of A, sent by another site' && {
      origin: 'https://elsewhere.example',
      'sec-fetch-site': 'cross-site',
    }),
  })
  return call
}

function agreedId(path: string): string {
  if (path.includes('/questions/')) return agreement.questionId
  return path.includes('/contracts/') ? agreement.contractId : agreement.requestId
}

/** So that signing out ends nobody else's. */
const freshSession = () => sessionOf(administrator.email)

async function operatorCall(route: string): Promise<InjectOptions> {
  const [method = '', path = ''] = route.split(' ')
  const target = await aTarget()
  const query: Readonly<Record<string, string>> = {
    '/operator/credentials': `?organization=${administrator.organizationId}`,
    '/operator/keys': '?environment=sandbox',
    '/operator/payers': '?environment=sandbox',
    '/operator/grants': `?environment=sandbox&organization=${administrator.organizationId}`,
  }
  const verb = path.split(':clientId/')[1]
  const ofCompany = { organization: administrator.organizationId, environment: 'sandbox' }
  const bodies: Readonly<Record<string, object>> = {
    '/operator/organizations': { name: `Made by the operator ${++serial}` },
    '/operator/credentials': { organization: administrator.organizationId, environment: 'sandbox' },
    '/operator/peppers': { environment: 'sandbox' },
    '/operator/peppers/retire': { environment: 'sandbox', pepperId: 'none' },
    '/operator/alerts/acknowledge': { environment: 'sandbox', alertId: 'alr_none' },
    '/operator/keys/rotations': { environment: 'sandbox' },
    '/operator/scenarios': { ...ofCompany, scenario: 'default' },
    '/operator/clocks': { ...ofCompany, byMs: 1 },
    '/operator/payers/import': {
      environment: 'sandbox',
      format: 'csv',
      text: `name,ids,line_of_business\nOf this test ${++serial},MATRIX${serial},commercial`,
    },
    '/operator/payers/outages': {
      environment: 'sandbox',
      payer: 'QFHP1',
      from: '2020-01-01T00:00:00Z',
      until: '2020-01-02T00:00:00Z',
      note: 'Long ago',
    },
    '/operator/payers/outages/end': { environment: 'sandbox', outageId: 'out_none' },
    '/operator/rules/import': { environment: 'sandbox', payer: 'none', text: '' },
    '/operator/policies/publish': { environment: 'sandbox', payer: 'none', graph: {} },
    '/operator/audit/verify': {},
    '/operator/audit/who-saw': { environment: 'sandbox', payer: 'none', memberId: 'NOBODY1' },
    '/operator/contracts/record': noPaper(),
    '/operator/contracts/verify': { file: 'JVBERi0=' },
    '/operator/grants/products/withdraw': { ...ofCompany, product: 'inquiry' },
    '/operator/grants/products/add': { ...ofCompany, product: 'inquiry' },
    '/operator/grants/providers': { ...ofCompany, npi: NPI_OF_B, relation: 'own' },
    '/operator/people': { email: 'nobody@isolation.example', role: 'auditor', payers: 'all' },
    '/operator/people/withdraw': { email: 'nobody@isolation.example' },
    '/operator/grants/providers/end': { ...ofCompany, npi: NPI_OF_B },
  }
  const body =
    verb === undefined
      ? bodies[path]
      : { organization: administrator.organizationId, ...(await CHANGES[verb]?.(target)) }
  const url = path.replace(':clientId', target.clientId)
  return method === 'POST'
    ? { method, url, payload: body ?? {} }
    : { method: method as 'GET', url: url + (query[path] ?? '') }
}

/** The class of an answer. */
function classOf(answer: Answer): Expected {
  if (answer.statusCode >= 300) return answer.statusCode as Expected
  return answer.body === '{"active":false}' ? 'nothing' : 'let in'
}

/** What every table holds, of all three databases; what was refused may be put on the record. */
async function held(): Promise<object> {
  const all: Record<string, object> = {}
  for (const name of ['control', ...ENVIRONMENTS] as const) {
    const { audit_entries: _, ...rest } = await rowCountsOf(databases[name])
    all[name] = rest
  }
  return all
}

/** To repeat what a caller has said itself tells nothing. */
function staysSilent(answer: Answer): void {
  const said = `${answer.raw.req.url}`
  const found = ofA.filter((text) => answer.body.includes(text) && !said.includes(text))
  assert.deepEqual(found, [], 'a refusal tells something of A')
}

const isRefusal = (expected: Expected) => expected !== 'let in'

/** Asks one route as everybody: those who are to be refused first, between two counts of all rows. */
async function askAll<Caller extends string>(
  row: Readonly<Record<Caller, Expected>>,
  ask: (caller: Caller) => Promise<Answer>,
): Promise<void> {
  const callers = Object.keys(row) as Caller[]
  const found: Partial<Record<Caller, Expected>> = {}
  const before = await held()
  for (const caller of callers.filter((each) => isRefusal(row[each]))) {
    const answer = await ask(caller)
    found[caller] = classOf(answer)
    staysSilent(answer)
  }
  const afterRefusals = await held()
  for (const caller of callers.filter((each) => !isRefusal(row[each])))
    found[caller] = classOf(await ask(caller))
  assert.deepEqual(found, row)
  assert.deepEqual(afterRefusals, before, 'a refused call changed what is stored')
}

/** A route without an entry fails, and so does an entry without a route. */
const requireEntries = (routes: readonly string[], table: Table<string>) =>
  assert.deepEqual(routes, Object.keys(table).sort())

for (const environment of ENVIRONMENTS)
  describe(`the ${environment} gateway`, () => {
    test('every route has an entry, and every entry a route', () =>
      requireEntries(routesOf(surfaces.servers[environment].server), GATEWAY))

    for (const [route, row] of Object.entries(GATEWAY))
      test(`${route}: ${GATEWAY_CALLERS.length} callers get what they should`, () =>
        askAll(row, async (caller) =>
          surfaces.servers[environment].server.inject(await gatewayCall(environment, route, caller)),
        ))
  })

describe('the portal', () => {
  test('every route has an entry, and every entry a route', () =>
    requireEntries(routesOf(surfaces.portal), PORTAL))

  for (const [route, row] of Object.entries(PORTAL))
    test(`${route}: ${PORTAL_CALLERS.length} callers get what they should`, async () => {
      const target = await aTarget()
      await askAll(row, async (caller) => {
        const on = isRefusal(row[caller]) ? target : await aTarget()
        return surfaces.portal.inject(await portalCall(route, caller, on))
      })
    })
})

describe("the operator's socket", () => {
  test('every route has an entry, and every entry a route', () =>
    requireEntries(routesOf(surfaces.operator), OPERATOR))

  for (const [route, row] of Object.entries(OPERATOR))
    test(`${route}: whoever opens the socket gets what they should`, async () => {
      const answer = await surfaces.operator.inject(await operatorCall(route))
      assert.equal(classOf(answer), row['whoever opens the socket'], answer.body)
    })
})

for (const environment of ENVIRONMENTS)
  describe(`the administration of the ${environment}`, () => {
    test('every route has an entry, and every entry a route', () =>
      requireEntries(routesOf(surfaces.administration[environment].server), ADMINISTRATION))

    const other = environment === 'sandbox' ? 'production' : 'sandbox'
    const PARTS = {
      "the environment's own gateway": environment,
      "the other environment's gateway": other,
      'the control plane': 'portal',
    } as const

    for (const [route, row] of Object.entries(ADMINISTRATION))
      test(`${route}: ${ADMINISTRATION_CALLERS.length} callers get what they should`, async () => {
        const { server, call } = surfaces.administration[environment]
        const [named = '', path = ''] = route.split(' ')
        const url = path.replace(':version', 'v1').replace(':operation', 'somethingElse')
        const before = await held()
        for (const method of named === 'ANY' ? ['GET', 'POST', 'PUT', 'DELETE'] : [named])
          for (const caller of ADMINISTRATION_CALLERS) {
            const status =
              caller === 'nobody'
                ? (await server.inject({ method: method as 'GET', url })).statusCode
                : await call(PARTS[caller], method, url)
            assert.equal(status < 300 ? 'let in' : status, row[caller], `${method}, ${caller}`)
          }
        assert.deepEqual(await held(), before)
      })
  })

describe('what one listener serves, no other does', () => {
  const served = () => ({
    sandbox: surfaces.servers.sandbox.server,
    production: surfaces.servers.production.server,
    portal: surfaces.portal,
    administration: surfaces.administration.sandbox.server,
    operator: surfaces.operator,
  })
  /** With everything that A has to show. */
  const headers = () => ({
    authorization: `Bearer ${gateways.sandbox.callers['client of A with every scope']?.token}`,
    cookie: cookies['administrator of A'],
    origin: 'https://localhost:8443',
  })

  for (const name of ['sandbox', 'production', 'portal', 'operator'] as const)
    test(`the ${name} knows no path of the others`, async () => {
      const own = new Set(served()[name].knownPaths.keys())
      const foreign = Object.values(served()).flatMap((server) => [...server.knownPaths])
      const unknown = foreign.filter(([path]) => !own.has(path))
      assert.notEqual(unknown.length, 0)
      for (const [path, { methods }] of unknown)
        for (const method of ['GET', 'POST'].filter((each) => methods.has(each))) {
          const answer = await served()[name].inject({
            method: method as 'GET',
            url: path.replaceAll(':', ''),
            headers: headers(),
          })
          assert.equal(answer.statusCode, 404, `${method} ${path}`)
        }
    })
})
