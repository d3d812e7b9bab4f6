import type { AuthorizationId, Id, OrganizationId, PayerId, Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import type { MediaType } from './media-type.ts'

/** A document of a case, without its bytes. */
export interface CaseDocument {
  readonly id: Id<'document'>
  /** The company that added it. */
  readonly addedBy: OrganizationId
  readonly mediaType: MediaType
  readonly bytes: number
  /** SHA-256 of the bytes as they came, 64 hexadecimal digits. */
  readonly sha256: string
  readonly addedAt: Instant
  /** As its sender named it; a file name, never a path. */
  readonly name?: string
  /** By which the request names it (X12 PWK06). */
  readonly controlNumber?: string
}

export interface NewDocument extends Pick<CaseDocument, 'mediaType' | 'name' | 'controlNumber'> {
  readonly caseId: AuthorizationId
  readonly payerId: PayerId
  readonly addedBy: OrganizationId
  readonly content: Uint8Array
  readonly at: Instant
}

export interface DocumentsDeps {
  /** The payer's data key, as `gateway/payers` hands it out. */
  readonly keyOf: (tx: Tx, payerId: PayerId) => Promise<DataKey>
  readonly random: Random
}

/** A case takes so many of one company. */
export const MOST_DOCUMENTS = 50

/** The documents of cases. Everything happens in the transaction that is handed in, and shows what its company may see. */
export interface Documents {
  /**
   * Keeps a document. The same bytes from the same company are one document: sent again, it is the one that was kept.
   *
   * @returns undefined when the case holds as many of the company as it takes
   */
  add(
    tx: Tx,
    document: NewDocument,
  ): Promise<{ readonly document: CaseDocument; readonly isNew: boolean } | undefined>
  /** Oldest first; empty when the reader may not see the case. */
  list(tx: Tx, caseId: AuthorizationId, payerId: PayerId): Promise<readonly CaseDocument[]>
  /** Undefined when there is no such document, or not for this reader. */
  find(
    tx: Tx,
    caseId: AuthorizationId,
    payerId: PayerId,
    id: Id<'document'>,
  ): Promise<{ readonly document: CaseDocument; readonly content: Uint8Array } | undefined>
}
