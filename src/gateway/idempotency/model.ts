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
  /** Somebody else has to be asked first. `answer` is what there is to say when nothing comes of that. */
  readonly onward?: Onward<Result>
  /** What was kept, where the last word on it is still to come: the same request is then told how it stands. */
  readonly standsAs?: string
}

/** What is left to do once a transaction is committed. */
export interface Onward<T> {
  /** What was kept meanwhile, which the same request is told of when it comes again; absent when nothing was. */
  readonly tellsOf?: string
  /** How long it may take, in ms: until then the same request is being answered. */
  readonly mostMs: number
  /** Asks, with no transaction open. Never throws. */
  ask(): Promise<void>
  /** In another transaction of the same caller: what it came to, as far as `ask` got. */
  tell(tx: Tx): Promise<T>
}

/** Does the work of a request. @param known what an earlier transaction kept of the same request */
export type Work = (tx: Tx, known?: string) => Promise<Result>

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

/** The numbers that an interchange goes by between the two who exchange it: no two of them have the same. */
export interface InterchangeNumbers {
  /** ISA06 and ISA08. */
  readonly senderId: string
  readonly receiverId: string
  /** ISA13 and GS06. */
  readonly interchangeControlNumber: string
  readonly groupControlNumber: string
}
