import type { AuditEntry } from '../../../../audit/index.ts'
import type { NoticeAnswer } from '../../../../core/admission.ts'
import type { ReviewAnswer } from '../../../../core/decision.ts'
import type { Correspondence, ReviewRequest } from '../../../../core/request.ts'
import type { AnswerEnvelope } from '../../../../formats/x12/index.ts'
import { type AuthorizationId, readId } from '../../../../kernel/ids.ts'
import type { Decoded } from '../../../../kernel/result.ts'
import type { Tx } from '../../../../platform/database/index.ts'
import type { Scope } from '../../../clients/index.ts'
import type { Acknowledged, Answered, Asking, ExchangeRoom } from '../../../exchange/index.ts'
import type { Onward } from '../../../idempotency/index.ts'
import type { AskedInX12 } from '../x12-body.ts'

/** What every request of this API says of itself, whatever it asks for. */
export interface Askable {
  readonly correspondence: Correspondence
}

/** What an operation came to, as far as the door looks at it itself. */
export type Told = Omit<Answered, 'answer' | 'onward' | 'standsAs'> &
  Pick<Acknowledged, 'admissionId'> & {
    /** Somebody has to be asked first; tells of the same result. */
    readonly onward?: Onward<Told>
    readonly standsAs?: string
  }

/**
 * One operation of the compatible API: what it demands, how its two spellings are read, who answers, and how the answer
 * is written. Another one is a file of its own and a line in `routes.ts`.
 */
export interface Operation<Asked extends Askable, Result extends Told> {
  /** The path below the base. */
  readonly name: string
  /** What the audit record calls it. */
  readonly act: string
  readonly scope: Scope
  /** Scopes that it demands besides. @throws Problem `request/invalid` the query is not understood */
  readonly alsoNeeds?: (query: Query) => readonly Scope[]
  readonly readJson: (body: unknown) => Decoded<Asked>
  readonly readX12: (body: unknown) => Decoded<AskedInX12<Asked>>
  /**
   * The NPI in whose name it is asked, which the caller must be or represent; undefined when it is named otherwise.
   * `nobody` for what is about no patient.
   */
  readonly inNameOf: 'nobody' | ((asked: Asked) => string | undefined)
  /**
   * How the same request is known when it comes again: by its key, else by its control numbers and body; or by a key
   * alone, so that without one it is answered anew.
   */
  readonly knownAgain: (query: Query) => 'by-numbers' | 'by-key'
  /** Has the request answered, in the transaction of the caller's company. */
  readonly answer: (exchange: ExchangeRoom, tx: Tx, call: Call<Asked>) => Promise<Result>
  /**
   * The same without a transaction, where nothing of a company is read or written: so it is answered unless the answer is to
   * be kept for its sender.
   */
  readonly answerApart?: (exchange: ExchangeRoom, call: Call<Asked>) => Promise<Result>
  /**
   * Whether the same request, sent again, may come to more than this: it was refused and nothing is kept of it, or the payer
   * asks for it again. Such an answer is not given a second time.
   */
  readonly mayComeToMore?: (result: Result) => boolean
  /** The body that is sent. */
  readonly envelope: (result: Result, write: WriteBoth) => string
  /** What the id in its envelope is of; a case, unless it says otherwise. */
  readonly tellsOf?: 'admission'
  /**
   * What goes on the record once it is answered; absent where the use case writes its entry in its own transaction, as
   * whatever changes a case does.
   */
  readonly note?: (result: Result) => Pick<AuditEntry, 'on' | 'detail'>
}

/** A request with all that came with it. */
export interface Call<Asked> {
  readonly asking: Asking
  readonly asked: Asked
  readonly query: Query
  /** The caller wants a case of its own, though the same care was asked for already. */
  readonly insists: boolean
  /** What was made of this very request before, where its answer was not the last word. */
  readonly known?: string
  readonly write: WriteBoth
  /** An answer as it will be sent, byte for byte, in the format that was asked in: to be kept with the case. */
  readonly kept: (spelt: Spelt) => Uint8Array
}

/** The parameters after the `?`, as they came; one that is repeated is an array. */
export type Query = Readonly<Record<string, unknown>>

export interface Spelt {
  readonly x12: string
  readonly json: string
}

/** All of an answer's envelope but the guide, which the operation knows. */
export type Enveloped = Omit<AnswerEnvelope, 'guide'>

/**
 * Writes an answer in both spellings, once however often it is asked to: what is kept with a case is what was sent. Each
 * answer of one request gets a control number of its own.
 */
export type WriteBoth = <A extends object>(
  answer: A,
  x12: (answer: A, envelope: Enveloped) => string,
  json: (answer: A) => object,
) => Spelt

/** The requester's NPI; undefined when it goes by another number, or by none. */
export function requesterNpi({ requester: { identifier } }: ReviewRequest): string | undefined {
  return identifier?.system === 'npi' ? identifier.value : undefined
}

/** `"name":{"x12":…,"json":…}`: one answer in an envelope. */
export function member(name: string, spelt: Spelt): string {
  return `"${name}":${both(spelt)}`
}

export function both({ x12, json }: Spelt): string {
  return `{"x12":${JSON.stringify(x12)},"json":${json}}`
}

/** The same, and beside both what neither has a place for. */
export function withRules({ x12, json }: Spelt, rules: readonly object[]): string {
  return `{"x12":${JSON.stringify(x12)},"json":${json},"rules":${JSON.stringify(rules)}}`
}

/** X12 889: the same again is allowed, or asked for. */
const SEND_AGAIN: ReadonlySet<string> = new Set(['P', 'R'])

/**
 * Whether a refusal is no last word (`mayComeToMore`): there is no record of it that could be told of again, or the payer
 * wants it sent again.
 */
export function isToBeTriedAgain({ answer, authorizationId, admissionId }: Refusable): boolean {
  const { outcome } = answer
  if (outcome.kind !== 'rejected') return false
  const isKept = authorizationId !== undefined || admissionId !== undefined
  return !isKept || outcome.rejections.some(({ followUp }) => SEND_AGAIN.has(followUp))
}

type Refusable = Pick<Told, 'authorizationId' | 'admissionId'> & {
  readonly answer: { readonly outcome: ReviewAnswer['outcome'] | NoticeAnswer['outcome'] }
}

/** The case that was kept of the same request before. */
export function knownCase(known: string | undefined): { readonly known?: AuthorizationId } {
  const id = known === undefined ? undefined : readId('authorization', known)
  return id === undefined ? {} : { known: id }
}
