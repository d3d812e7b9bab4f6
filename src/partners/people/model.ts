import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** Somebody who has shown that the address is theirs. */
export interface Person {
  readonly id: PersonId
  /** In lower case. */
  readonly email: string
}

/** What a person said about their company when they asked for an account. */
export interface Founding {
  readonly company: string
  /** The sandbox terms, as they were accepted. */
  readonly terms: { readonly version: string; readonly acceptedAt: Instant }
}

/** A browser that calls: what its session is bound to and throttled by. */
export interface Visitor {
  /** The address it calls from, as the server sees it. */
  readonly address: string
  readonly userAgent: string
  /** Its `Cookie` header, as received. */
  readonly cookie: string
}

/** `Set-Cookie` headers for the answer, in order. */
export type Cookies = readonly string[]

/** The version of the sandbox terms that sign-up accepts. */
export const SANDBOX_TERMS_VERSION = '2026-11'

/** Long enough for a mail that is read tomorrow. */
export const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000

/** How long a sign-up nobody confirmed is kept, and can be sent a new link. */
export const SIGN_UP_KEPT_MS = 7 * 24 * 60 * 60 * 1000
