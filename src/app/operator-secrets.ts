import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock, Instant } from '../kernel/time.ts'
import { type Administrations, administrationOf } from './operator-routes.ts'

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
  readonly administrations: Administrations
  readonly clock: Clock
}

/** `/operator/peppers` and `/operator/alerts`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorSecretRoutes =
  ({ administrations, clock }: OperatorSecretRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const all = Object.values(administrations)
    app.get('/operator/peppers', async () => {
      const each = await Promise.all(
        all.map(async (administration) =>
          (await administration.peppers({})).map((pepper) => ({
            environment: administration.environment,
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
        const { id, currentFrom } = await administrationOf(administrations, environment).addPepper(
          {},
          { kind: 'operator' },
        )
        return reply.code(201).send({ id, environment, currentFrom: moment(currentFrom) })
      },
    )

    app.post<{ Body: Static<typeof RETIRE_PEPPER> }>(
      '/operator/peppers/retire',
      { schema: { body: RETIRE_PEPPER } },
      async (request) => {
        const { environment, pepperId } = request.body
        await administrationOf(administrations, environment).retirePepper({ pepperId }, { kind: 'operator' })
        return { retired: pepperId, environment }
      },
    )

    app.get<{ Querystring: Static<typeof ALERTS> }>(
      '/operator/alerts',
      { schema: { querystring: ALERTS } },
      async (request) => {
        const since = (clock.now() - Number(request.query.days ?? 7) * DAY_MS) as Instant
        const each = await Promise.all(
          all.map(async (administration) =>
            (await administration.alerts({ since })).map((alert) => ({
              environment: administration.environment,
              ...alert,
            })),
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
        await administrationOf(administrations, environment).acknowledgeAlert(
          { alertId },
          { kind: 'operator' },
        )
        return { acknowledged: alertId, environment }
      },
    )
  }
