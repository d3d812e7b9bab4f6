import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { PAYER_OPERATIONS } from '../gateway/payers/index.ts'
import { type Administrations, administrationOf } from './operator-routes.ts'

const closed = { additionalProperties: false }
const ENVIRONMENT = Type.Enum(['sandbox', 'production'])
const TEXT = Type.String({ minLength: 1, maxLength: 2_000 })
const PARTY = Type.Object(
  { id: TEXT, qualifier: Type.Optional(TEXT), application: Type.Optional(TEXT) },
  closed,
)

const OF_ENVIRONMENT = Type.Object({ environment: ENVIRONMENT }, closed)
const SET = Type.Object(
  {
    environment: ENVIRONMENT,
    payer: TEXT,
    url: TEXT,
    operationUrls: Type.Optional(
      Type.Object(
        Object.fromEntries(PAYER_OPERATIONS.map((operation) => [operation, Type.Optional(TEXT)])),
        closed,
      ),
    ),
    envelope: Type.Optional(Type.Enum(['post', 'soap', 'mime'])),
    sender: PARTY,
    receiver: PARTY,
    usage: Type.Optional(Type.Enum(['T', 'P'])),
    answersAs: Type.Optional(Type.Enum(['intermediary', 'payer'])),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 120_000 })),
    retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 50 })),
    credentials: Type.Optional(
      Type.Union([
        Type.Object(
          { tokenUrl: TEXT, clientId: TEXT, clientSecret: TEXT, scope: Type.Optional(TEXT) },
          closed,
        ),
        Type.Null(),
      ]),
    ),
  },
  closed,
)
const REMOVE = Type.Object({ environment: ENVIRONMENT, payer: TEXT }, closed)

const OPERATOR = { kind: 'operator' } as const

/** `/operator/upstreams`: where payers are asked. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorUpstreamRoutes =
  (administrations: Administrations): FastifyPluginAsync =>
  async (app) => {
    app.get<{ Querystring: Static<typeof OF_ENVIRONMENT> }>(
      '/operator/upstreams',
      { schema: { querystring: OF_ENVIRONMENT } },
      async ({ query: { environment } }) => {
        const upstreams = await administrationOf(administrations, environment).listUpstreams({})
        return {
          upstreams: upstreams.map(({ shutUntil, ...one }) => ({
            ...one,
            ...(shutUntil !== undefined && { shutUntil: new Date(shutUntil).toISOString() }),
          })),
        }
      },
    )
    app.post<{ Body: Static<typeof SET> }>(
      '/operator/upstreams',
      { schema: { body: SET } },
      async ({ body: { environment, ...draft } }) =>
        administrationOf(administrations, environment).setUpstream(draft, OPERATOR),
    )
    app.post<{ Body: Static<typeof REMOVE> }>(
      '/operator/upstreams/remove',
      { schema: { body: REMOVE } },
      async ({ body: { environment, payer } }) => {
        await administrationOf(administrations, environment).removeUpstream({ payer }, OPERATOR)
        return { removed: payer }
      },
    )
  }
