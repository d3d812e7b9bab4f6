import type { Admission, AdmissionEvent, AdmissionMoved, AdmissionNotice } from '../../core/admission.ts'
import type { AdmissionId, AuthorizationId, OrganizationId, PayerId, Random } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { DataKey, Vault } from '../../platform/secrets/index.ts'
import type { Exchange } from '../record/index.ts'

export interface AdmissionDeps {
  readonly vault: Pick<Vault, 'keyedHash'>
  /** The payer's data key, as `gateway/payers` hands it out. */
  readonly keyOf: (tx: Tx, payerId: PayerId) => Promise<DataKey>
  readonly random: Random
}

/** An admission, and what of it this reader may know. */
export interface FoundAdmission {
  readonly admission: Admission
  /** The case that it is tied to; absent when there is none, and when the reader may not see that case. */
  readonly visibleCase?: AuthorizationId
}

/**
 * Admissions as kept. Everything happens in the transaction that is handed in, and shows each company the admissions that
 * it may see and no others.
 */
export interface AdmissionRecord {
  /** Keeps a new admission. @throws Error when its events are not numbered from 1 to its last, without gaps */
  save(tx: Tx, moved: AdmissionMoved, exchanges: readonly Exchange[]): Promise<void>
  /** Keeps what a later notice made of an admission. @throws Error when somebody else has changed it meanwhile */
  change(tx: Tx, moved: AdmissionMoved, exchanges: readonly Exchange[]): Promise<void>
  /** Undefined when there is no such admission, or not for this reader. */
  find(tx: Tx, id: AdmissionId): Promise<FoundAdmission | undefined>
  /**
   * The admission that a company sent and that was acknowledged by this number, in any spelling. Until the transaction ends
   * nobody else changes it.
   */
  findSent(
    tx: Tx,
    by: OrganizationId,
    payerId: PayerId,
    referenceNumber: string,
  ): Promise<Admission | undefined>
  /**
   * The stay that a company has told of before and that was not cancelled: of the same member, sender and day of admission.
   *
   * Until this transaction ends, any other that looks for the same stay waits: of two at once, the later finds that of
   * the earlier.
   */
  findSameStay(
    tx: Tx,
    by: OrganizationId,
    payerId: PayerId,
    notice: AdmissionNotice,
  ): Promise<Admission | undefined>
  /** Every admission under a member id, in any spelling, that the reader may see; newest first. */
  admissionsOfMember(tx: Tx, payerId: PayerId, memberId: string): Promise<readonly AdmissionId[]>
  /** In order; empty when the reader may not see the admission. */
  events(tx: Tx, id: AdmissionId): Promise<readonly AdmissionEvent[]>
  /** What was sent and answered, oldest first; empty for everybody but its sender. */
  exchanges(tx: Tx, id: AdmissionId): Promise<readonly Exchange[]>
}
