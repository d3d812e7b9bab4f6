/** Who gets what at every route: the data that `matrix.db.test.ts` asks for, cell by cell. */

/**
 * The class of an answer. `let in` is any success. A number is the status of a refusal. `nothing` is a success that tells
 * nothing: RFC 7662 answers so about a token that is not the asker's to know.
 */
export type Expected = 'let in' | 'nothing' | 400 | 401 | 403 | 404 | 405 | 409 | 410 | 422

type Row<Caller extends string> = Readonly<Record<Caller, Expected>>
export type Table<Caller extends string> = Readonly<Record<string, Row<Caller>>>

const forAll = <Caller extends string>(callers: readonly Caller[], expected: Expected): Row<Caller> =>
  Object.fromEntries(callers.map((caller) => [caller, expected])) as Row<Caller>

/** Who calls a gateway. The ids that they name are company A's, but for `other company asking for its own`. */
export const GATEWAY_CALLERS = [
  'nobody',
  'client of A with every scope',
  'client of A with pa:determine',
  'client of A with pa:inquire',
  'client of A with pa:submit',
  'client of A with pa:admit',
  'client of A with pa:read',
  'client whose grant has ended',
  'client of another company',
  'client of the other environment',
  'client of A with a revoked token',
  'revoked client of A',
  'person of A, signed in at the portal',
  'auditor of every payer, signed in at the portal',
] as const
export type GatewayCaller = (typeof GATEWAY_CALLERS)[number]

const open = forAll(GATEWAY_CALLERS, 'let in')

/** Nobody of A's without a live token. */
const anyToken: Row<GatewayCaller> = {
  ...open,
  nobody: 401,
  'client whose grant has ended': 403,
  'client of the other environment': 401,
  'client of A with a revoked token': 401,
  'revoked client of A': 401,
  'person of A, signed in at the portal': 401,
  'auditor of every payer, signed in at the portal': 401,
}

/** A live token with this scope, and no other will do. */
const needs = (
  scope: 'pa:determine' | 'pa:inquire' | 'pa:submit' | 'pa:admit' | 'pa:read',
): Row<GatewayCaller> => ({
  ...anyToken,
  'client of A with pa:determine': 403,
  'client of A with pa:inquire': 403,
  'client of A with pa:submit': 403,
  'client of A with pa:admit': 403,
  'client of A with pa:read': 403,
  [`client of A with ${scope}`]: 'let in',
})

/** A live token with several scopes: none of them alone will do. */
const needsSeveral: Row<GatewayCaller> = { ...needs('pa:read'), 'client of A with pa:read': 403 }

/** A case of A's: another company is told that there is none. */
const readsCase: Row<GatewayCaller> = { ...needs('pa:read'), 'client of another company': 404 }

const addsToCase: Row<GatewayCaller> = { ...needs('pa:submit'), 'client of another company': 404 }
/** Changes a case of A's; `letIn` is what becomes of those who may. */
const changesCase = (letIn: 'let in' | 409): Row<GatewayCaller> => ({
  ...needs('pa:submit'),
  'client of A with every scope': letIn,
  'client of A with pa:submit': letIn,
  'client of another company': 404,
})

/** Any scope to act will do: what each item needs is looked at when its turn comes. */
const operates: Row<GatewayCaller> = { ...anyToken, 'client of A with pa:read': 403 }

/** The client's own secret: a token that has ended, or lacks a scope, says nothing of it. */
const provesItself: Row<GatewayCaller> = {
  ...open,
  nobody: 401,
  // RFC 6749 section 5.2: unauthorized_client
  'client whose grant has ended': 400,
  'client of the other environment': 401,
  'revoked client of A': 401,
  'person of A, signed in at the portal': 401,
  'auditor of every payer, signed in at the portal': 401,
}

