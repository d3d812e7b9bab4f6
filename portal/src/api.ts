/** What the control API answers, and how this page asks. Shapes follow the partners' wire files. */

export interface Fault {
  readonly at: string
  readonly message: string
  readonly remedy?: string
}

/** RFC 9457, as our server writes it. */
export interface ProblemDetails {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly requestId?: string
  readonly faults?: readonly Fault[]
}

/** A refusal, with all that the server said about it. */
export class Refusal extends Error {
  readonly problem: ProblemDetails
  constructor(problem: ProblemDetails) {
    super(problem.detail)
    this.problem = problem
  }
}

/** One secret of a credential, as it may be shown at any time. Moments are ISO 8601 in UTC. */
export interface SecretSummary {
  readonly id: string
  readonly hint: string
  readonly isLive: boolean
  readonly createdAt: string
  readonly expiresAt?: string
  /** It ends within 14 days. */
  readonly expiresSoon: boolean
  readonly revokedFor?: 'request' | 'replaced' | 'leak'
  /** To the minute. */
  readonly lastUsedAt?: string
  /** A network, not an address. */
  readonly lastUsedFrom?: string
  /** Tokens got with it. */
  readonly uses: number
}

export interface KeySetSummary {
  readonly kids?: readonly string[]
  readonly jwksUri?: string
  readonly lastUsedAt?: string
}

export interface CredentialSummary {
  readonly clientId: string
  readonly label: string
  readonly environment: 'sandbox' | 'production'
  readonly scopes: readonly string[]
  readonly createdAt: string
  /** When it was ended for good; absent while it may be used. */
  readonly disabledAt?: string
  readonly keys?: KeySetSummary
  readonly allowedAddresses: readonly string[]
  readonly secrets: readonly SecretSummary[]
  readonly rotationDue?: 'seen by somebody who left'
}

/** Public keys, or where they are published. */
export type Keys = { readonly jwks: object } | { readonly jwksUri: string }

/** A second secret, at the one moment when it is known. */
export interface NewSecret {
  readonly clientId: string
  readonly clientSecret: string
  readonly secretId: string
  readonly environment: 'sandbox' | 'production'
  readonly expiresAt?: string
  readonly replaces?: { readonly secretId: string; readonly endsAt: string }
}

/** A credential at the one moment when its secret is known. */
export interface NewCredential {
  readonly clientId: string
  /** Absent: it proves itself by its keys. */
  readonly clientSecret?: string
  readonly label: string
  readonly environment: 'sandbox' | 'production'
  readonly scopes: readonly string[]
  readonly tokenUrl: string
  readonly baseUrl: string
}

export interface Session {
  readonly person: { readonly email: string }
  readonly organization: { readonly id: string; readonly name: string } | null
  readonly sandbox: { readonly baseUrl: string; readonly tokenUrl: string; readonly caFile?: string }
}

export interface Verified {
  readonly person: { readonly email: string }
  readonly organization: { readonly id: string; readonly name: string }
  readonly credentials?: NewCredential
}

export interface Mail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly at: string
}

const UNREACHED: ProblemDetails = {
  code: 'system/unavailable',
  title: 'The server did not answer',
  detail: 'Nothing was changed. Check that the server runs, then try again.',
  status: 503,
}

async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => undefined)
  if (!response) throw new Refusal(UNREACHED)
  const text = await response.text()
  const read = text === '' ? {} : JSON.parse(text)
  if (!response.ok) throw new Refusal(read as ProblemDetails)
  return read as T
}

export const api = {
  signUp: (form: { email: string; password: string; company: string; acceptTerms: boolean }) =>
    ask<{ email: string }>('POST', '/sign-up', form),
  resend: (email: string) => ask<{ email: string }>('POST', '/sign-up/resend', { email }),
  verify: (token: string) => ask<Verified>('POST', '/sign-up/verification', { token }),
  signIn: (form: { email: string; password: string }) => ask<Session>('POST', '/sign-in', form),
  signOut: () => ask<unknown>('POST', '/sign-out', {}),
  session: () => ask<Session>('GET', '/session'),
  credentials: () => ask<{ credentials: readonly CredentialSummary[] }>('GET', '/credentials'),
  createCredential: (wanted: { readonly label: string } | ({ readonly label: string } & Keys)) =>
    ask<NewCredential>('POST', '/credentials', { environment: 'sandbox', ...wanted }),
  rotateSecret: (clientId: string, wanted: { readonly overlapDays: number; readonly requestId: string }) =>
    ask<NewSecret>('POST', `/credentials/${clientId}/rotate`, wanted),
  revokeSecret: (clientId: string, secretId: string) =>
    ask<unknown>('POST', `/credentials/${clientId}/revoke`, { secretId }),
  disable: (clientId: string) => ask<unknown>('POST', `/credentials/${clientId}/disable`, {}),
  endTokens: (clientId: string) => ask<unknown>('POST', `/credentials/${clientId}/end-tokens`, {}),
  allow: (clientId: string, addresses: readonly string[]) =>
    ask<{ addresses: readonly string[] }>('POST', `/credentials/${clientId}/allow`, { addresses }),
  registerKeys: (clientId: string, keys: Keys) => ask<unknown>('POST', `/credentials/${clientId}/keys`, keys),
  outbox: () => ask<{ messages: readonly Mail[] }>('GET', '/outbox'),
}
