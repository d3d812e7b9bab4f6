import {
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose'
import type { NewKeyClient } from '../../src/gateway/administration/index.ts'
import { formRequest, ISSUERS, type TestGateway } from './access.ts'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A key pair of a client, and its public half as the client uploads it. */
export interface TestKey {
  readonly alg: string
  readonly kid: string
  readonly privateKey: GenerateKeyPairResult['privateKey']
  readonly jwk: Readonly<Record<string, unknown>>
}

let serial = 0
export async function aKey(alg = 'ES384', kid = `key-${++serial}`): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } }
}

/** A client with its keys uploaded, and a grant for everything. */
export async function aKeyClient(gateway: TestGateway, ...keys: readonly TestKey[]): Promise<NewKeyClient> {
  const { organizationId } = await gateway.aGrant()
  const jwks = { keys: keys.map(({ jwk }) => jwk) }
  return gateway.administration.createKeyClient(
    { organizationId, label: 'Keys', keys: { jwks } },
    { kind: 'operator' },
  )
}

/** What an assertion says when nothing about it is wrong; a claim that is given as undefined is left out. */
export function claimsOf(
  gateway: TestGateway,
  clientId: string,
  given: Readonly<Record<string, unknown>> = {},
) {
  const now = Math.floor(gateway.clock.now() / 1000)
  const usual = {
    iss: clientId,
    sub: clientId,
    aud: `${ISSUERS.sandbox}/oauth2/token`,
    exp: now + 120,
    iat: now,
    jti: `jti-${++serial}`,
  }
  return Object.fromEntries(Object.entries({ ...usual, ...given }).filter(([, value]) => value !== undefined))
}

/** Signs whatever it is given. */
export function sign(
  claims: Readonly<Record<string, unknown>>,
  key: Pick<TestKey, 'alg' | 'kid' | 'privateKey'>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const whole = { alg: key.alg, kid: key.kid, typ: 'JWT', ...header }
  const given = Object.entries(whole).filter(([, value]) => value !== undefined)
  return new SignJWT(claims)
    .setProtectedHeader(Object.fromEntries(given) as JWTHeaderParameters)
    .sign(key.privateKey)
}

/** A token request with an assertion. */
export function assertionRequest(assertion: string, parameters: Readonly<Record<string, string>> = {}) {
  return formRequest('/oauth2/token', {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    ...parameters,
  })
}
