import type { FastifyInstance } from 'fastify'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { eventPage } from './case-files-wire.ts'
import { caseIdOf } from './case-id.ts'
import { EVENTS_QUERY, type EventsQuery } from './schemas.ts'

const PAGE = 100

/** `GET /v1/authorizations/{id}/events`: what happened to a case, in order, from any event on. */
export function addEvents(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.get<{ Params: { id: string }; Querystring: EventsQuery }>(
    '/v1/authorizations/:id/events',
    { config: { act: 'authorization.read-events' }, schema: { querystring: EVENTS_QUERY } },
    async (request) => {
      const reader = { caller: caught.callerOf(request), requestId: request.id }
      const { after = '0', limit = String(PAGE) } = request.query
      const id = caseIdOf(request.params.id)
      return eventPage(await deps.caseFiles.events(reader, id, Number(after), Number(limit)))
    },
  )
}
