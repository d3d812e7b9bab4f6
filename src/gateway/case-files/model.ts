import type { CaseDocument, MediaType } from '../../cases/documents/index.ts'
import type { CaseFilter, CaseSummary, Exchange, FollowedEvent } from '../../cases/record/index.ts'
import type { CaseEvent, CaseEventType } from '../../core/authorization.ts'
import type { AuthorizationId, Id } from '../../kernel/ids.ts'
import type { Caller } from '../access/index.ts'
import type { Payer } from '../payers/index.ts'

/** Who looks, and by which request: what the audit record tells. */
export interface Reader {
  readonly caller: Caller
  readonly requestId: string
}

/** A search as it is asked. */
export interface Search
  extends Pick<
    CaseFilter,
    | 'states'
    | 'memberId'
    | 'authorizationNumber'
    | 'administrativeReference'
    | 'procedureCode'
    | 'requesterNpi'
    | 'receivedFrom'
    | 'receivedBefore'
    | 'care'
    | 'limit'
  > {
  /** An id that senders know the payer by; absent: every payer. */
  readonly payer?: string
  /** Where the page before ended, as that page said it. */
  readonly cursor?: string
}

export interface FoundCases {
  readonly cases: readonly (CaseSummary & { readonly payer: Payer })[]
  /** Where the next page begins; absent at the end. */
  readonly next?: string
}

export interface EventPage {
  readonly events: readonly CaseEvent[]
  /** The sequence after which the next page begins; absent at the end. */
  readonly next?: number
}

/** All events from a place on. */
export interface Follow {
  /** Where the page before ended, as that page said it; absent: from the beginning. */
  readonly after?: string
  readonly types?: readonly CaseEventType[]
  readonly limit: number
  /** How long to wait for an event, in seconds. */
  readonly waitSeconds: number
  /** The reader has gone. */
  readonly gone: AbortSignal
}

export interface FollowedPage {
  readonly events: readonly FollowedEvent[]
  /** Where to go on, whether or not there is more by now; absent while there never was an event. */
  readonly next?: string
}

/** A document as a company sends it; its media type is what its bytes are. */
export interface SentDocument {
  readonly mediaType: MediaType
  readonly content: Uint8Array
  readonly name?: string
  readonly controlNumber?: string
}

/** A document that comes without the id of its case: by numbers, each of which may lead to one. */
export interface LinkedDocument {
  readonly document: SentDocument
  /** An id that senders know the payer by. */
  readonly payer: string
  /** The patient's, where the sender says it. */
  readonly memberId?: string
  /** The one that says most first. */
  readonly numbers: readonly LinkingNumber[]
}

/** A number, and which one it is: the sender's own (PWK06, or a trace), or one that the payer gave. */
export interface LinkingNumber {
  readonly givenBy: 'sender' | 'payer'
  readonly value: string
}

/** Why a document cannot be linked: its place among those sent, and which of its numbers is to blame. */
export interface Unlinked {
  readonly document: number
  readonly because: 'no-payer' | 'no-member' | 'no-case' | 'other-patient'
}

export type Linked =
  | { readonly unlinked: readonly Unlinked[] }
  | { readonly added: readonly (AddedDocument & { readonly caseId: AuthorizationId })[] }

export interface AddedDocument {
  readonly document: CaseDocument
  /** False when the company had sent these bytes to the case before. */
  readonly isNew: boolean
}

/** A document that the request names, and that has not come. */
export interface AwaitedDocument {
  readonly controlNumber: string
  /** What kind of document it is (X12 755). */
  readonly reportType: string
  /** The service line that names it; absent: the event. */
  readonly line?: number
}

export interface DocumentList {
  /** Oldest first. */
  readonly documents: readonly CaseDocument[]
  readonly awaited: readonly AwaitedDocument[]
}

/**
 * What is kept of cases besides how they stand: each call is a transaction of the reader's own company, with its entry on
 * the audit record.
 */
export interface CaseFiles {
  /**
   * @throws Problem `request/invalid` no payer goes by the id, or the cursor is not one of this company for this search
   */
  search(reader: Reader, search: Search): Promise<FoundCases>
  /**
   * In order.
   *
   * @param after events with a greater sequence
   * @throws Problem `state/not-found`
   */
  events(reader: Reader, id: AuthorizationId, after: number, limit: number): Promise<EventPage>
  /**
   * The events of all cases of the reader's company, in the order in which they were written. Where none is there yet, it
   * waits for one, without a transaction.
   *
   * @throws Problem `request/invalid` the cursor is not one of this company
   */
  follow(reader: Reader, asked: Follow): Promise<FollowedPage>
  /**
   * What the reader's company sent and was answered, oldest first; what another one did is not among it.
   *
   * @throws Problem `state/not-found`
   */
  exchanges(reader: Reader, id: AuthorizationId): Promise<readonly Exchange[]>
  /** @throws Problem `state/not-found` */
  exchange(reader: Reader, id: AuthorizationId, exchangeId: Id<'exchange'>): Promise<Exchange>
  /** @throws Problem `state/not-found`; `state/already-there` the case holds as many as it takes */
  addDocument(reader: Reader, id: AuthorizationId, sent: SentDocument): Promise<AddedDocument>
  /**
   * Adds documents to the cases that their numbers lead to, all or none.
   *
   * @param isSound false: something else is wrong with them, so nothing is added, and it is only told what cannot be linked
   * @throws Problem `state/already-there` a case holds as many as it takes
   */
  linkDocuments(reader: Reader, sent: readonly LinkedDocument[], isSound: boolean): Promise<Linked>
  /** @throws Problem `state/not-found` */
  documents(reader: Reader, id: AuthorizationId): Promise<DocumentList>
  /** @throws Problem `state/not-found` */
  document(
    reader: Reader,
    id: AuthorizationId,
    documentId: Id<'document'>,
  ): Promise<{ readonly document: CaseDocument; readonly content: Uint8Array }>
}
