import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import { type GatewayAdministration, YEAR_MS } from '../gateway/administration/index.ts'
import { ORGANIZATION_SCENARIOS } from '../gateway/simulator/index.ts'
import type { Environment } from '../kernel/actor.ts'
import type { Organizations } from '../partners/organizations/index.ts'

const closed = { additionalProperties: false }
const OF = {
  /** A name or an id. */
  organization: Type.String({ minLength: 1, maxLength: 200 }),
  // Production answers that it has none of this; nobody is to find that out by a wrong default.
  environment: Type.Optional(Type.Enum(['sandbox', 'production'])),
}
const SET_SCENARIO = Type.Object(
  { ...OF, scenario: Type.Enum([...ORGANIZATION_SCENARIOS, 'default']) },
  closed,
)

const ADVANCE_CLOCK = Type.Object({ ...OF, byMs: Type.Integer({ minimum: 1, maximum: YEAR_MS }) }, closed)

export interface OperatorSandboxRoutesDeps {
  readonly organizations: Organizations
  readonly gateways: Readonly<Record<Environment, GatewayAdministration>>
}

const OPERATOR = { kind: 'operator' } as const

/** `/operator/scenarios` and `/operator/clocks`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorSandboxRoutes =
  ({ organizations, gateways }: OperatorSandboxRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.post<{ Body: Static<typeof SET_SCENARIO> }>(
      '/operator/scenarios',
      { schema: { body: SET_SCENARIO } },
      async ({ body: { organization, environment = 'sandbox', scenario } }) => {
        const { id, name } = await organizations.named(organization)
        await gateways[environment].setScenario({ organizationId: id, scenario }, OPERATOR)
        return { organizationId: id, name, scenario }
      },
    )

    app.post<{ Body: Static<typeof ADVANCE_CLOCK> }>(
      '/operator/clocks',
      { schema: { body: ADVANCE_CLOCK } },
      async ({ body: { organization, environment = 'sandbox', byMs } }) => {
        const { id, name } = await organizations.named(organization)
        const moved = await gateways[environment].advanceClock({ organizationId: id, byMs }, OPERATOR)
        return { organizationId: id, name, ...moved }
      },
    )
  }
