import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import type { Vault } from '../platform/secrets/index.ts'

/** One entry's place in the chain. */
export interface Link {
  readonly ordinal: number
  readonly entryId: string
  readonly rowHash: Uint8Array
  /** Made with a key outside the database: whoever can write there still cannot make one. */
  readonly tag: Uint8Array
}

/** What is signed of a batch, and what an anchor keeps outside. */
export interface SignedHead {
  /** Which log: the schema. */
  readonly log: string
  /** The last entry under this head. */
  readonly ordinal: number
  readonly head: Uint8Array
  /** In ISO form, UTC, with all the digits that the database keeps. */
  readonly sealedAt: string
}

/** The head before the first batch; every log has its own, so that no batch of one continues another. */
export function firstHead(log: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`countersign audit ${log}`, 'utf8').digest())
}

/** The head after a batch: SHA-256 of the one before and of the row hashes, in order. All are 32 bytes long. */
export function nextHead(previous: Uint8Array, rowHashes: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256').update(previous)
  for (const one of rowHashes) hash.update(one)
  return new Uint8Array(hash.digest())
}

/** The bytes that a signature covers. */
function statementOf({ log, ordinal, head, sealedAt }: SignedHead): Uint8Array {
  return Buffer.from(JSON.stringify(['countersign audit head', log, ordinal, hex(head), sealedAt]), 'utf8')
}

/** @see RFC 8032 section 5.1 Ed25519 */
export function signHead(head: SignedHead, privateKey: KeyObject): Uint8Array {
  return new Uint8Array(sign(null, statementOf(head), privateKey))
}

export function isSignedBy(head: SignedHead, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify(null, statementOf(head), publicKey, signature)
}

/** The tag of a link: which row, at which place, with which content. */
export function tagOf(
  vault: Pick<Vault, 'keyedHash'>,
  log: string,
  { ordinal, entryId, rowHash }: Omit<Link, 'tag'>,
): Uint8Array {
  return vault.keyedHash('audit-link', JSON.stringify([log, ordinal, entryId, hex(rowHash)]))
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
