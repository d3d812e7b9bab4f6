import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type CryptoKey, importJWK } from 'jose'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { generateKey, sealedAs } from './generate.ts'
import * as store from './store.ts'
import { signingAt, verifyingAt } from './timeline.ts'

/** The public half of a signing key as `/oauth2/jwks` shows it. @see RFC 7517 section 4, RFC 7518 section 6.2.1 */
interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  /** The thumbprint of the key. @see RFC 7638 */
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

/** The keys of one environment, opened. What each member says is so at the moment it is asked. */
export interface SigningKeys {
  /** What tokens are signed with now. @throws Error when no key signs, which rotation leaves no room for */
  readonly current: { readonly kid: string; readonly privateKey: KeyObject }
  /** The key with this id, for verifying; undefined when it is not ours or has retired. */
  find(kid: string): CryptoKey | undefined
  /** Newest first. */
  readonly published: readonly PublicJwk[]
}

/** Signing keys that follow what is stored. */
export interface LiveSigningKeys extends SigningKeys {
  /** Reads the keys as they are stored. */
  read(tx: Tx): Promise<readonly store.StoredKey[]>
  /**
   * Takes over what was read. A reading that began before the one taken over last is thrown away.
   *
   * @throws Error when a key was sealed by another vault
   */
  learn(stored: readonly store.StoredKey[], began: Instant): Promise<void>
}

interface OpenedKey extends store.StoredKey {
  readonly verifying: CryptoKey
  readonly privateKey: KeyObject | undefined
}

/**
 * Opens the signing keys of an environment, making the first where there is none. Nodes that start at the same moment
 * end with the same key.
 *
 * @throws Error when a key was sealed by another vault
 */
export async function openSigningKeys(deps: {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}): Promise<LiveSigningKeys> {
  const now = deps.clock.now()
  const stored = await deps.database.transaction({ role: 'worker' }, async (tx) => {
    await store.lockSigningKeys(tx)
    const found = await store.signingKeys(tx, now)
    if (found.length > 0) return found
    const fresh = await generateKey(deps.vault, { publishedAt: now, signsFrom: now, retireAt: undefined })
    await store.saveSigningKey(tx, fresh)
    return [fresh]
  })
  return openStored(deps, stored)
}

/**
 * Opens keys as they are stored.
 *
 * @throws Error when there is none, or one was sealed by another vault
 */
export async function openStored(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  stored: readonly store.StoredKey[],
): Promise<LiveSigningKeys> {
  let opened: readonly OpenedKey[] = []
  let asOf = Number.NEGATIVE_INFINITY as Instant
  const learn = async (rows: readonly store.StoredKey[], began: Instant) => {
    const known = new Map(opened.map((key) => [key.kid, key]))
    const next: OpenedKey[] = []
    for (const row of rows) next.push(await open(vault, row, known.get(row.kid)))
    // A clock that was set back leaves a moment in the future behind, which must not keep news away.
    if (began < asOf && asOf <= clock.now()) return
    opened = next
    asOf = began
  }
  await learn(stored, clock.now())
  if (opened.length === 0) throw new Error('there is no signing key')
  return {
    read: (tx) => store.signingKeys(tx, clock.now()),
    learn,
    get current() {
      // One whose private half is gone has signed its last, whatever this node's clock says.
      const key = signingAt(
        opened.filter(({ privateKey }) => privateKey !== undefined),
        clock.now(),
      )
      if (!key?.privateKey) throw new Error('no key signs at this moment')
      return { kid: key.kid, privateKey: key.privateKey }
    },
    find: (kid) => verifyingAt(opened, clock.now()).find((key) => key.kid === kid)?.verifying,
    get published() {
      return verifyingAt(opened, clock.now()).map((key) => key.publicJwk as PublicJwk)
    },
  }
}

async function open(vault: Vault, row: store.StoredKey, known: OpenedKey | undefined): Promise<OpenedKey> {
  return {
    ...row,
    verifying:
      known?.verifying ?? ((await importJWK({ ...(row.publicJwk as PublicJwk) }, 'ES256')) as CryptoKey),
    // What was destroyed in the database is forgotten here.
    privateKey:
      row.sealed === undefined ? undefined : (known?.privateKey ?? unseal(vault, row.kid, row.sealed)),
  }
}

const unseal = (vault: Vault, kid: string, sealed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(vault.open(sealed, sealedAs(kid))), format: 'der', type: 'pkcs8' })
