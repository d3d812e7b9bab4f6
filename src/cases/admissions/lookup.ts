/** How an admission is found again: keyed hashes, each of its own purpose and within one payer. */
import type { Admission, AdmissionNotice } from '../../core/admission.ts'
import { plain } from '../../core/plain.ts'
import { readNumber } from '../../core/reference-number.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { memberKey, patientOf, requesterOf, written } from '../record/index.ts'

type Hashing = Pick<Vault, 'keyedHash'>

export function numberKey(vault: Hashing, payerId: PayerId, number: string): Uint8Array {
  const asWritten = readNumber('notice', number) ?? plain(number)
  return vault.keyedHash('admission-number', written([payerId, asWritten]))
}

/**
 * The same for two notices that tell of the same stay: patient, sender and day of admission.
 *
 * @returns undefined when the patient is not named well enough to say so, or no day is
 */
export function stayKey(vault: Hashing, payerId: PayerId, notice: AdmissionNotice): Uint8Array | undefined {
  const patient = patientOf(notice)
  const day = notice.event.admission?.from
  if (!patient || day === undefined) return undefined
  return vault.keyedHash('same-stay', written([payerId, patient, requesterOf(notice), day]))
}

/** Every key that an admission is found by. */
export function keysOf(vault: Hashing, admission: Admission): readonly Uint8Array[] {
  const { payerId, notice, referenceNumber } = admission
  const { memberId } = notice.subscriber
  const keys = [
    numberKey(vault, payerId, referenceNumber),
    stayKey(vault, payerId, notice),
    memberId === undefined ? undefined : memberKey(vault, payerId, memberId),
  ]
  return keys.filter((key) => key !== undefined)
}
