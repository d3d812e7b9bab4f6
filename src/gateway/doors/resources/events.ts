import type { FastifyInstance } from 'fastify'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { eventPage, followedPage } from './case-files-wire.ts'
import { caseIdOf } from './case-id.ts'
import { EVENTS_QUERY, type EventsQuery, FOLLOW_QUERY, type FollowQuery } from './schemas.ts'
import { boundTransfers, WAITERS } from './transfers.ts'

const PAGE = 100

/** `GET /v1/events`: what happened to all cases of a company, in the order in which it was written; waiting for it, if asked to. */
export function addAllEvents(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  const waiters = boundTransfers(WAITERS)
  server.get<{ Querystring: FollowQuery }>(
    '/v1/events',
    { config: { act: 'authorization.follow-events' }, schema: { querystring: FOLLOW_QUERY } },
    async (request, reply) => {
      const reader = { caller: caught.callerOf(request), requestId: request.id }
      const { after, limit = String(PAGE), type, wait = '0' } = request.query
      const waitSeconds = Number(wait)
      if (waitSeconds > 0) waiters.hold(reader.caller.organizationId, reply.raw)
      const left = new AbortController()
      reply.raw.once('close', () => left.abort())
      return followedPage(
        await deps.caseFiles.follow(reader, {
          ...(after === undefined ? {} : { after }),
          ...(type === undefined ? {} : { types: [type].flat() }),
          limit: Number(limit),
          waitSeconds,
          gone: left.signal,
        }),
      )
    },
  )
}

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
