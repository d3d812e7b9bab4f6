import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Problem } from '../../kernel/problem.ts'
import type { Caller, Scope } from '../access/index.ts'
import type { DoorDeps } from './model.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the audit record calls this operation. */
    act?: string
    /** The scope that this operation demands. */
    scope?: Scope
  }
}

/** Who was let in, and what becomes of those whose request could not be answered. */
export interface Caught {
  callerOf(request: FastifyRequest): Caller
  /** Puts a request that was turned away after its caller was let in on the record. */
  noteRefusal(problem: Problem, request: FastifyRequest): Promise<void>
}

/**
 * Lets nobody further into a scope of routes than their token allows. The token is looked at before the body is read:
 * whoever may not come in costs us no parsing.
 *
 * @param scope what a route demands that names none of its own; undefined means that any valid token will do
 */
export function guard(server: FastifyInstance, deps: DoorDeps, scope?: Scope): Caught {
  const callers = new WeakMap<FastifyRequest, Caller>()
  server.addHook('onRequest', async (request) => {
    callers.set(request, await deps.access.callerOf(request, request.routeOptions.config.scope ?? scope))
  })
  return {
    callerOf: (request) => {
      const caller = callers.get(request)
      if (!caller) throw new Error('a guarded route was reached without a caller')
      return caller
    },
    noteRefusal: async (problem, request) => {
      const caller = callers.get(request)
      if (!caller) return
      await deps.recorder.note({
        at: deps.clock.now(),
        actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
        act: request.routeOptions.config.act ?? 'request',
        outcome: 'refused',
        problem: problem.code,
        requestId: request.id,
      })
    },
  }
}
