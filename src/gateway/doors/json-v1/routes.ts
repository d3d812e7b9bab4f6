import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import {
  readOnly,
  type SpellProblem,
  spellAsProblemJson,
  spellProblems,
} from '../../../platform/http/index.ts'
import { actFor, requireScopes } from '../../access/index.ts'
import { guard } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { answerOnce } from './answer-once.ts'
import { compatibleHeaders } from './headers.ts'
import { DuplicateInterchange, TA1_HEADER } from './new-interchange.ts'
import { AUTHORIZATION } from './operations/authorization.ts'
import { DETERMINATION } from './operations/determination.ts'
import { INQUIRY } from './operations/inquiry.ts'
import type { Askable, Operation, Query, Told } from './operations/model.ts'
import { NOTICE } from './operations/notice.ts'
import { SUBMISSION } from './operations/submission.ts'
import { readAsJson, readAsX12 } from './reading.ts'
import { errorsOf, statusOf, wantsProblemJson } from './spelling.ts'

const BASE = '/rcm/prior-authorization/v1'

/** The compatible JSON API: the paths, bodies, headers and errors that existing clients know. */
export function compatibleRoutes(deps: DoorDeps): FastifyPluginAsync {
  // A prefix of its own, so that what is not found below it is answered in the same way.
  return async (server) => {
    await server.register((scope) => addRoutes(scope, deps), { prefix: BASE })
  }
}

async function addRoutes(server: FastifyInstance, deps: DoorDeps): Promise<void> {
  readOnly(server, 'json')
  // Before the guard: whoever is turned away gets these headers too.
  server.addHook('onRequest', async (request, reply) => {
    const correlation = request.headers['x-optum-correlation-id']
    reply.headers(compatibleHeaders(request.id, deps.clock.now(), deps.random, correlation))
  })
  const caught = guard(server, deps)
  spellProblems(server, caught.onRecord(spellAsErrors))
  // The one header by which a caller who acts for several says for whom.
  server.addHook('onRequest', async (request) => {
    const chosen = request.headers['x-optum-tenant-id']
    caught.narrow(request, (caller) => actFor(caller, typeof chosen === 'string' ? chosen : undefined))
  })

  const serve = <T extends Askable, R extends Told>(operation: Operation<T, R>) => {
    const { act, scope, name } = operation
    const options = {
      config: { act, scope },
      onRequest: async (request: FastifyRequest) =>
        requireScopes(caught.callerOf(request), operation.alsoNeeds?.(request.query as Query) ?? []),
    }
    for (const path of [name, `${name}/json`])
      server.post(`/${path}`, options, (request, reply) =>
        answerOnce(
          deps,
          caught.callerOf(request),
          operation,
          readAsJson(operation, request, deps),
          request,
          reply,
        ),
      )
    server.post(`/${name}/x12`, options, (request, reply) =>
      answerOnce(
        deps,
        caught.callerOf(request),
        operation,
        readAsX12(operation, request, deps),
        request,
        reply,
      ),
    )
  }
  // One line for each operation.
  serve(SUBMISSION)
  serve(INQUIRY)
  serve(DETERMINATION)
  serve(AUTHORIZATION)
  serve(NOTICE)

  server.get('/healthcheck', { config: { act: 'health.check' } }, async (_request, reply) => {
    if (await deps.isReady()) return { status: 'OK', version: deps.version }
    return reply.code(500).send(['A part that this service depends on cannot be reached. Try again shortly.'])
  })
}

/** The errors of the compatible API, unless the caller says that it reads problems. */
const spellAsErrors: SpellProblem = (problem, request, reply) => {
  reply.header('vary', 'accept')
  if (problem instanceof DuplicateInterchange && problem.ta1 !== undefined)
    reply.header(TA1_HEADER, problem.ta1)
  if (wantsProblemJson(request.headers.accept)) return spellAsProblemJson(problem, request, reply)
  reply.code(statusOf(problem)).type('application/json; charset=utf-8').send(errorsOf(problem))
}
