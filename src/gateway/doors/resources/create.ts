import type { FastifyInstance } from 'fastify'
import type { ReviewRequest } from '../../../core/request.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import type { Steerable } from '../steer.ts'
import { answerOnce } from './answer-once.ts'
import { checkedBody, requestOf } from './request-body.ts'
import { rulesBroken } from './request-rules.ts'
import { CREATE } from './request-schema.ts'

/** `POST /v1/authorizations`: a request in JSON of our own, strictly read. */
export function addCreate(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.post(
    '/v1/authorizations',
    {
      config: { act: 'authorization.submit', scope: 'pa:submit' },
      schema: { body: CREATE },
      // What the schema finds is told with what the rules find, at once.
      attachValidation: true,
    },
    (request, reply) => {
      const asked = requestOf(checkedBody(request, rulesBroken), request.id)
      const read = async () => ({ request: asked })
      return answerOnce(deps, caught.callerOf(request), request, reply, read, steerableBy(asked))
    },
  )
}

/** The ids by which a new request steers the sandbox. */
export function steerableBy({ correspondence, payer }: ReviewRequest): Steerable {
  return {
    operation: 'submission',
    receiverId: correspondence.receiverId,
    payerId: payer.id,
    ids: [
      { at: '/correspondence/senderId', value: correspondence.senderId },
      { at: '/correspondence/receiverId', value: correspondence.receiverId },
      { at: '/payer/id', value: payer.id },
    ],
  }
}
