import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import { fromOurOwnPages, neverStored, type People, requireSignedIn } from '../people/index.ts'
import type { Operators } from './operators.ts'
import { authorityWire, GRANT_ROLE, roleWire, WHO_SAW, WITHDRAW_ROLE } from './wire.ts'

export interface OperatorPortalRoutesDeps {
  readonly people: Pick<People, 'current'>
  readonly operators: Operators
  readonly portalUrl: () => string
}

/** `/api/operator`: what the operator's own people may see and do, for whoever is signed in and has a role. */
export const operatorPortalRoutes =
  ({ people, operators, portalUrl }: OperatorPortalRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    app.get('/api/operator/authority', async (request) =>
      authorityWire(await operators.requireAuthority(await requireSignedIn(people, request))),
    )

    app.post<{ Body: Static<typeof WHO_SAW> }>(
      '/api/operator/who-saw',
      { schema: { body: WHO_SAW } },
      async (request) =>
        operators.whoSaw(await requireSignedIn(people, request), { ...request.body, requestId: request.id }),
    )
  }

const OPERATOR = { kind: 'operator' } as const

/** `/operator/people`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorPeopleRoutes =
  (operators: Operators): FastifyPluginAsync =>
  async (app) => {
    app.get('/operator/people', async () => ({ roles: (await operators.list()).map(roleWire) }))

    // The address travels in the body: a path or a query would be logged.
    app.post<{ Body: Static<typeof GRANT_ROLE> }>(
      '/operator/people',
      { schema: { body: GRANT_ROLE } },
      async ({ body }) => ({ roles: (await operators.grant(body, OPERATOR)).map(roleWire) }),
    )

    app.post<{ Body: Static<typeof WITHDRAW_ROLE> }>(
      '/operator/people/withdraw',
      { schema: { body: WITHDRAW_ROLE } },
      async ({ body }) => ({ withdrawn: (await operators.withdraw(body, OPERATOR)).map(roleWire) }),
    )
  }
