import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import type { Organizations } from './organizations.ts'
import { CREATE_ORGANIZATION, organizationWire } from './wire.ts'

/** How a part of the system stands: any JSON; a rejection is a part that does not stand. */
export type StatusPart = () => Promise<unknown>

export interface OperatorRoutesDeps {
  readonly organizations: Organizations
  /** Called after a company was created, before the answer: grants it the sandbox. */
  readonly onCreated: (organization: { readonly id: `org_${string}`; readonly name: string }) => Promise<void>
  /** By name, such as `database`. */
  readonly status: Readonly<Record<string, StatusPart>>
}

/** `/operator/organizations` and `/operator/status`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorRoutes =
  ({ organizations, onCreated, status }: OperatorRoutesDeps): FastifyPluginAsync =>
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

    app.get('/operator/status', async () => {
      const parts = await Promise.all(
        Object.entries(status).map(async ([name, look]) => [name, await standing(look)] as const),
      )
      return { ok: parts.every(([, part]) => part.ok), parts: Object.fromEntries(parts) }
    })
  }

async function standing(look: StatusPart) {
  try {
    return { ok: true, detail: await look() }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'failed' }
  }
}
