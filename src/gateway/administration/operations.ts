import { type TSchema, Type } from 'typebox'
import { SCOPES, type Scope } from '../clients/index.ts'
import { ENVELOPES } from '../connectors/index.ts'
import { PAYER_OPERATIONS, WAYS } from '../payers/index.ts'
import { ORGANIZATION_SCENARIOS } from '../simulator/index.ts'
import type { GatewayAdministration } from './administration.ts'

/** The name of something that the control plane may ask of an environment: as its method here, and in the path there. */
export type OperationName = Exclude<keyof GatewayAdministration, 'environment'>

export interface Operation {
  /** What is sent, as JSON: moments are numbers of milliseconds. */
  readonly request: TSchema
  /** What comes back; null for nothing. */
  readonly answer: TSchema
  /** Whether to ask twice does no more than to ask once: it is asked again when a connection is lost. */
  readonly isRepeatable: boolean
  /** Of a request, at most; as much as a grant of ten thousand providers when left out. */
  readonly mostBytes?: number
}

/** Hundreds of thousands of rules. */
const MOST_OF_A_FILE = 64 * 1024 * 1024

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const moment = Type.Integer({ minimum: 0 })
const organizationId = text(100)
const scope = Type.Enum(Object.keys(SCOPES) as Scope[])
const strict = { additionalProperties: false } as const
const CLIENT = { organizationId, clientId: text(100) }
const NULLABLE = Type.Union([Type.String(), Type.Null()])
/** The most that a clock is moved at once. */
export const YEAR_MS = 366 * 86_400_000
const NOTHING = Type.Object({}, strict)

const PROVIDER = Type.Object(
  {
    npi: Type.String({ pattern: '^\\d{10}$' }),
    relation: Type.Enum(['own', 'represented']),
    tenantId: Type.Optional(text(200)),
    from: moment,
    until: Type.Optional(moment),
  },
  strict,
)

const GRANT = Type.Object(
  {
    id: text(100),
    organizationId,
    organizationName: text(200),
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    products: Type.Array(text(100), { maxItems: 100 }),
    scopes: Type.Array(scope, { maxItems: 100 }),
    from: moment,
    until: Type.Optional(moment),
    providers: Type.Optional(Type.Array(PROVIDER, { maxItems: 10_000 })),
  },
  strict,
)

// Which keys can be used is for the use case to say, with every fault.
const KEYS = Type.Union([
  Type.Object({ jwks: Type.Unknown() }, strict),
  Type.Object({ jwksUri: Type.String({ maxLength: 2_000 }) }, strict),
])

const CLIENT_REQUEST = {
  organizationId,
  // Its rules are the use case's, which says them in words.
  label: Type.String({ maxLength: 1_000 }),
  scopes: Type.Optional(Type.Array(scope, { maxItems: 100 })),
  expiresInDays: Type.Optional(Type.Number()),
  requestId: Type.Optional(text(100)),
}

const WAY = Type.Enum([...WAYS])
const PAYER_ENTRY = Type.Object({
  payer: Type.Object({ id: text(100), name: text(200), wireIds: Type.Array(text(100)) }),
  identifiers: Type.Array(Type.Object({ value: text(100), system: Type.Optional(text(100)) })),
  plans: Type.Array(
    Type.Object({ id: text(100), name: text(1_000), lineOfBusiness: Type.Optional(text(100)) }),
  ),
  ways: Type.Object({ determination: WAY, inquiry: WAY, submission: WAY, notice: WAY }),
  outages: Type.Array(
    Type.Object({
      id: text(100),
      operation: Type.Optional(Type.Enum([...PAYER_OPERATIONS])),
      from: moment,
      until: Type.Optional(moment),
      note: Type.String(),
    }),
  ),
})
const NAMES = Type.Array(Type.String())

