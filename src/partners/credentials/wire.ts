import { Type } from 'typebox'
import type { KeySetSummary, KeysWanted } from '../../gateway/administration/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Credential, FreshCredential } from './model.ts'

const LABEL = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})

/** Public keys that the client proves itself with instead of a secret: a JWK Set (RFC 7517), or where it is published. */
const KEYS = {
  jwks: Type.Optional(Type.Object({}, { additionalProperties: true })),
  jwksUri: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
}

/** Body of `POST /api/credentials`. */
export const CREATE_CREDENTIAL = Type.Object(
  { environment: Type.Enum(['sandbox', 'production']), label: LABEL, ...KEYS },
  { additionalProperties: false },
)

/** Body of `POST /operator/credentials`. `organization` is a name or an id. */
export const CREATE_CREDENTIAL_FOR = Type.Object(
  {
    organization: Type.String({ minLength: 1, maxLength: 200 }),
    environment: Type.Enum(['sandbox', 'production']),
    label: Type.Optional(LABEL),
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

/** A credential in a list. */
export function credentialWire({ keys, ...credential }: Credential) {
  const createdAt = new Date(credential.createdAt).toISOString()
  return { ...credential, createdAt, ...(keys && { keys: keysWire(keys) }) }
}

function keysWire({ lastUsedAt, ...keys }: KeySetSummary) {
  return { ...keys, ...(lastUsedAt === undefined ? {} : { lastUsedAt: new Date(lastUsedAt).toISOString() }) }
}

/** A credential just made, with its secret, this once. */
export function freshCredentialWire(fresh: FreshCredential) {
  const { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label } = fresh
  return { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label }
}