/** These two say with 400 that the secret is missing. */
const apipV2: Row<GatewayCaller> = {
  ...provesItself,
  nobody: 400,
  'person of A, signed in at the portal': 400,
  'auditor of every payer, signed in at the portal': 400,
}
const apipSntl: Row<GatewayCaller> = { ...apipV2, 'client whose grant has ended': 403 }

/** What is asked about is a token of A's client with every scope, which it alone may end (RFC 7009 section 2.1). */
const endsItsOwn: Row<GatewayCaller> = {
  ...forAll(GATEWAY_CALLERS, 400),
  nobody: 401,
  'client of A with every scope': 'let in',
  'client of the other environment': 401,
  'revoked client of A': 401,
  'person of A, signed in at the portal': 401,
  'auditor of every payer, signed in at the portal': 401,
}
const knowsItsOwn: Row<GatewayCaller> = {
  ...provesItself,
  'client whose grant has ended': 'nothing',
  'client of another company': 'nothing',
}

const wrongMethod = forAll(GATEWAY_CALLERS, 405)
const postOnly = (path: string, row: Row<GatewayCaller>): Table<GatewayCaller> => ({
  [`POST ${path}`]: row,
  ...Object.fromEntries(
    ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].map((method) => [`${method} ${path}`, wrongMethod]),
  ),
})
const readable = <Caller extends string>(path: string, row: Row<Caller>): Table<Caller> => ({
  [`GET ${path}`]: row,
  [`HEAD ${path}`]: row,
})

const BASE = '/rcm/prior-authorization/v1'

/** The same in both environments. */
export const GATEWAY: Table<GatewayCaller> = {
  ...readable('/healthz', open),
  ...readable('/readyz', open),
  ...readable('/openapi.json', open),
  ...readable('/oauth2/jwks', open),
  ...readable('/.well-known/oauth-authorization-server', open),
  ...readable('/.well-known/oauth-protected-resource', open),
  ...readable('/fhir/R4/.well-known/smart-configuration', open),
  'POST /leaks': open,
  ...postOnly('/oauth2/token', provesItself),
  ...postOnly('/apip/auth/v2/token', apipV2),
  ...postOnly('/apip/auth/sntl/v1/token', apipSntl),
  ...postOnly('/oauth2/revoke', endsItsOwn),
  ...postOnly('/oauth2/introspect', knowsItsOwn),
  [`POST ${BASE}/submission`]: needs('pa:submit'),
  [`POST ${BASE}/submission/json`]: needs('pa:submit'),
  [`POST ${BASE}/submission/x12`]: needs('pa:submit'),
  [`POST ${BASE}/inquiry`]: needs('pa:inquire'),
  [`POST ${BASE}/inquiry/json`]: needs('pa:inquire'),
  [`POST ${BASE}/inquiry/x12`]: needs('pa:inquire'),
  [`POST ${BASE}/determination`]: needs('pa:determine'),
  [`POST ${BASE}/determination/json`]: needs('pa:determine'),
  [`POST ${BASE}/determination/x12`]: needs('pa:determine'),
  [`POST ${BASE}/noa`]: needs('pa:admit'),
  [`POST ${BASE}/noa/json`]: needs('pa:admit'),
  [`POST ${BASE}/noa/x12`]: needs('pa:admit'),
  [`POST ${BASE}/authorization`]: needsSeveral,
  [`POST ${BASE}/authorization/json`]: needsSeveral,
  [`POST ${BASE}/authorization/x12`]: needsSeveral,
  ...readable(`${BASE}/healthcheck`, anyToken),
  ...readable('/v1/authorizations/:id', readsCase),
  // A company that has no case finds none: what it may not see is left out, not refused.
  'POST /v1/authorizations/search': needs('pa:read'),
  ...readable('/v1/authorizations/:id/events', readsCase),
  ...readable('/v1/authorizations/:id/json', readsCase),
  ...readable('/v1/authorizations/:id/x12', readsCase),
  ...readable('/v1/authorizations/:id/exchanges', readsCase),
  'POST /v1/authorizations/:id/documents': addsToCase,
  ...readable('/v1/authorizations/:id/documents', readsCase),
  ...readable('/v1/authorizations/:id/documents/:documentId', readsCase),
  ...readable('/v1/authorizations/:id/exchanges/:exchangeId', readsCase),
  // Its numbers lead nobody else to a case.
  'POST /v1/attachments': { ...needs('pa:submit'), 'client of another company': 422 },
  'POST /v1/authorizations': needs('pa:submit'),
  'POST /v1/authorizations/:id/update': changesCase('let in'),
  'POST /v1/authorizations/:id/extend': changesCase('let in'),
  'POST /v1/authorizations/:id/cancel': changesCase('let in'),
  // It was certified as asked: there is nothing to contest.
  'POST /v1/authorizations/:id/appeal': changesCase(409),
  'POST /v1/determinations': needs('pa:determine'),
  'POST /v1/admissions': needs('pa:admit'),
  ...readable('/v1/admissions/:id', readsCase),
  ...readable('/v1/payers', needs('pa:read')),
  // With a submission: the scope follows from what the envelope holds.
  'POST /core/soap': needs('pa:submit'),
  'POST /core/mime': needs('pa:submit'),
  'POST /v1/batches': operates,
  // A company that sent none is shown none.
  ...readable('/v1/batches', needs('pa:read')),
  ...readable('/v1/events', needs('pa:read')),
  ...readable('/v1/batches/:id', readsCase),
  ...readable('/v1/batches/:id/items', readsCase),
  ...readable('/v1/batches/:id/answers', readsCase),
  'POST /v1/batches/:id/cancel': { ...operates, 'client of another company': 404 },
}

