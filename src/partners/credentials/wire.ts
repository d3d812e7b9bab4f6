import { Type } from 'typebox'
import type { Credential, FreshCredential } from './model.ts'

const LABEL = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})

/** Body of `POST /api/credentials`. */
export const CREATE_CREDENTIAL = Type.Object(
  { environment: Type.Enum(['sandbox', 'production']), label: LABEL },
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
  },
  { additionalProperties: false },
)

/** A credential in a list. */
export function credentialWire(credential: Credential) {
  return { ...credential, createdAt: new Date(credential.createdAt).toISOString() }
}

/** A credential just made, with its secret, this once. */
export function freshCredentialWire(fresh: FreshCredential) {
  const { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label } = fresh
  return { clientId, clientSecret, scopes, tokenUrl, baseUrl, environment, label }
}
