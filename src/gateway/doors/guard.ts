import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SpellProblem } from '../../platform/http/index.ts'
import type { Caller } from '../access/index.ts'
import type { Scope } from '../clients/index.ts'
import { LimitReached } from '../limits/index.ts'
import type { DoorDeps } from './model.ts'
import { RefusedOnCase } from './refused-on-case.ts'
import { requireScenarioAllowed } from './steer.ts'

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
  /** Replaces the caller of a request by one who may do less. */
  narrow(request: FastifyRequest, by: (caller: Caller) => Caller): void
  /** Has what is turned away after its caller was let in put on the record, then answered in the given spelling. */
  onRecord(spell: SpellProblem): SpellProblem
}

/**
 * Lets nobody further into a scope of routes than their token allows. The token is looked at before the body is read:
 * whoever may not come in costs us no parsing.
 *
 * @param scope what a route demands that names none of its own; undefined means that any valid token will do
 */
export function guard(server: FastifyInstance, deps: DoorDeps, scope?: Scope): Caught {
  const callers = new WeakMap<FastifyRequest, Caller>()
  server.addHook('onRequest', async (request, reply) => {
    const caller = await deps.access.callerOf(request, request.routeOptions.config?.scope ?? scope)
    request.clientId = caller.clientId
    callers.set(request, caller)
    deps.limits.take('calls', caller.clientId, (fields) => void reply.headers(fields))
    requireScenarioAllowed(deps, request)
  })
  const callerOf = (request: FastifyRequest) => {
    const caller = callers.get(request)
    if (!caller) throw new Error('a guarded route was reached without a caller')
    return caller
  }
  return {
    callerOf,
    narrow: (request, by) => void callers.set(request, by(callerOf(request))),
    onRecord: (spell) => (problem, request, reply) => {
      const caller = callers.get(request)
      const send = () => spell(problem, request, reply)
      if (!caller || (problem instanceof LimitReached && !problem.isFirst)) return send()
      deps.recorder
        .note({
          at: deps.clock.now(),
          actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
          act: request.routeOptions.config?.act ?? 'request',
          outcome: 'refused',
          problem: problem.code,
          requestId: request.id,
          ...(problem instanceof LimitReached && { detail: problem.forRecord }),
          ...(problem instanceof RefusedOnCase && { on: problem.on, detail: problem.forRecord }),
        })
        .catch((error: unknown) =>
          request.log.error({ err: error }, 'a refusal could not be put on the record'),
        )
        .then(send)
    },
  }
}