/** Who calls the portal. The client that they name is company A's, and the payer is the one that A's cases are sent to. */
export const PORTAL_CALLERS = [
  'nobody',
  'administrator of A',
  'signatory of A',
  'developer of A',
  'billing of A',
  'viewer of A',
  'administrator of another company',
  'person of no company',
  'administrator of A, sent by another site',
  'administrator of A, signed out',
  'client of A with its token',
  'auditor of the payer',
  'auditor of another payer',
  'auditor of every payer',
  'engineer for every payer',
  'auditor of every payer, in the other environment',
  'auditor of every payer until it was withdrawn',
  'partner desk of production',
] as const
export type PortalCaller = (typeof PORTAL_CALLERS)[number]

const openToAll = forAll(PORTAL_CALLERS, 'let in')
/** From the portal's own pages. */
const ownPages: Row<PortalCaller> = { ...openToAll, 'administrator of A, sent by another site': 403 }

const signedIn: Row<PortalCaller> = {
  ...openToAll,
  nobody: 401,
  'administrator of A, signed out': 401,
  'client of A with its token': 401,
}
/** Nobody of the operator belongs to a company. */
const noCompany: Partial<Row<PortalCaller>> = {
  'person of no company': 403,
  'auditor of the payer': 403,
  'auditor of another payer': 403,
  'auditor of every payer': 403,
  'engineer for every payer': 403,
  'auditor of every payer, in the other environment': 403,
  'auditor of every payer until it was withdrawn': 403,
  'partner desk of production': 403,
}
/** Every role sees what credentials there are. */
const ofACompany: Row<PortalCaller> = { ...signedIn, ...noCompany }
const mayMake: Row<PortalCaller> = {
  ...ofACompany,
  'signatory of A': 403,
  'billing of A': 403,
  'viewer of A': 403,
  'administrator of A, sent by another site': 403,
}
const mayChange: Row<PortalCaller> = { ...mayMake, 'administrator of another company': 404 }

