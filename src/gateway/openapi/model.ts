import type { JsonSchema } from '../../formats/json/index.ts'
import type { Scope } from '../clients/index.ts'
import type { Words } from './refusals.ts'

/** A route as the server knows it. */
export interface KnownRoute {
  readonly method: string
  /** With parameters as the server spells them: `/v1/authorizations/:id`. */
  readonly url: string
  readonly scope?: Scope
  /** What its body and query are checked against. */
  readonly body?: JsonSchema
  readonly query?: JsonSchema
}

/** What is told of an operation that its route does not say. */
export interface Description {
  readonly operationId: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** Who may call: with a token; with the client's own credentials; or anybody. */
  readonly callers: 'token' | 'client' | 'anybody'
  /** What the token must have, where the route does not say. */
  readonly scope?: Scope | undefined
  /** Media types of a body that is no JSON, with what each holds. */
  readonly body?: Readonly<Record<string, JsonSchema>>
  readonly headers?: Readonly<Record<string, string>>
  readonly answers: Readonly<Record<string, Answered>>
  /** In which words it refuses. */
  readonly refusals: Words
}

export interface Answered {
  readonly means: string
  /** By media type; absent: no body. */
  readonly content?: Readonly<Record<string, JsonSchema>>
}

export const TAGS = {
  Authorizations: 'Cases of prior authorization: asked for, found, read and followed up.',
  Determinations: 'Whether a service needs prior authorization.',
  Admissions: 'Notices of admission.',
  Batches: 'Many requests sent at once.',
  Payers: 'Whom a request can be addressed to.',
  Compatible: 'The compatible API: the paths, bodies and errors that existing clients know.',
  Envelopes: 'CAQH CORE Connectivity: a 278 in an envelope of SOAP or of MIME.',
  Access: 'Tokens, keys and metadata.',
  Service: 'How this service is.',
} as const

export type Tag = keyof typeof TAGS
