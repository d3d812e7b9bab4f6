import { X509Certificate } from 'node:crypto'
import { checkSeal } from '../../platform/sealed-pdf/index.ts'
import { hashOf } from '../subscriptions/index.ts'
import type { ContractsDeps } from './deps.ts'
import type { ContractId } from './model.ts'
import * as store from './store.ts'

/** What can be said of a file that is taken for a contract. */
export interface Verdict {
  /** Whether it is, byte for byte, a copy that was kept when both sides had signed. */
  readonly isUntouched: boolean
  /** Of the copy that it is. */
  readonly contractId?: ContractId
  /** Whether its seal holds; absent when it has none, as paper has none. */
  readonly seal?: {
    readonly isIntact: boolean
    readonly coversTheFile: boolean
    /** Whether the certificate is one of this operator. */
    readonly isOurs: boolean
    /** SHA-256 of the certificate, as other tools show it. */
    readonly certificate: string
  }
}

/** Holds a file against the copies that were kept, and its seal against the operator's certificates. */
export async function verifyFile(
  { database }: Pick<ContractsDeps, 'database'>,
  file: Uint8Array,
): Promise<Verdict> {
  const { contractId, certificates } = await database.transaction({ role: 'staff' }, async (tx) => ({
    contractId: await store.findByFile(tx, hashOf(file)),
    certificates: await store.findCertificates(tx),
  }))
  const seal = checkSeal(file)
  return {
    isUntouched: contractId !== undefined && (seal === undefined || (seal.isIntact && seal.coversTheFile)),
    ...(contractId === undefined ? {} : { contractId }),
    ...(seal && {
      seal: {
        isIntact: seal.isIntact,
        coversTheFile: seal.coversTheFile,
        isOurs: certificates.some((known) => Buffer.from(known).equals(seal.certificate)),
        certificate: new X509Certificate(seal.certificate).fingerprint256,
      },
    }),
  }
}