/** Whoever has no role at the operator finds nothing, whoever they are. */
const ofTheOperator: Row<PortalCaller> = {
  ...forAll(PORTAL_CALLERS, 404),
  nobody: 401,
  'administrator of A, signed out': 401,
  'client of A with its token': 401,
  'auditor of the payer': 'let in',
  'auditor of another payer': 'let in',
  'auditor of every payer': 'let in',
  'engineer for every payer': 'let in',
  'auditor of every payer, in the other environment': 'let in',
  'partner desk of production': 'let in',
}
/** The record of a member of the payer: to an auditor of another payer there is no such payer. */
const auditsThePayer: Row<PortalCaller> = {
  ...ofTheOperator,
  'administrator of A, sent by another site': 403,
  'auditor of another payer': 404,
  'engineer for every payer': 403,
  'auditor of every payer, in the other environment': 403,
  'partner desk of production': 403,
}

/** Of what A has: another company is told that there is none. */
const readsOfA: Row<PortalCaller> = { ...ofACompany, 'administrator of another company': 404 }
/** From the portal's own pages, whatever the role. */
const anyOfACompany = (letIn: Expected): Row<PortalCaller> => ({
  ...ofACompany,
  ...Object.fromEntries(
    ['administrator', 'signatory', 'developer', 'billing', 'viewer'].map((role) => [`${role} of A`, letIn]),
  ),
  'administrator of another company': letIn,
  'administrator of A, sent by another site': 403,
})
/** Who asks for production, and signs: `letIn` is what becomes of those who may, `other` of another company's. */
const asks = (letIn: Expected, other: Expected): Row<PortalCaller> => ({
  ...anyOfACompany(letIn),
  'developer of A': 403,
  'billing of A': 403,
  'viewer of A': 403,
  'administrator of another company': other,
})
/** The desk of production and its auditors; other people of the operator are told that it is not theirs. */
const readsAtTheDesk = (letIn: Expected): Row<PortalCaller> => ({
  ...ofTheOperator,
  'auditor of the payer': 403,
  'auditor of another payer': 403,
  'auditor of every payer': 403,
  'engineer for every payer': 403,
  'auditor of every payer, in the other environment': letIn,
  'partner desk of production': letIn,
})
const actsAtTheDesk = (letIn: Expected): Row<PortalCaller> => ({
  ...readsAtTheDesk(letIn),
  'administrator of A, sent by another site': 403,
  'auditor of every payer, in the other environment': 403,
})

