import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Environment } from '../kernel/actor.ts'
import { Problem } from '../kernel/problem.ts'
import { type Audit, LOG_NAMES } from './audit.ts'
import type { Gateway } from './gateway.ts'

const VERIFY = Type.Object(
  {
    environment: Type.Optional(Type.Union(LOG_NAMES.map((name) => Type.Literal(name)))),
    anchors: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)
const WHO_SAW = Type.Object(
  {
    environment: Type.Union([Type.Literal('sandbox'), Type.Literal('production')]),
    payer: Type.String({ minLength: 1, maxLength: 100 }),
    memberId: Type.String({ minLength: 1, maxLength: 100 }),
  },
  { additionalProperties: false },
)

type Asked = Readonly<Partial<Record<Environment, Pick<Gateway, 'whoSaw'>>>>

/** `/operator/audit`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorAuditRoutes =
  (audit: Audit, gateways: Asked): FastifyPluginAsync =>
  async (app) => {
    app.post<{ Body: Static<typeof VERIFY> }>(
      '/operator/audit/verify',
      { schema: { body: VERIFY } },
      async ({ body: { environment, anchors } }) => {
        const logs = await audit.verify(environment, anchors)
        return { ok: logs.every(({ findings }) => findings.length === 0), logs }
      },
    )

    app.post('/operator/audit/anchors', async (_request, reply) => {
      await audit.anchor()
      return reply.code(201).send({ ok: true })
    })

    // The member id travels in the body: a path or a query would be logged.
    app.post<{ Body: Static<typeof WHO_SAW> }>(
      '/operator/audit/who-saw',
      { schema: { body: WHO_SAW } },
      async ({ body: { environment, payer, memberId }, id }) => {
        const gateway = gateways[environment]
        if (!gateway)
          throw new Problem(
            'state/not-found',
            `This process does not serve the ${environment}. Ask the one that does.`,
          )
        return gateway.whoSaw({
          payer,
          memberId,
          payers: 'all',
          actor: { kind: 'operator' },
          requestId: id,
        })
      },
    )
  }
