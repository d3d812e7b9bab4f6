import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Adapter } from 'oidc-provider'

/** A client as oidc-provider knows it: RFC 7591 section 2. */
export interface OtherClient {
  readonly client_id: string
  readonly client_secret?: string
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

export interface OtherSettings {
  readonly issuer: string
  readonly audience: string
  readonly scopes: readonly string[]
  readonly assertionAlgorithms: readonly string[]
  readonly skewSeconds: number
  readonly lifetimeSeconds: number
  readonly adapter: new (model: string) => Adapter
}

/** How a client is registered with oidc-provider, to be allowed what ours is. */
export function asRegistered(
  client: OtherClient,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    ...client,
    scope: scopes.join(' '),
    token_endpoint_auth_method: client.jwks ? 'private_key_jwt' : 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
  }
}

/**
 * oidc-provider, set up to do what our token endpoint does and nothing else: client credentials, and access tokens that
 * are JWTs signed with ES256 (RFC 9068).
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
 */
export async function otherProvider(settings: OtherSettings): Promise<Provider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const scope = settings.scopes.join(' ')
  return new Provider(settings.issuer, {
    adapter: settings.adapter,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    clockTolerance: settings.skewSeconds,
    cookies: { keys: ['no cookie is ever set here'] },
    enabledJWA: { clientAuthSigningAlgValues: settings.assertionAlgorithms },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => settings.audience,
        getResourceServerInfo: () => ({
          scope,
          audience: settings.audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: settings.lifetimeSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    responseTypes: [],
    routes: { token: '/oauth2/token' },
    scopes: settings.scopes,
    ttl: { ClientCredentials: settings.lifetimeSeconds },
  })
}

/** oidc-provider at a loopback address, with its clients in memory. */
export async function serveOther(
  settings: Omit<OtherSettings, 'adapter'>,
  clients: readonly OtherClient[],
): Promise<{ readonly origin: string; close(): void }> {
  const registered = new Map(
    clients.map((client) => [client.client_id, asRegistered(client, settings.scopes)]),
  )
  const provider = await otherProvider({ ...settings, adapter: inMemory(registered) })
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function inMemory(clients: ReadonlyMap<string, Readonly<Record<string, unknown>>>) {
  const kept = new Map<string, Readonly<Record<string, unknown>>>()
  return class implements Adapter {
    readonly model: string
    constructor(model: string) {
      this.model = model
    }
    find = async (id: string) => (this.model === 'Client' ? clients.get(id) : kept.get(`${this.model} ${id}`))
    upsert = async (id: string, payload: Readonly<Record<string, unknown>>) =>
      void kept.set(`${this.model} ${id}`, payload)
    destroy = async (id: string) => void kept.delete(`${this.model} ${id}`)
    consume = async () => {}
    findByUid = async () => undefined
    findByUserCode = async () => undefined
    revokeByGrantId = async () => {}
  }
}
