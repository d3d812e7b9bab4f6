import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { OperatorRole, Operators } from '../operators/index.ts'
import type { Membership } from '../organizations/index.ts'
import { fromOurOwnPages, neverStored, type People, type Person, requireSignedIn } from '../people/index.ts'
import type { Questions } from './questions.ts'
import { ASK, questionWire, SAY, STATE, threadWire } from './wire.ts'

interface Door {
  readonly people: Pick<People, 'current'>
  readonly questions: Questions
  readonly portalUrl: () => string
}
export interface QuestionRoutesDeps extends Door {
  readonly credentials: { requireMembership(person: Person): Promise<Membership> }
}
export interface QuestionDeskRoutesDeps extends Door {
  readonly operators: Pick<Operators, 'requireRole'>
}
interface OfId<Body extends TSchema> {
  readonly Params: { readonly id: string }
  readonly Body: Static<Body>
}
interface OneOf {
  readonly Params: { readonly id: string }
}

/** `/api/questions`: what anybody of a company asks the partner desk, about anything, before any request. */
export const questionRoutes =
  (deps: QuestionRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const { questions, credentials } = deps
    app.addHook('onRequest', fromOurOwnPages(deps.portalUrl))
    app.addHook('onRequest', neverStored)
    const writerOf = async (request: FastifyRequest) => {
      const { organization, personId } = await credentials.requireMembership(
        await requireSignedIn(deps.people, request),
      )
      return { personId, organizationId: organization.id }
    }

    app.get('/api/questions', async (request) => ({
      questions: (await questions.list(await writerOf(request))).map(questionWire),
    }))
    app.get<OneOf>('/api/questions/:id', async (request) =>
      threadWire(await questions.read(await writerOf(request), request.params.id)),
    )
    app.post<{ Body: Static<typeof ASK> }>(
      '/api/questions',
      { schema: { body: ASK } },
      async (request, reply) => {
        const asked = { ref: '', ...request.body }
        return reply.code(201).send(threadWire(await questions.ask(await writerOf(request), asked)))
      },
    )
    app.post<OfId<typeof SAY>>(
      '/api/questions/:id/messages',
      { schema: { body: SAY } },
      async (request, reply) => {
        const said = await questions.say(await writerOf(request), request.params.id, request.body.text)
        return reply.code(201).send(threadWire(said))
      },
    )
    app.post<OneOf>('/api/questions/:id/close', async (request) =>
      threadWire(await questions.close(await writerOf(request), request.params.id)),
    )
  }

const ACTS: readonly OperatorRole[] = ['partner-desk']
const READS: readonly OperatorRole[] = ['partner-desk', 'auditor']

/** `/api/operator/questions`: the partner desk of production answers, its auditors read. */
export const questionDeskRoutes =
  (deps: QuestionDeskRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const { questions, operators } = deps
    app.addHook('onRequest', fromOurOwnPages(deps.portalUrl))
    app.addHook('onRequest', neverStored)
    const writerOf = async (request: FastifyRequest, roles = ACTS) => {
      const person = await requireSignedIn(deps.people, request)
      await operators.requireRole(person, roles, 'production')
      return { personId: person.id }
    }

    app.get<{ Querystring: Static<typeof STATE> }>(
      '/api/operator/questions',
      { schema: { querystring: STATE } },
      async (request) => {
        const found = await questions.list(await writerOf(request, READS), request.query.state)
        return { questions: found.map(questionWire) }
      },
    )
    app.get<OneOf>('/api/operator/questions/:id', async (request) =>
      threadWire(await questions.read(await writerOf(request, READS), request.params.id)),
    )
    app.post<OfId<typeof SAY>>(
      '/api/operator/questions/:id/messages',
      { schema: { body: SAY } },
      async (request, reply) => {
        const said = await questions.say(await writerOf(request), request.params.id, request.body.text)
        return reply.code(201).send(threadWire(said))
      },
    )
    app.post<OneOf>('/api/operator/questions/:id/close', async (request) =>
      threadWire(await questions.close(await writerOf(request), request.params.id)),
    )
  }
