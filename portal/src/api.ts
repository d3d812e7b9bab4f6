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

export interface CredentialSummary {
  readonly clientId: string
  readonly label: string
  readonly environment: 'sandbox' | 'production'
  readonly scopes: readonly string[]
  readonly createdAt: string
}

/** A credential at the one moment when its secret is known. */
export interface NewCredential {
  readonly clientId: string
  readonly clientSecret: string
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
  createCredential: (label: string) =>
    ask<NewCredential>('POST', '/credentials', { environment: 'sandbox', label }),
  outbox: () => ask<{ messages: readonly Mail[] }>('GET', '/outbox'),
}
