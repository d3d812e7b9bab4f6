import type { OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { DataKey, Vault } from '../../platform/secrets/index.ts'

/** One request, as the caller may send it again. */
export interface Claim {
  readonly organizationId: OrganizationId
  /** The NPIs that the company acts for, as its transactions are told. */
  readonly providers?: readonly string[] | 'any'
  /** Method and path, without what varies: `POST /rcm/prior-authorization/v1/submission`. */
  readonly route: string
  readonly key:
    | { readonly kind: 'explicit'; readonly value: string }
    /** From the control numbers of a caller who sends no key. Another body never conflicts: it is another request. */
    | { readonly kind: 'derived'; readonly parts: readonly string[] }
  /** What was asked, whatever it is called: see `fingerprintOf`. */
  readonly fingerprint: Uint8Array
  readonly requestId: string
  readonly at: Instant
}

/** An answer as the caller gets it, byte for byte. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What the work came to, and whose data it holds. */
export interface Result {
  readonly answer: Answer
  /** Absent when no payer was found. */
  readonly payerId?: PayerId
  /** Nothing came of it, so the same request may come to something else: what was written is kept, the answer is not. */
  readonly isNotKept?: true
}

export interface OnceDeps {
  readonly database: Database
  readonly vault: Pick<Vault, 'keyedHash' | 'seal' | 'open'>
  /** The payer's data key, as `gateway/payers` hands it out. */
  readonly keyOf: (tx: Tx, payerId: PayerId) => Promise<DataKey>
}

export interface Answered {
  readonly answer: Answer
  /** True when the answer is that of an earlier request. */
  readonly replayed: boolean
  /** The request that the answer was first given to. */
  readonly requestId: string
}
