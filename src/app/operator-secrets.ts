import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { GatewayAdministration } from '../gateway/administration/index.ts'
import type { Environment } from '../kernel/actor.ts'
import type { Clock, Instant } from '../kernel/time.ts'

const ENVIRONMENTS = ['sandbox', 'production'] as const
const closed = { additionalProperties: false }
const ADD_PEPPER = Type.Object({ environment: Type.Enum(ENVIRONMENTS) }, closed)
const RETIRE_PEPPER = Type.Object(
  { environment: Type.Enum(ENVIRONMENTS), pepperId: Type.String({ minLength: 1, maxLength: 64 }) },
  closed,
)
const ACKNOWLEDGE = Type.Object(
  { environment: Type.Enum(ENVIRONMENTS), alertId: Type.String({ minLength: 1, maxLength: 60 }) },
  closed,
)
/** Text, as a query is. */
const ALERTS = Type.Object({ days: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })) }, closed)

const DAY_MS = 86_400_000
const moment = (instant: Instant | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString()

export interface OperatorSecretRoutesDeps {
  readonly gateways: Readonly<Record<Environment, GatewayAdministration>>
  readonly clock: Clock
}

/** `/operator/peppers` and `/operator/alerts`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorSecretRoutes =
  ({ gateways, clock }: OperatorSecretRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.get('/operator/peppers', async () => {
      const each = await Promise.all(
        ENVIRONMENTS.map(async (environment) =>
          (await gateways[environment].peppers({})).map((pepper) => ({
            environment,
            ...pepper,
            createdAt: moment(pepper.createdAt),
          })),
        ),
      )
      return { peppers: each.flat() }
    })

    app.post<{ Body: Static<typeof ADD_PEPPER> }>(
      '/operator/peppers',
      { schema: { body: ADD_PEPPER } },
      async (request, reply) => {
        const { environment } = request.body
        const { id, currentFrom } = await gateways[environment].addPepper({}, { kind: 'operator' })
        return reply.code(201).send({ id, environment, currentFrom: moment(currentFrom) })
      },
    )

    app.post<{ Body: Static<typeof RETIRE_PEPPER> }>(
      '/operator/peppers/retire',
      { schema: { body: RETIRE_PEPPER } },
      async (request) => {
        const { environment, pepperId } = request.body
        await gateways[environment].retirePepper({ pepperId }, { kind: 'operator' })
        return { retired: pepperId, environment }
      },
    )

    app.get<{ Querystring: Static<typeof ALERTS> }>(
      '/operator/alerts',
      { schema: { querystring: ALERTS } },
      async (request) => {
        const since = (clock.now() - Number(request.query.days ?? 7) * DAY_MS) as Instant
        const each = await Promise.all(
          ENVIRONMENTS.map(async (environment) =>
            (await gateways[environment].alerts({ since })).map((alert) => ({ environment, ...alert })),
          ),
        )
        return {
          alerts: each
            .flat()
            .toSorted((a, b) => b.at - a.at)
            .map((alert) => ({
              ...alert,
              at: moment(alert.at),
              acknowledgedAt: moment(alert.acknowledgedAt),
            })),
        }
      },
    )

    app.post<{ Body: Static<typeof ACKNOWLEDGE> }>(
      '/operator/alerts/acknowledge',
      { schema: { body: ACKNOWLEDGE } },
      async (request) => {
        const { environment, alertId } = request.body
        await gateways[environment].acknowledgeAlert({ alertId }, { kind: 'operator' })
        return { acknowledged: alertId, environment }
      },
    )
  }
