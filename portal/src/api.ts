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

/** What a company asks production for. */
export interface Wish {
  readonly plan: string
  readonly products: readonly string[]
}

/** Public keys, or where they are published. */
export type Keys = { readonly jwks: object } | { readonly jwksUri: string }

export interface NewCredentialWanted {
  readonly label: string
  readonly environment: 'sandbox' | 'production'
}

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

export interface Product {
  readonly id: string
  readonly name: string
  readonly summary: string
}

export interface Price {
  readonly per: 'transaction' | 'month'
  readonly product?: string
  /** US dollars, as decimal text. */
  readonly amount: string
}

export interface Plan {
  readonly id: string
  readonly name: string
  readonly summary: string
  readonly kind: 'self-service' | 'contract'
  readonly products: readonly string[]
  readonly prices: readonly Price[]
}

export type RequestState =
  | 'draft'
  | 'submitted'
  | 'in-review'
  | 'offered'
  | 'partner-signed'
  | 'countersigned'
  | 'declined'
  | 'withdrawn'

/** A company asks for production. Moments are ISO 8601 in UTC. */
export interface ProductionRequest {
  readonly id: string
  readonly organizationId: string
  /** Told to the desk alone. */
  readonly organizationName?: string
  readonly state: RequestState
  readonly plan: string
  readonly products: readonly string[]
  readonly note: string
  readonly version: number
  readonly movedAt: string
  readonly contractId?: string
  readonly reason?: string
  readonly next: { readonly holder: 'partner' | 'operator' | 'nobody'; readonly what: string }
}

export interface Signed {
  readonly id: string
  readonly side: 'partner' | 'operator'
  readonly name: string
  readonly title: string
  readonly signedAt: string
}

/** A contract with the text that was frozen, and who has signed it. */
export interface Contract {
  readonly id: string
  readonly state: string
  readonly text: string
  readonly textHash: string
  readonly beginsAt?: string
  readonly endsAt?: string
  readonly signatures: readonly Signed[]
  readonly statements: Readonly<Record<'intent' | 'consent' | 'authority', string>>
}

/** A signature as it is given. */
export interface Signing {
  readonly textHash: string
  readonly name: string
  readonly title: string
  readonly intent: true
  readonly consent: true
  readonly authority: true
  readonly password: string
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
  createCredential: (wanted: NewCredentialWanted | (NewCredentialWanted & Keys)) =>
    ask<NewCredential>('POST', '/credentials', wanted),
  rotateSecret: (clientId: string, wanted: { readonly overlapDays: number; readonly requestId: string }) =>
    ask<NewSecret>('POST', `/credentials/${clientId}/rotate`, wanted),
  revokeSecret: (clientId: string, secretId: string) =>
    ask<unknown>('POST', `/credentials/${clientId}/revoke`, { secretId }),
  disable: (clientId: string) => ask<unknown>('POST', `/credentials/${clientId}/disable`, {}),
  endTokens: (clientId: string) => ask<unknown>('POST', `/credentials/${clientId}/end-tokens`, {}),
  allow: (clientId: string, addresses: readonly string[]) =>
    ask<{ addresses: readonly string[] }>('POST', `/credentials/${clientId}/allow`, { addresses }),
  registerKeys: (clientId: string, keys: Keys) => ask<unknown>('POST', `/credentials/${clientId}/keys`, keys),
  catalogue: () => ask<{ products: readonly Product[]; plans: readonly Plan[] }>('GET', '/catalogue'),
  requests: () => ask<{ requests: readonly ProductionRequest[] }>('GET', '/production-requests'),
  preview: (wish: Wish) => ask<{ text: string }>('POST', '/production-requests/preview', wish),
  draft: (wish: Wish & { readonly note: string }) =>
    ask<ProductionRequest>('POST', '/production-requests', wish),
  submit: ({ id, version }: ProductionRequest) =>
    ask<ProductionRequest>('POST', `/production-requests/${id}/submit`, { version }),
  withdraw: ({ id, version }: ProductionRequest) =>
    ask<ProductionRequest>('POST', `/production-requests/${id}/withdraw`, { version }),
  contract: (id: string) => ask<Contract>('GET', `/contracts/${id}`),
  sign: (id: string, signing: Signing) => ask<unknown>('POST', `/contracts/${id}/sign`, signing),
  desk: {
    requests: () => ask<{ requests: readonly ProductionRequest[] }>('GET', '/operator/production-requests'),
    review: ({ id, version }: ProductionRequest) =>
      ask<ProductionRequest>('POST', `/operator/production-requests/${id}/review`, { version }),
    offer: ({ id, version }: ProductionRequest) =>
      ask<unknown>('POST', `/operator/production-requests/${id}/offer`, { version }),
    decline: ({ id, version }: ProductionRequest, reason: string) =>
      ask<ProductionRequest>('POST', `/operator/production-requests/${id}/decline`, { version, reason }),
    contract: (id: string) => ask<Contract>('GET', `/operator/contracts/${id}`),
    countersign: (id: string, signing: Signing) =>
      ask<unknown>('POST', `/operator/contracts/${id}/countersign`, signing),
  },
  outbox: () => ask<{ messages: readonly Mail[] }>('GET', '/outbox'),
}
