import type { FastifyPluginAsync } from 'fastify'
import { spellAsProblemJson, spellProblems } from '../../../platform/http/index.ts'
import { sessionOf } from '../../access/index.ts'
import { guard } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { addAdmissions } from './admissions.ts'
import { addAttachments } from './attachments.ts'
import { caseIdOf } from './case-id.ts'
import { addCreate } from './create.ts'
import { addDeterminations } from './determinations.ts'
import { addDocuments } from './documents.ts'
import { addAllEvents, addEvents } from './events.ts'
import { addFollowUps } from './follow-up.ts'
import { addPayers } from './payers.ts'
import { addSearch } from './search.ts'
import { addSpellings } from './spellings.ts'
import { boundTransfers, UPLOADS } from './transfers.ts'
import { authorizationResource } from './wire.ts'

/** The resource API, `/v1`. */
export function resourceRoutes(deps: DoorDeps): FastifyPluginAsync {
  return async (server) => {
    const caught = guard(server, deps, 'pa:read')
    spellProblems(server, caught.onRecord(spellAsProblemJson))
    addAdmissions(server, deps, caught)
    addPayers(server, deps, caught)
    server.get<{ Params: { id: string } }>(
      '/v1/authorizations/:id',
      { config: { act: 'authorization.read' } },
      async (request) => {
        const caller = caught.callerOf(request)
        const id = caseIdOf(request.params.id)
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
    addSearch(server, deps, caught)
    addEvents(server, deps, caught)
    addAllEvents(server, deps, caught)
    addSpellings(server, deps, caught)
    // Bounded together, as both are held in memory.
    const uploads = boundTransfers(UPLOADS)
    addDocuments(server, deps, caught, uploads)
    addAttachments(server, deps, caught, uploads)
    addCreate(server, deps, caught)
    addFollowUps(server, deps, caught)
    addDeterminations(server, deps, caught)
  }
}
