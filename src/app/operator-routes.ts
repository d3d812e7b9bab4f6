import type { FastifyPluginAsync } from 'fastify'
import type { GatewayAdministration } from '../gateway/administration/index.ts'
import type { Environment } from '../kernel/actor.ts'
import { Problem } from '../kernel/problem.ts'

/** The environments that this process can administer: its own, and those that it reaches. */
export type Administrations = Readonly<Partial<Record<Environment, GatewayAdministration>>>

/** @throws Problem `state/not-found` the environment is none of this process */
export function administrationOf(administrations: Administrations, environment: Environment) {
  const administration = administrations[environment]
  if (!administration)
    throw new Problem(
      'state/not-found',
      `This process has nothing to do with the ${environment}. Ask the one that serves it, or the control plane.`,
    )
  return administration
}

/** How a part of the process stands: any JSON; a rejection is a part that does not stand. */
export type StatusPart = () => Promise<unknown>

/** `/operator/status`. For the socket that only the operator can open: nothing here asks who calls. */
export const statusRoute =
  (parts: Readonly<Record<string, StatusPart>>): FastifyPluginAsync =>
  async (app) => {
    app.get('/operator/status', async () => {
      const stood = await Promise.all(
        Object.entries(parts).map(async ([name, look]) => [name, await standing(look)] as const),
      )
      return { ok: stood.every(([, part]) => part.ok), parts: Object.fromEntries(stood) }
    })
  }

async function standing(look: StatusPart) {
  try {
    return { ok: true, detail: await look() }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'failed' }
  }
}
