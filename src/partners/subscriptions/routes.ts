import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Organizations } from '../organizations/index.ts'
import type { Subscriptions } from './subscriptions.ts'
import { GRANT_OF, grantWire, PRODUCT_OF, PROVIDER_OF, REGISTER_PROVIDER } from './wire.ts'

export interface OperatorGrantRoutesDeps {
  readonly organizations: Organizations
  readonly subscriptions: Subscriptions
}

const OPERATOR = { kind: 'operator' } as const

/** `/operator/grants`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorGrantRoutes =
  ({ organizations, subscriptions }: OperatorGrantRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const idOf = async (organization: string) => (await organizations.named(organization)).id

    app.get<{ Querystring: Static<typeof GRANT_OF> }>(
      '/operator/grants',
      { schema: { querystring: GRANT_OF } },
      async ({ query }) => {
        const granted = await subscriptions.grantOf(await idOf(query.organization), query.environment)
        if (!granted)
          throw new Problem('access/no-grant', `The company has no grant in the ${query.environment}.`)
        return grantWire(granted)
      },
    )

    for (const [path, change] of [
      ['withdraw', subscriptions.withdrawProduct],
      ['add', subscriptions.addProduct],
    ] as const)
      app.post<{ Body: Static<typeof PRODUCT_OF> }>(
        `/operator/grants/products/${path}`,
        { schema: { body: PRODUCT_OF } },
        async ({ body: { organization, ...wanted } }) =>
          grantWire(await change({ ...wanted, organizationId: await idOf(organization) }, OPERATOR)),
      )

    app.post<{ Body: Static<typeof REGISTER_PROVIDER> }>(
      '/operator/grants/providers',
      { schema: { body: REGISTER_PROVIDER } },
      async ({ body: { organization, from, until, ...provider } }) => {
        const organizationId = await idOf(organization)
        const period = { ...(from && { from: instant(from) }), ...(until && { until: instant(until) }) }
        return grantWire(
          await subscriptions.registerProvider({ ...provider, ...period, organizationId }, OPERATOR),
        )
      },
    )

    app.post<{ Body: Static<typeof PROVIDER_OF> }>(
      '/operator/grants/providers/end',
      { schema: { body: PROVIDER_OF } },
      async ({ body: { organization, ...wanted } }) =>
        grantWire(
          await subscriptions.endProvider({ ...wanted, organizationId: await idOf(organization) }, OPERATOR),
        ),
    )
  }

const instant = (text: string) => Date.parse(text) as Instant
