import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { OperatorRole, Operators } from '../operators/index.ts'
import { fromOurOwnPages, neverStored, type People, requireSignedIn } from '../people/index.ts'
import type { OperatorParty } from './model.ts'
import { publish, requireFilled } from './publish.ts'
import { renderTemplate } from './render.ts'
import { findAll } from './store.ts'
import { PREVIEW, PUBLISH, templateWire } from './wire.ts'

export interface AgreementRoutesDeps {
  readonly database: Database
  readonly clock: Clock
  readonly people: Pick<People, 'current'>
  readonly operators: Pick<Operators, 'requireRole'>
  readonly operator: OperatorParty
  readonly portalUrl: () => string
}

/** `/api/operator/agreements`: what contracts are made of, for the partner desk of production. */
export const agreementRoutes =
  ({ database, clock, people, operators, operator, portalUrl }: AgreementRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    const deskOf = async (request: FastifyRequest, roles: readonly OperatorRole[]) => {
      const person = await requireSignedIn(people, request)
      await operators.requireRole(person, roles, 'production')
      return person
    }

    app.get('/api/operator/agreements', async (request) => {
      await deskOf(request, ['partner-desk', 'auditor'])
      const found = await database.transaction({ role: 'staff' }, findAll)
      return { agreements: found.map(templateWire) }
    })

    app.post<{ Body: Static<typeof PREVIEW> }>(
      '/api/operator/agreements/preview',
      { schema: { body: PREVIEW } },
      async (request) => {
        await deskOf(request, ['partner-desk', 'auditor'])
        requireFilled(request.body)
        const template = { ...request.body, version: 0, publishedAt: clock.now() }
        return { text: renderTemplate(template, { ...SAMPLE, operator: operator.name }) }
      },
    )

    app.post<{ Body: Static<typeof PUBLISH> }>(
      '/api/operator/agreements',
      { schema: { body: PUBLISH } },
      async (request, reply) => {
        const { id } = await deskOf(request, ['partner-desk'])
        const published = await database.transaction({ role: 'staff' }, (tx) =>
          publish(tx, request.body, id, clock.now()),
        )
        return reply.code(201).send(templateWire(published))
      },
    )
  }

/** What stands for a partner and their order in a preview. */
const SAMPLE = {
  partner: 'The partner',
  products: 'Inquiry, Submission',
  prices: 'USD 0.25 per transaction',
  begins: 'on the day of the second signature',
  term: 'runs for 12 months and then ends',
}