// What may stand in them is for the use case to say, with every fault.
const PARTY = Type.Object(
  { id: text(100), qualifier: Type.Optional(text(10)), application: Type.Optional(text(100)) },
  strict,
)
const SHOWN_PARTY = Type.Object({ id: text(100), qualifier: text(10), application: text(100) })
const UPSTREAM = Type.Object({
  payerId: text(100),
  payer: text(200),
  url: text(2_000),
  operationUrls: Type.Record(Type.String(), Type.String()),
  envelope: Type.Enum([...ENVELOPES]),
  sender: SHOWN_PARTY,
  receiver: SHOWN_PARTY,
  usage: Type.Enum(['T', 'P']),
  answersAs: Type.Enum(['intermediary', 'payer']),
  timeoutMs: Type.Integer(),
  retries: Type.Integer(),
  credentials: Type.Optional(Type.Object({ tokenUrl: text(2_000), clientId: text(500) })),
  failures: Type.Integer(),
  shutUntil: Type.Optional(moment),
})

const NEW_CLIENT = {
  clientId: text(100),
  environment: Type.Enum(['sandbox', 'production']),
  label: text(100),
  scopes: Type.Array(text(100)),
  tokenUrl: text(2_000),
  baseUrl: text(2_000),
}

/**
 * Everything that travels between the control plane and an environment that runs in another process. A method of
 * `GatewayAdministration` without a row here does not compile.
 */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  applyGrant: { request: GRANT, answer: Type.Null(), isRepeatable: true },
  createClient: {
    request: Type.Object(CLIENT_REQUEST, strict),
    answer: Type.Object({
      ...NEW_CLIENT,
      clientSecret: text(200),
      secretId: text(100),
      secretExpiresAt: Type.Optional(moment),
    }),
    isRepeatable: false,
  },
  createKeyClient: {
    request: Type.Object({ ...CLIENT_REQUEST, keys: KEYS }, strict),
    answer: Type.Object(NEW_CLIENT),
    isRepeatable: false,
  },
  registerKeys: {
    request: Type.Object({ organizationId, clientId: text(100), keys: KEYS }, strict),
    answer: Type.Null(),
    // A second time could undo what somebody else has put in place in between.
    isRepeatable: false,
  },
  clients: {
    request: organizationId,
    answer: Type.Array(
      Type.Object({
        clientId: text(100),
        organizationId,
        label: text(100),
        scopes: Type.Array(text(100)),
        createdAt: moment,
        disabledAt: Type.Optional(moment),
        secretHint: Type.Optional(text(200)),
        lastUsedAt: Type.Optional(moment),
        allowedAddresses: Type.Array(Type.String()),
        keys: Type.Optional(
          Type.Object({
            kids: Type.Array(Type.String()),
            jwksUri: Type.Optional(text(2_000)),
            lastUsedAt: Type.Optional(moment),
            lastUsedKid: Type.Optional(Type.String()),
          }),
        ),
      }),
    ),
    isRepeatable: true,
  },
  secrets: {
    request: Type.Object({ organizationId, clientId: Type.Optional(text(100)) }, strict),
    answer: Type.Array(
      Type.Object({
        id: text(100),
        clientId: text(100),
        hint: text(200),
        createdAt: moment,
        expiresAt: Type.Optional(moment),
        revokedFor: Type.Optional(Type.String()),
        lastUsedAt: Type.Optional(moment),
        lastUsedFrom: Type.Optional(Type.String()),
        uses: Type.Integer(),
        isLive: Type.Boolean(),
        expiresSoon: Type.Boolean(),
      }),
    ),
    isRepeatable: true,
  },
  rotateSecret: {
    request: Type.Object(
      {
        ...CLIENT,
        overlapDays: Type.Number(),
        expiresInDays: Type.Optional(Type.Number()),
        requestId: Type.Optional(text(100)),
      },
      strict,
    ),
    answer: Type.Object({
      clientSecret: text(200),
      secretId: text(100),
      secretExpiresAt: Type.Optional(moment),
      replaces: Type.Optional(Type.Object({ secretId: text(100), endsAt: moment })),
    }),
    isRepeatable: false,
  },
  revokeSecret: {
    request: Type.Object({ ...CLIENT, secretId: text(100) }, strict),
    answer: Type.Null(),
    isRepeatable: true,
  },
  allowAddresses: {
    // Which of them are addresses is for the use case to say, with every fault.
    request: Type.Object(
      { ...CLIENT, addresses: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1_000 }) },
      strict,
    ),
    answer: Type.Array(Type.String()),
    isRepeatable: false,
  },
  alerts: {
    request: Type.Object({ organizationId: Type.Optional(organizationId), since: moment }, strict),
    answer: Type.Array(
      Type.Object({
        id: text(100),
        kind: text(100),
        clientId: text(100),
        secretId: Type.Optional(text(100)),
        organizationId,
        network: Type.Optional(Type.String()),
        at: moment,
      }),
    ),
    isRepeatable: true,
  },
  acknowledgeAlert: {
    request: Type.Object({ alertId: text(100) }, strict),
    answer: Type.Null(),
    isRepeatable: false,
  },
  peppers: {
    request: NOTHING,
    answer: Type.Array(
      Type.Object({
        id: text(100),
        createdAt: moment,
        state: Type.Enum(['old', 'current', 'next']),
        liveSecrets: Type.Integer(),
      }),
    ),
    isRepeatable: true,
  },
  addPepper: {
    request: NOTHING,
    answer: Type.Object({ id: text(100), currentFrom: moment }),
    isRepeatable: false,
  },
  retirePepper: {
    request: Type.Object({ pepperId: text(100) }, strict),
    answer: Type.Null(),
    isRepeatable: false,
  },
  endTokens: {
    request: Type.Object(CLIENT, strict),
    answer: Type.Object({ epoch: Type.Integer() }),
    isRepeatable: false,
  },
  revokeClient: {
    request: Type.Object({ ...CLIENT, reason: Type.Optional(text(100)) }, strict),
    answer: Type.Null(),
    isRepeatable: true,
  },
  keys: {
    request: NOTHING,
    answer: Type.Array(
      Type.Object({ kid: text(100), state: Type.Enum(['published', 'signing', 'verifying']) }),
    ),
    isRepeatable: true,
  },
  rotateKeys: {
    request: Type.Object({ atOnce: Type.Optional(Type.Boolean()) }, strict),
    answer: Type.Object({ kid: text(100), signsFrom: moment, isNew: Type.Boolean() }),
    isRepeatable: false,
  },
  whoSaw: {
    request: Type.Object(
      {
        payer: text(100),
        memberId: text(100),
        // Never absent: whoever may look through all says so.
        payers: Type.Union([Type.Literal('all'), Type.Array(text(100), { maxItems: 10_000 })]),
        requestId: text(100),
      },
      strict,
    ),
    answer: Type.Object({
      cases: Type.Array(text(100)),
      touches: Type.Array(
        Type.Object({
          entryId: text(100),
          at: Type.String(),
          actorKind: Type.String(),
          actorId: NULLABLE,
          organizationId: NULLABLE,
          act: Type.String(),
          outcome: Type.String(),
          on: Type.String(),
          requestId: NULLABLE,
        }),
      ),
    }),
    // Each search is an entry of the record.
    isRepeatable: false,
  },
  setScenario: {
    request: Type.Object(
      { organizationId, scenario: Type.Enum([...ORGANIZATION_SCENARIOS, 'default']) },
      strict,
    ),
    answer: Type.Null(),
    isRepeatable: true,
  },
  advanceClock: {
    request: Type.Object({ organizationId, byMs: Type.Integer({ minimum: 1, maximum: YEAR_MS }) }, strict),
    answer: Type.Object({ aheadMs: Type.Integer(), settled: Type.Integer() }),
    isRepeatable: false,
  },
  listDirectory: { request: NOTHING, answer: Type.Array(PAYER_ENTRY), isRepeatable: true },
  importPayers: {
    request: Type.Object(
      {
        format: Type.Enum(['csv', 'json']),
        text: Type.String({ maxLength: MOST_OF_A_FILE }),
        isTrial: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
    answer: Type.Object({ added: NAMES, changed: NAMES, unchanged: NAMES }),
    // A second time it would say that nothing has changed.
    isRepeatable: false,
    mostBytes: MOST_OF_A_FILE,
  },
  announceOutage: {
    request: Type.Object(
      {
        payer: text(100),
        operation: Type.Optional(Type.Enum([...PAYER_OPERATIONS])),
        from: Type.Optional(moment),
        until: Type.Optional(moment),
        note: Type.String({ maxLength: 1_000 }),
      },
      strict,
    ),
    answer: Type.Object({ id: text(100) }),
    isRepeatable: false,
  },
  endOutage: {
    request: Type.Object({ outageId: text(100) }, strict),
    answer: Type.Null(),
    isRepeatable: false,
  },
  importRules: {
    request: Type.Object({ payer: text(100), text: Type.String({ maxLength: MOST_OF_A_FILE }) }, strict),
    answer: Type.Object({ version: Type.Integer(), rows: Type.Integer() }),
    isRepeatable: false,
    mostBytes: MOST_OF_A_FILE,
  },
  setUpstream: {
    request: Type.Object(
      {
        payer: text(100),
        url: text(2_000),
        operationUrls: Type.Optional(
          Type.Object(
            Object.fromEntries(PAYER_OPERATIONS.map((operation) => [operation, Type.Optional(text(2_000))])),
            strict,
          ),
        ),
        envelope: Type.Optional(Type.Enum([...ENVELOPES])),
        sender: PARTY,
        receiver: PARTY,
        usage: Type.Optional(Type.Enum(['T', 'P'])),
        answersAs: Type.Optional(Type.Enum(['intermediary', 'payer'])),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 120_000 })),
        retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 50 })),
        credentials: Type.Optional(
          Type.Union([
            Type.Object(
              {
                tokenUrl: text(2_000),
                clientId: text(500),
                clientSecret: text(2_000),
                scope: Type.Optional(text(500)),
              },
              strict,
            ),
            Type.Null(),
          ]),
        ),
      },
      strict,
    ),
    answer: Type.Object({ payerId: text(100) }),
    isRepeatable: false,
  },
  listUpstreams: { request: NOTHING, answer: Type.Array(UPSTREAM), isRepeatable: true },
  removeUpstream: {
    request: Type.Object({ payer: text(100) }, strict),
    answer: Type.Null(),
    isRepeatable: false,
  },
  publishPolicy: {
    request: Type.Object({ payer: text(100), graph: Type.Unknown() }, strict),
    answer: Type.Object({ id: text(100), version: Type.Integer() }),
    isRepeatable: false,
  },
}

/** Who asks, as it is put on the record of the environment. */
export const ACTOR = Type.Union([
  Type.Object({ kind: Type.Literal('client'), clientId: text(100), organizationId }, strict),
  Type.Object(
    { kind: Type.Literal('person'), personId: text(100), organizationId: Type.Optional(organizationId) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('operator') }, strict),
  Type.Object({ kind: Type.Literal('anonymous') }, strict),
  Type.Object({ kind: Type.Literal('system'), part: text(100) }, strict),
])

/** The path of an operation: what is no longer understood the same way gets another version. */
export const pathOf = (operation: string) => `/administration/v1/${operation}`

/** The name in a part's certificate for the administration, by which the other side knows it. */
export const PART_NAMES = {
  portal: 'control-plane.countersign.internal',
  sandbox: 'sandbox-gateway.countersign.internal',
  production: 'production-gateway.countersign.internal',
} as const
