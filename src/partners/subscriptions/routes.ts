import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { plans, products } from '../catalogue/index.ts'
import type { Membership, Organizations } from '../organizations/index.ts'
import {
  fromOurOwnPages,
  neverStored,
  type People,
  type Person,
  requireSignedIn,
  visitorOf,
} from '../people/index.ts'
import type { Subscriptions } from './subscriptions.ts'
import {
  CHOOSE,
  catalogueWire,
  GRANT_OF,
  grantWire,
  PRODUCT_OF,
  PROVIDER_OF,
  REGISTER_PROVIDER,
  SUBSCRIBE,
  subscriptionWire,
} from './wire.ts'

export interface SubscriptionRoutesDeps {
  readonly database: Database
  readonly people: Pick<People, 'current'>
  readonly credentials: { requireMembership(person: Person): Promise<Membership> }
  readonly subscriptions: Subscriptions
  readonly portalUrl: () => string
}

/** `/api/catalogue` and `/api/subscriptions`: what a company can have, and what it has accepted. */
export const subscriptionRoutes =
  ({ database, people, credentials, subscriptions, portalUrl }: SubscriptionRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    const membershipOf = async (request: FastifyRequest) =>
      credentials.requireMembership(await requireSignedIn(people, request))

    app.get('/api/catalogue', async (request) => {
      const { organization } = await membershipOf(request)
      return database.transaction({ role: 'tenant', organization: organization.id }, async (tx) =>
        catalogueWire(await products(tx), await plans(tx)),
      )
    })

    app.get('/api/subscriptions', async (request) => {
      const { organization } = await membershipOf(request)
      return { subscriptions: (await subscriptions.accepted(organization.id)).map(subscriptionWire) }
    })

    app.post<{ Body: Static<typeof CHOOSE> }>(
      '/api/subscriptions/terms',
      { schema: { body: CHOOSE } },
      async (request) => subscriptions.readTerms(await membershipOf(request), request.body),
    )

    app.post<{ Body: Static<typeof SUBSCRIBE> }>(
      '/api/subscriptions',
      { schema: { body: SUBSCRIBE } },
      async (request, reply) => {
        const { accept: _, ...accepted } = request.body
        const membership = await membershipOf(request)
        const subscription = await subscriptions.subscribe(membership, accepted, visitorOf(request))
        return reply.code(201).send(subscriptionWire(subscription))
      },
    )

    app.post('/api/subscriptions/end', async (request, reply) => {
      await subscriptions.unsubscribe(await membershipOf(request))
      return reply.code(204).send()
    })
  }

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
