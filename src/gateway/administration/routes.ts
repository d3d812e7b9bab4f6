import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { GatewayAdministration } from './administration.ts'
import { ACTOR, OPERATIONS, type OperationName, PART_NAMES, pathOf } from './operations.ts'

/** A grant may name ten thousand providers. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

type Method = (request: unknown, actor: Actor) => Promise<unknown>

/**
 * `/administration/v1/...`: the administration of an environment for a control plane in another process. For a listener
 * that lets in no connection without a certificate of the administration's authority.
 */
export const administrationRoutes =
  (administration: GatewayAdministration): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      // An answer may hold a secret that is shown once.
      reply.header('cache-control', 'no-store')
      requireControlPlane(request)
    })
    for (const [name, operation] of Object.entries(OPERATIONS)) {
      const body = Type.Object({ actor: ACTOR, request: operation.request }, { additionalProperties: false })
      const perform = administration[name as OperationName].bind(administration) as Method
      app.post<{ Body: { readonly actor: Actor; readonly request: unknown } }>(
        pathOf(name),
        { schema: { body }, bodyLimit: operation.mostBytes ?? BODY_LIMIT_BYTES },
        async ({ body }) => ({ answer: (await perform(body.request, body.actor)) ?? null }),
      )
    }
    app.all<{ Params: { readonly version: string; readonly operation: string } }>(
      '/administration/:version/:operation',
      async ({ params }) => {
        throw new Problem(
          'request/no-such-path',
          params.version === 'v1'
            ? 'This gateway knows no such operation of the administration; it may be older than the control plane.'
            : 'This gateway speaks version v1 of the administration alone.',
        )
      },
    )
  }

/** The authority vouches for gateways too, and none of them may act as the control plane. */
function requireControlPlane(request: FastifyRequest): void {
  const socket = request.raw.socket as Partial<TLSSocket>
  const certificate: X509Certificate | undefined = socket.authorized
    ? socket.getPeerX509Certificate?.()
    : undefined
  const name = certificate?.checkHost(PART_NAMES.portal, { subject: 'never', wildcards: false })
  if (name === undefined)
    throw new Problem('access/client-invalid', 'The certificate is not the one of the control plane.')
}
