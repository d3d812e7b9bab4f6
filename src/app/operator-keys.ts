import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { KeySummary } from '../gateway/administration/index.ts'
import { type Administrations, administrationOf } from './operator-routes.ts'

const IN = Type.Object({
  environment: Type.Union([Type.Literal('sandbox'), Type.Literal('production')]),
})
const ROTATION = Type.Object(
  { ...IN.properties, atOnce: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)

/** `/operator/keys`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorKeyRoutes =
  (administrations: Administrations): FastifyPluginAsync =>
  async (app) => {
    app.get<{ Querystring: Static<typeof IN> }>(
      '/operator/keys',
      { schema: { querystring: IN } },
      async ({ query }) => ({
        keys: (await administrationOf(administrations, query.environment).keys({})).map(keyWire),
      }),
    )

    app.post<{ Body: Static<typeof ROTATION> }>(
      '/operator/keys/rotations',
      { schema: { body: ROTATION } },
      async ({ body }, reply) => {
        const administration = administrationOf(administrations, body.environment)
        const made = await administration.rotateKeys({ atOnce: body.atOnce }, { kind: 'operator' })
        return reply
          .code(made.isNew ? 201 : 200)
          .send({ kid: made.kid, signsFrom: moment(made.signsFrom), isNew: made.isNew })
      },
    )
  }

const moment = (at: number) => new Date(at).toISOString()

const keyWire = ({ kid, state, publishedAt, signsFrom, retireAt }: KeySummary) => ({
  kid,
  state,
  publishedAt: moment(publishedAt),
  signsFrom: moment(signsFrom),
  ...(retireAt === undefined ? {} : { retireAt: moment(retireAt) }),
})
