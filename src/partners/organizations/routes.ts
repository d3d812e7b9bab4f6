import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import type { Organizations } from './organizations.ts'
import { CREATE_ORGANIZATION, organizationWire } from './wire.ts'

export interface OperatorRoutesDeps {
  readonly organizations: Organizations
  /** Called after a company was created, before the answer: grants it the sandbox. */
  readonly onCreated: (organization: { readonly id: `org_${string}`; readonly name: string }) => Promise<void>
}

/** `/operator/organizations`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorRoutes =
  ({ organizations, onCreated }: OperatorRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.get('/operator/organizations', async () => ({
      organizations: (await organizations.list()).map(organizationWire),
    }))

    app.post<{ Body: Static<typeof CREATE_ORGANIZATION> }>(
      '/operator/organizations',
      { schema: { body: CREATE_ORGANIZATION } },
      async (request, reply) => {
        const { name, type = 'provider' } = request.body
        const organization = await organizations.create({ name, type })
        await onCreated(organization)
        return reply.code(201).send(organizationWire(organization))
      },
    )
  }
