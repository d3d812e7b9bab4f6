import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { OperatorRole, Operators } from '../operators/index.ts'
import { fromOurOwnPages, neverStored, type People, requireSignedIn } from '../people/index.ts'
import { changePlan } from './plans.ts'
import { plans, products } from './store.ts'
import { CHANGE_PLAN } from './wire.ts'

export interface PlanRoutesDeps {
  readonly database: Database
  readonly clock: Clock
  readonly people: Pick<People, 'current'>
  readonly operators: Pick<Operators, 'requireRole'>
  readonly portalUrl: () => string
}

/** `/api/operator/plans`: what can be had at which prices, for the partner desk of production. */
export const planRoutes =
  ({ database, clock, people, operators, portalUrl }: PlanRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    const deskOf = async (request: FastifyRequest, roles: readonly OperatorRole[]) => {
      const person = await requireSignedIn(people, request)
      await operators.requireRole(person, roles, 'production')
      return person
    }

    app.get('/api/operator/plans', async (request) => {
      await deskOf(request, ['partner-desk', 'auditor'])
      return database.transaction({ role: 'staff' }, async (tx) => ({
        products: await products(tx),
        plans: await plans(tx),
      }))
    })

    app.post<{ Body: Static<typeof CHANGE_PLAN> }>(
      '/api/operator/plans',
      { schema: { body: CHANGE_PLAN } },
      async (request) => {
        const { id: personId } = await deskOf(request, ['partner-desk'])
        return database.transaction({ role: 'staff' }, (tx) =>
          changePlan(tx, request.body, { kind: 'person', personId }, clock.now()),
        )
      },
    )
  }