export const PORTAL: Table<PortalCaller> = {
  ...readable('/healthz', openToAll),
  ...readable('/readyz', openToAll),
  // Every page of the documentation, which anybody may read.
  ...readable('/docs/*', openToAll),
  'POST /api/sign-up': ownPages,
  'POST /api/sign-up/resend': ownPages,
  // With a link that was never mailed.
  'POST /api/sign-up/verification': {
    ...forAll(PORTAL_CALLERS, 410),
    'administrator of A, sent by another site': 403,
  },
  // With the password.
  'POST /api/sign-in': ownPages,
  'POST /api/sign-out': ownPages,
  ...readable('/api/session', signedIn),
  // Where the portal shows it at all: `showsOutbox`.
  ...readable('/api/outbox', openToAll),
  ...readable('/api/credentials', ofACompany),
  'POST /api/credentials': mayMake,
  'POST /api/credentials/:clientId/keys': mayChange,
  'POST /api/credentials/:clientId/rotate': mayChange,
  'POST /api/credentials/:clientId/revoke': mayChange,
  'POST /api/credentials/:clientId/allow': mayChange,
  'POST /api/credentials/:clientId/disable': mayChange,
  'POST /api/credentials/:clientId/end-tokens': mayChange,
  ...readable('/api/operator/authority', ofTheOperator),
  'POST /api/operator/who-saw': auditsThePayer,
  ...readable('/api/catalogue', ofACompany),
  ...readable('/api/subscriptions', ofACompany),
  // No plan is offered for self-service, and so none is accepted.
  'POST /api/subscriptions/terms': anyOfACompany(422),
  'POST /api/subscriptions': asks(422, 422),
  'POST /api/subscriptions/end': asks(404, 404),
  ...readable('/api/production-requests', ofACompany),
  ...readable('/api/production-requests/:id', readsOfA),
  'POST /api/production-requests/preview': anyOfACompany('let in'),
  // A has an open one; what was offered on the one that is named was withdrawn.
  'POST /api/production-requests': asks(409, 'let in'),
  'POST /api/production-requests/:id/change': asks(409, 404),
  'POST /api/production-requests/:id/submit': asks(409, 404),
  'POST /api/production-requests/:id/withdraw': asks(409, 404),
  ...readable('/api/contracts', ofACompany),
  ...readable('/api/contracts/:id', readsOfA),
  // It was never sealed.
  ...readable('/api/contracts/:id/file', {
    ...anyOfACompany(404),
    'administrator of A, sent by another site': 404,
  }),
  // A has a signatory, so its administrator does not sign.
  'POST /api/contracts/:id/sign': { ...asks(409, 404), 'administrator of A': 403 },
  'POST /api/contracts/:id/notice': asks(409, 404),
  ...readable('/api/questions', ofACompany),
  ...readable('/api/questions/:id', readsOfA),
  'POST /api/questions': anyOfACompany('let in'),
  // It is closed.
  'POST /api/questions/:id/messages': { ...anyOfACompany(409), 'administrator of another company': 404 },
  'POST /api/questions/:id/close': { ...anyOfACompany('let in'), 'administrator of another company': 404 },
  ...readable('/api/operator/questions', readsAtTheDesk('let in')),
  ...readable('/api/operator/questions/:id', readsAtTheDesk('let in')),
  'POST /api/operator/questions/:id/messages': actsAtTheDesk(409),
  'POST /api/operator/questions/:id/close': actsAtTheDesk('let in'),
  ...readable('/api/operator/agreements', readsAtTheDesk('let in')),
  'POST /api/operator/agreements/preview': {
    ...readsAtTheDesk('let in'),
    'administrator of A, sent by another site': 403,
  },
  // From a version that was replaced long ago.
  'POST /api/operator/agreements': actsAtTheDesk(409),
  ...readable('/api/operator/plans', readsAtTheDesk('let in')),
  'POST /api/operator/plans': actsAtTheDesk(409),
  ...readable('/api/operator/production-requests', readsAtTheDesk('let in')),
  ...readable('/api/operator/production-requests/:id', readsAtTheDesk('let in')),
  'POST /api/operator/production-requests/:id/review': actsAtTheDesk(409),
  'POST /api/operator/production-requests/:id/take-back': actsAtTheDesk(409),
  'POST /api/operator/production-requests/:id/decline': actsAtTheDesk(409),
  'POST /api/operator/production-requests/:id/offer': actsAtTheDesk(409),
  ...readable('/api/operator/contracts', readsAtTheDesk('let in')),
  ...readable('/api/operator/contracts/:id', readsAtTheDesk('let in')),
  ...readable('/api/operator/contracts/:id/file', readsAtTheDesk(404)),
  'POST /api/operator/contracts/:id/countersign': actsAtTheDesk(409),
  'POST /api/operator/contracts/:id/terminate': actsAtTheDesk(409),
  'POST /api/operator/contracts/:id/notice': actsAtTheDesk(409),
  // Of a company that there is none of.
  'POST /api/operator/contracts/record': actsAtTheDesk(404),
}

/** The operator is whoever can open the socket: nothing on it asks who calls. */
export const OPERATOR_CALLERS = ['whoever opens the socket'] as const
export type OperatorCaller = (typeof OPERATOR_CALLERS)[number]

const opens = forAll(OPERATOR_CALLERS, 'let in')
/** Let in, and what the body names is not there. */
const noSuch = forAll(OPERATOR_CALLERS, 404)

