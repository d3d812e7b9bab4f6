import { Type } from 'typebox'
import {
  type KeySetSummary,
  type KeysWanted,
  REVOCATION_REASONS,
} from '../../gateway/administration/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Credential, FreshCredential, FreshSecret } from './model.ts'

const LABEL = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})

const EXPIRES_IN_DAYS = Type.Integer({ minimum: 1, maximum: 3650 })

/** Public keys that the client proves itself with instead of a secret: a JWK Set (RFC 7517), or where it is published. */
const KEYS = {
  jwks: Type.Optional(Type.Object({}, { additionalProperties: true })),
  jwksUri: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
}

/** Body of `POST /api/credentials`. */
export const CREATE_CREDENTIAL = Type.Object(
  {
    environment: Type.Enum(['sandbox', 'production']),
    label: LABEL,
    expiresInDays: Type.Optional(EXPIRES_IN_DAYS),
    ...KEYS,
  },
  { additionalProperties: false },
)

/** Body of `POST /operator/credentials`. `organization` is a name or an id. */
export const CREATE_CREDENTIAL_FOR = Type.Object(
  {
    organization: Type.String({ minLength: 1, maxLength: 200 }),
    environment: Type.Enum(['sandbox', 'production']),
    label: Type.Optional(LABEL),
    expiresInDays: Type.Optional(EXPIRES_IN_DAYS),
    scopes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 50 }),
    ),
    ...KEYS,
  },
  { additionalProperties: false },
)

/** Body of `POST /api/credentials/{clientId}/keys`. */
export const REGISTER_KEYS = Type.Object(KEYS, { additionalProperties: false })

/** Body of `POST /operator/credentials/{clientId}/keys`. `organization` is a name or an id. */
export const REGISTER_KEYS_FOR = Type.Object(
  { organization: Type.String({ minLength: 1, maxLength: 200 }), ...KEYS },
  { additionalProperties: false },
)

/** @throws Problem `request/invalid` a body has neither kind of keys, or both */
export function requiredKeysOf(body: Parameters<typeof keysOf>[0]): KeysWanted {
  const keys = keysOf(body)
  if (keys) return keys
  throw new Problem('request/invalid', 'Send jwks or jwksUri.', {
    faults: [{ at: '', message: 'expected jwks or jwksUri' }],
  })
}

/**
 * What a body says of keys.
 *
 * @returns undefined when it says nothing, and a secret is wanted
 * @throws Problem `request/invalid` it has both
 */
export function keysOf(body: { readonly jwks?: object; readonly jwksUri?: string }): KeysWanted | undefined {
  const { jwks, jwksUri } = body
  if (jwks !== undefined && jwksUri !== undefined)
    throw new Problem('request/invalid', 'Send jwks or jwksUri, and not both.', {
      faults: [{ at: '/jwksUri', message: 'expected nothing beside /jwks' }],
    })
  if (jwks !== undefined) return { jwks }
  return jwksUri === undefined ? undefined : { jwksUri }
}

const ROTATION = {
  overlapDays: Type.Integer({ minimum: 0, maximum: 30 }),
  expiresInDays: Type.Optional(EXPIRES_IN_DAYS),
  requestId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
}
const REVOCATION = { secretId: Type.String({ minLength: 1, maxLength: 60 }) }
const ALLOWED = { addresses: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 100 }) }
const ORGANIZATION = { organization: Type.String({ minLength: 1, maxLength: 200 }) }
const closed = { additionalProperties: false }

/** Bodies of `POST /api/credentials/:clientId/rotate`, `/revoke` and `/allow`; on `/operator/credentials` with the company. */
export const ROTATE = Type.Object(ROTATION, closed)
export const REVOKE = Type.Object(REVOCATION, closed)
export const ALLOW = Type.Object(ALLOWED, closed)
export const ROTATE_FOR = Type.Object({ ...ORGANIZATION, ...ROTATION }, closed)
export const REVOKE_FOR = Type.Object({ ...ORGANIZATION, ...REVOCATION }, closed)
/** Bodies of `/disable` and `/end-tokens`. */
export const DISABLE = Type.Object({ reason: Type.Optional(Type.Enum([...REVOCATION_REASONS])) }, closed)
export const DISABLE_FOR = Type.Object({ ...ORGANIZATION, ...DISABLE.properties }, closed)
export const NOTHING = Type.Object({}, closed)
export const NOTHING_FOR = Type.Object(ORGANIZATION, closed)
export const ALLOW_FOR = Type.Object({ ...ORGANIZATION, ...ALLOWED }, closed)

const moment = (instant: Instant | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString()

/** A credential in a list. Moments are ISO 8601 in UTC. */
export function credentialWire({ keys, ...credential }: Credential) {
  return {
    ...credential,
    createdAt: moment(credential.createdAt),
    ...(credential.disabledAt !== undefined && { disabledAt: moment(credential.disabledAt) }),
    ...(keys && { keys: keysWire(keys) }),
    secrets: credential.secrets.map((secret) => ({
      ...secret,
      createdAt: moment(secret.createdAt),
      expiresAt: moment(secret.expiresAt),
      lastUsedAt: moment(secret.lastUsedAt),
    })),
  }
}

function keysWire({ lastUsedAt, ...keys }: KeySetSummary) {
  return { ...keys, ...(lastUsedAt === undefined ? {} : { lastUsedAt: moment(lastUsedAt) }) }
}

/** A second secret of a credential, this once. */
export function freshSecretWire({ expiresAt, replaces, ...fresh }: FreshSecret) {
  return {
    ...fresh,
    expiresAt: moment(expiresAt),
    ...(replaces && { replaces: { secretId: replaces.secretId, endsAt: moment(replaces.endsAt) } }),
  }
}

/** A credential just made, with its secret, this once. */
export function freshCredentialWire(fresh: FreshCredential) {
  const { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label } = fresh
  return { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label }
}
