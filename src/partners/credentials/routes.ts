import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Organizations } from '../organizations/index.ts'
import { fromOurOwnPages, neverStored, type People, requireSignedIn } from '../people/index.ts'
import type { Credentials } from './credentials.ts'
import {
  ALLOW,
  ALLOW_FOR,
  CREATE_CREDENTIAL,
  CREATE_CREDENTIAL_FOR,
  credentialWire,
  DISABLE,
  DISABLE_FOR,
  freshCredentialWire,
  freshSecretWire,
  keysOf,
  NOTHING,
  NOTHING_FOR,
  REGISTER_KEYS,
  REGISTER_KEYS_FOR,
  REVOKE,
  REVOKE_FOR,
  ROTATE,
  ROTATE_FOR,
  requiredKeysOf,
} from './wire.ts'

export interface CredentialRoutesDeps {
  readonly people: People
  readonly credentials: Credentials
  readonly portalUrl: () => string
}

/** `/api/credentials`: what somebody who is signed in may see and make for their company. */
export const credentialRoutes =
  ({ people, credentials, portalUrl }: CredentialRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    const membershipOf = async (request: FastifyRequest) =>
      credentials.requireMembership(await requireSignedIn(people, request))

    app.get('/api/credentials', async (request) => {
      const { organization } = await membershipOf(request)
      return { credentials: (await credentials.list(organization.id)).map(credentialWire) }
    })

    app.post<{ Body: Static<typeof CREATE_CREDENTIAL> }>(
      '/api/credentials',
      { schema: { body: CREATE_CREDENTIAL } },
      async (request, reply) => {
        const membership = await membershipOf(request)
        const { environment, label } = request.body
        const keys = keysOf(request.body)
        const wanted = { environment, label, ...(keys && { keys }) }
        const fresh = await credentials.create({ kind: 'member', membership }, wanted)
        return reply.code(201).send(freshCredentialWire(fresh))
      },
    )

    app.post<{ Body: Static<typeof REGISTER_KEYS>; Params: { clientId: string } }>(
      '/api/credentials/:clientId/keys',
      { schema: { body: REGISTER_KEYS } },
      async (request, reply) => {
        const membership = await membershipOf(request)
        const wanted = { clientId: request.params.clientId, keys: requiredKeysOf(request.body) }
        await credentials.registerKeys({ kind: 'member', membership }, wanted)
        return reply.code(204).send()
      },
    )
    app.post<OfClient<typeof ROTATE>>(
      '/api/credentials/:clientId/rotate',
      { schema: { body: ROTATE } },
      async (request, reply) => {
        const requester = { kind: 'member', membership: await membershipOf(request) } as const
        const fresh = await credentials.rotate(requester, { ...request.params, ...request.body })
        return reply.code(201).send(freshSecretWire(fresh))
      },
    )

    app.post<OfClient<typeof REVOKE>>(
      '/api/credentials/:clientId/revoke',
      { schema: { body: REVOKE } },
      async (request, reply) => {
        const requester = { kind: 'member', membership: await membershipOf(request) } as const
        await credentials.revoke(requester, { ...request.params, ...request.body })
        return reply.code(204).send()
      },
    )

    app.post<OfClient<typeof DISABLE>>(
      '/api/credentials/:clientId/disable',
      { schema: { body: DISABLE } },
      async (request, reply) => {
        const requester = { kind: 'member', membership: await membershipOf(request) } as const
        await credentials.disable(requester, { ...request.params, ...request.body })
        return reply.code(204).send()
      },
    )

    app.post<OfClient<typeof NOTHING>>(
      '/api/credentials/:clientId/end-tokens',
      { schema: { body: NOTHING } },
      async (request, reply) => {
        const requester = { kind: 'member', membership: await membershipOf(request) } as const
        await credentials.endTokens(requester, request.params)
        return reply.code(204).send()
      },
    )

    app.post<OfClient<typeof ALLOW>>(
      '/api/credentials/:clientId/allow',
      { schema: { body: ALLOW } },
      async (request) => {
        const requester = { kind: 'member', membership: await membershipOf(request) } as const
        return { addresses: await credentials.allow(requester, { ...request.params, ...request.body }) }
      },
    )
  }

