import type { Fault } from './result.ts'

/**
 * Every failure a caller can meet. The part before the slash says who must act; the page `docs/problems/<code>.md`
 * says how. A denial is not a problem: it is an answer.
 */
export const PROBLEMS = {
  'request/unreadable': { status: 400, title: 'The request could not be read' },
  'request/invalid': { status: 422, title: 'The request breaks a rule of its format' },
  'request/no-such-path': { status: 404, title: 'There is nothing at this path' },
  'request/method-not-allowed': { status: 405, title: 'This path does not answer that method' },
  'request/media-type': { status: 415, title: 'The body is of a media type this path does not read' },
  'request/too-many': { status: 429, title: 'Too many of these in a short time' },
  'request/too-large': { status: 413, title: 'The body is larger than this path accepts' },
  'request/headers-too-large': {
    status: 431,
    title: 'The request line and headers are larger than this server accepts',
  },
  'request/sandbox-only': { status: 400, title: 'This is for the sandbox alone' },
  'request/scenario-unknown': { status: 400, title: 'The sandbox has no such scenario' },
  'request/too-slow': { status: 408, title: 'The request did not arrive in time' },
  'access/token-missing': { status: 401, title: 'A bearer token is needed' },
  'access/token-invalid': { status: 401, title: 'The access token is not valid' },
  'access/token-expired': { status: 401, title: 'The access token has expired' },
  'access/wrong-environment': { status: 401, title: 'The credential belongs to the other environment' },
  'access/token-misplaced': { status: 400, title: 'The access token was sent in a place where none is read' },
  'access/scope-missing': { status: 403, title: 'The access token does not allow this operation' },
  'access/scope-not-allowed': { status: 400, title: 'A scope was asked for that the client may not have' },
  'access/client-invalid': { status: 401, title: 'The client could not be authenticated' },
  'access/grant-type-unsupported': { status: 400, title: 'Tokens are given for client credentials alone' },
  'access/role-missing': { status: 403, title: 'Your role in the company does not allow this' },
  'access/signed-out': { status: 401, title: 'Nobody is signed in' },
  'access/no-grant': { status: 403, title: 'The company has no live grant in this environment' },
  'access/provider-not-represented': {
    status: 403,
    title: 'The company may not act for this provider',
  },
  'access/address-not-allowed': { status: 403, title: 'The client may not call from this address' },
  'access/foreign-origin': { status: 403, title: 'The request came from another site' },
  'people/password-weak': { status: 422, title: 'The password is too easily guessed' },
  'people/link-invalid': { status: 410, title: 'The link is no longer valid' },
  'people/not-verified': { status: 403, title: 'The e-mail address is not verified yet' },
  'people/sign-in-refused': { status: 401, title: 'The e-mail address and password do not match' },
  'people/identity-unproven': { status: 403, title: 'The password does not prove who you are' },
  'idempotency/in-flight': { status: 409, title: 'The same request is still being answered' },
  'idempotency/other-body': { status: 422, title: 'The idempotency key was used with another body' },
  'state/not-found': { status: 404, title: 'There is no such resource' },
  'state/already-there': { status: 409, title: 'There is one already' },
  'state/not-allowed': { status: 409, title: 'The state of the resource does not allow this' },
  'state/moved-on': { status: 409, title: 'The resource is no longer in the expected state' },
  'payer/timeout': { status: 504, title: 'The payer did not answer in time' },
  'system/unavailable': { status: 503, title: 'The service cannot answer right now' },
  'system/unexpected': { status: 500, title: 'Something went wrong on our side' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export interface ProblemOptions {
  /** Each thing wrong with the document, where it is one. */
  readonly faults?: readonly Fault[]
  /** When a retry may succeed, in seconds. */
  readonly retryAfterSeconds?: number
  /** For the log, and nowhere else. */
  readonly cause?: unknown
}

/**
 * A failure the caller can act on. Any other `Error` is a bug, and is answered with `system/unexpected` and no detail.
 *
 * `detail` says what happened and what to do; it never holds a name, a birth date, a member number or a secret.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: string
  readonly faults: readonly Fault[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.detail = detail
    this.faults = options.faults ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return PROBLEMS[this.code].status
  }

  get title(): string {
    return PROBLEMS[this.code].title
  }
}
