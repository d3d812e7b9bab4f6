import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { PAYER_OPERATIONS } from '../gateway/payers/index.ts'
import type { Instant } from '../kernel/time.ts'
import { type Administrations, administrationOf } from './operator-routes.ts'

const closed = { additionalProperties: false }
const ENVIRONMENT = Type.Enum(['sandbox', 'production'])
const ID = Type.String({ minLength: 1, maxLength: 100 })
const MOMENT = Type.String({ format: 'date-time' })
/** Hundreds of thousands of rules. */
const FILE_LIMIT_BYTES = 64 * 1024 * 1024

const OF_ENVIRONMENT = Type.Object({ environment: ENVIRONMENT }, closed)
const IMPORT_PAYERS = Type.Object(
  {
    environment: ENVIRONMENT,
    format: Type.Enum(['csv', 'json']),
    text: Type.String(),
    isTrial: Type.Optional(Type.Boolean()),
  },
  closed,
)
const IMPORT_RULES = Type.Object({ environment: ENVIRONMENT, payer: ID, text: Type.String() }, closed)
const PUBLISH = Type.Object({ environment: ENVIRONMENT, payer: ID, graph: Type.Unknown() }, closed)
const ANNOUNCE = Type.Object(
  {
    environment: ENVIRONMENT,
    payer: ID,
    operation: Type.Optional(Type.Enum([...PAYER_OPERATIONS])),
    from: Type.Optional(MOMENT),
    until: Type.Optional(MOMENT),
    note: Type.String({ maxLength: 1_000 }),
  },
  closed,
)
const END = Type.Object({ environment: ENVIRONMENT, outageId: ID }, closed)

const OPERATOR = { kind: 'operator' } as const
const written = (instant: Instant | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString()
const read = (moment: string) => Date.parse(moment) as Instant

/**
 * `/operator/payers`, `/operator/rules` and `/operator/policies`: who answers, and by what. For the socket that only the
 * operator can open: nothing here asks who calls.
 */
export const operatorPayerRoutes =
  (administrations: Administrations): FastifyPluginAsync =>
  async (app) => {
    const file = (body: object) => ({
      schema: { body },
      bodyLimit: FILE_LIMIT_BYTES,
    })
    app.get<{ Querystring: Static<typeof OF_ENVIRONMENT> }>(
      '/operator/payers',
      { schema: { querystring: OF_ENVIRONMENT } },
      async ({ query: { environment } }) => {
        const entries = await administrationOf(administrations, environment).listDirectory({})
        return {
          payers: entries.map(({ payer, outages, ...entry }) => ({
            id: payer.id,
            name: payer.name,
            ...entry,
            outages: outages.map((one) => ({ ...one, from: written(one.from), until: written(one.until) })),
          })),
        }
      },
    )
    app.post<{ Body: Static<typeof IMPORT_PAYERS> }>(
      '/operator/payers/import',
      file(IMPORT_PAYERS),
      async ({ body: { environment, ...request } }) =>
        administrationOf(administrations, environment).importPayers(request, OPERATOR),
    )
    app.post<{ Body: Static<typeof ANNOUNCE> }>(
      '/operator/payers/outages',
      { schema: { body: ANNOUNCE } },
      async ({ body: { environment, from, until, ...request } }, reply) => {
        const announced = await administrationOf(administrations, environment).announceOutage(
          {
            ...request,
            ...(from !== undefined && { from: read(from) }),
            ...(until !== undefined && { until: read(until) }),
          },
          OPERATOR,
        )
        return reply.code(201).send(announced)
      },
    )
    app.post<{ Body: Static<typeof END> }>(
      '/operator/payers/outages/end',
      { schema: { body: END } },
      async ({ body: { environment, outageId } }) => {
        await administrationOf(administrations, environment).endOutage({ outageId }, OPERATOR)
        return { ended: outageId }
      },
    )
    app.post<{ Body: Static<typeof IMPORT_RULES> }>(
      '/operator/rules/import',
      file(IMPORT_RULES),
      async ({ body: { environment, ...request } }) =>
        administrationOf(administrations, environment).importRules(request, OPERATOR),
    )
    app.post<{ Body: Static<typeof PUBLISH> }>(
      '/operator/policies/publish',
      file(PUBLISH),
      async ({ body: { environment, ...request } }) =>
        administrationOf(administrations, environment).publishPolicy(request, OPERATOR),
    )
  }