interface OfClient<Body extends TSchema> {
  readonly Params: { readonly clientId: string }
  readonly Body: Static<Body>
}

export interface OperatorCredentialRoutesDeps {
  readonly organizations: Organizations
  readonly credentials: Credentials
}

/** `/operator/credentials`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorCredentialRoutes =
  ({ organizations, credentials }: OperatorCredentialRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', neverStored)

    app.post<{ Body: Static<typeof CREATE_CREDENTIAL_FOR> }>(
      '/operator/credentials',
      { schema: { body: CREATE_CREDENTIAL_FOR } },
      async (request, reply) => {
        const { environment, label = 'Made by the operator', scopes, expiresInDays } = request.body
        const organization = await organizations.named(request.body.organization)
        const keys = keysOf(request.body)
        const wanted = {
          environment,
          label,
          ...(scopes === undefined ? {} : { scopes }),
          ...(keys && { keys }),
          ...(expiresInDays === undefined ? {} : { expiresInDays }),
        }
        const fresh = await credentials.create({ kind: 'operator', organization }, wanted)
        const { id, name } = organization
        return reply.code(201).send({ ...freshCredentialWire(fresh), organization: { id, name } })
      },
    )

    const onBehalfOf = async (name: string) =>
      ({ kind: 'operator', organization: await organizations.named(name) }) as const

    app.get<{ Querystring: { organization?: string } }>('/operator/credentials', async (request) => {
      const { organization } = await onBehalfOf(request.query.organization ?? '')
      return { credentials: (await credentials.list(organization.id)).map(credentialWire) }
    })

    app.post<OfClient<typeof REGISTER_KEYS_FOR>>(
      '/operator/credentials/:clientId/keys',
      { schema: { body: REGISTER_KEYS_FOR } },
      async (request) => {
        const { clientId } = request.params
        const wanted = { clientId, keys: requiredKeysOf(request.body) }
        await credentials.registerKeys(await onBehalfOf(request.body.organization), wanted)
        return { clientId }
      },
    )

    app.post<OfClient<typeof ROTATE_FOR>>(
      '/operator/credentials/:clientId/rotate',
      { schema: { body: ROTATE_FOR } },
      async (request, reply) => {
        const { organization, ...wanted } = request.body
        const fresh = await credentials.rotate(await onBehalfOf(organization), {
          ...request.params,
          ...wanted,
        })
        return reply.code(201).send(freshSecretWire(fresh))
      },
    )

    app.post<OfClient<typeof REVOKE_FOR>>(
      '/operator/credentials/:clientId/revoke',
      { schema: { body: REVOKE_FOR } },
      async (request) => {
        const { organization, ...secret } = request.body
        await credentials.revoke(await onBehalfOf(organization), { ...request.params, ...secret })
        return { revoked: secret.secretId }
      },
    )

    app.post<OfClient<typeof DISABLE_FOR>>(
      '/operator/credentials/:clientId/disable',
      { schema: { body: DISABLE_FOR } },
      async ({ body: { organization, ...wanted }, params }) => {
        await credentials.disable(await onBehalfOf(organization), { ...params, ...wanted })
        return { disabled: params.clientId }
      },
    )

    app.post<OfClient<typeof NOTHING_FOR>>(
      '/operator/credentials/:clientId/end-tokens',
      { schema: { body: NOTHING_FOR } },
      async ({ body, params }) => {
        await credentials.endTokens(await onBehalfOf(body.organization), params)
        return { ended: params.clientId }
      },
    )

    app.post<OfClient<typeof ALLOW_FOR>>(
      '/operator/credentials/:clientId/allow',
      { schema: { body: ALLOW_FOR } },
      async (request) => {
        const { organization, ...wanted } = request.body
        return {
          addresses: await credentials.allow(await onBehalfOf(organization), {
            ...request.params,
            ...wanted,
          }),
        }
      },
    )
  }