export const OPERATOR: Table<OperatorCaller> = {
  ...readable('/healthz', opens),
  ...readable('/readyz', opens),
  ...readable('/operator/organizations', opens),
  'POST /operator/organizations': opens,
  ...readable('/operator/status', opens),
  ...readable('/operator/payers', opens),
  'POST /operator/payers/import': opens,
  'POST /operator/payers/outages': opens,
  'POST /operator/payers/outages/end': noSuch,
  'POST /operator/rules/import': noSuch,
  'POST /operator/policies/publish': noSuch,
  'POST /operator/contracts/record': noSuch,
  'POST /operator/contracts/verify': opens,
  ...readable('/operator/contracts/certificates', opens),
  ...readable('/operator/credentials', opens),
  'POST /operator/credentials': opens,
  'POST /operator/credentials/:clientId/keys': opens,
  'POST /operator/credentials/:clientId/rotate': opens,
  'POST /operator/credentials/:clientId/revoke': opens,
  'POST /operator/credentials/:clientId/allow': opens,
  'POST /operator/credentials/:clientId/disable': opens,
  'POST /operator/credentials/:clientId/end-tokens': opens,
  ...readable('/operator/grants', opens),
  'POST /operator/grants/products/add': opens,
  'POST /operator/grants/products/withdraw': opens,
  'POST /operator/grants/providers': opens,
  'POST /operator/grants/providers/end': opens,
  ...readable('/operator/people', opens),
  // With an address that nobody has confirmed.
  'POST /operator/people': noSuch,
  'POST /operator/people/withdraw': noSuch,
  ...readable('/operator/peppers', opens),
  'POST /operator/peppers': opens,
  'POST /operator/peppers/retire': noSuch,
  ...readable('/operator/alerts', opens),
  'POST /operator/alerts/acknowledge': noSuch,
  ...readable('/operator/keys', opens),
  'POST /operator/audit/verify': opens,
  // Another process seals here.
  'POST /operator/audit/anchors': noSuch,
  'POST /operator/audit/who-saw': noSuch,
  'POST /operator/keys/rotations': opens,
  'POST /operator/scenarios': opens,
  'POST /operator/clocks': opens,
}

/** Who calls the administration of an environment. */
export const ADMINISTRATION_CALLERS = [
  'nobody',
  "the environment's own gateway",
  "the other environment's gateway",
  'the control plane',
] as const
export type AdministrationCaller = (typeof ADMINISTRATION_CALLERS)[number]

const partOnly = (letIn: Expected): Row<AdministrationCaller> => ({
  ...forAll(ADMINISTRATION_CALLERS, 401),
  'the control plane': letIn,
})
const anyPart = forAll(ADMINISTRATION_CALLERS, 'let in')

const OPERATIONS = [
  'applyGrant',
  'createClient',
  'createKeyClient',
  'registerKeys',
  'clients',
  'secrets',
  'rotateSecret',
  'revokeSecret',
  'allowAddresses',
  'alerts',
  'acknowledgeAlert',
  'peppers',
  'addPepper',
  'retirePepper',
  'endTokens',
  'revokeClient',
  'keys',
  'rotateKeys',
  'whoSaw',
  'listDirectory',
  'importPayers',
  'announceOutage',
  'endOutage',
  'importRules',
  'publishPolicy',
  'setUpstream',
  'listUpstreams',
  'removeUpstream',
  'setScenario',
  'advanceClock',
] as const

/** The calls have no body, so whoever is let in is told that (422). */
export const ADMINISTRATION: Table<AdministrationCaller> = {
  ...readable('/healthz', anyPart),
  ...readable('/readyz', anyPart),
  ...Object.fromEntries(OPERATIONS.map((name) => [`POST /administration/v1/${name}`, partOnly(422)])),
  // An operation that is unknown here, by any method.
  'ANY /administration/:version/:operation': partOnly(404),
}
