import type { FastifyPluginAsync } from 'fastify'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import { spellAsProblemJson, spellProblems } from '../../../platform/http/index.ts'
import { sessionOf } from '../../access/index.ts'
import { guard } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { addCreate } from './create.ts'
import { addFollowUps } from './follow-up.ts'
import { authorizationResource } from './wire.ts'

/** The resource API, `/v1`. */
export function resourceRoutes(deps: DoorDeps): FastifyPluginAsync {
  return async (server) => {
    const caught = guard(server, deps, 'pa:read')
    spellProblems(server, caught.onRecord(spellAsProblemJson))
    server.get<{ Params: { id: string } }>(
      '/v1/authorizations/:id',
      { config: { act: 'authorization.read' } },
      async (request) => {
        const caller = caught.callerOf(request)
        const id = readId('authorization', request.params.id)
        if (!id)
          throw new Problem(
            'state/not-found',
            'An authorization has an id such as auth_01989d5e-…; this is not one.',
          )
        const reading = await deps.database.transaction(sessionOf(caller), (tx) => deps.exchange.read(tx, id))
        await deps.recorder.note({
          at: deps.clock.now(),
          actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
          act: 'authorization.read',
          on: id,
          outcome: 'done',
          requestId: request.id,
        })
        return authorizationResource(reading)
      },
    )
    addCreate(server, deps, caught)
    addFollowUps(server, deps, caught)
  }
}
