import type { Clock } from '../kernel/time.ts'
import type { Database, Tx } from '../platform/database/index.ts'
import type { Vault } from '../platform/secrets/index.ts'
import { firstHead, nextHead, signHead, tagOf } from './chain.ts'
import { openSealingKey, type SealingKey } from './keys.ts'
import { type CanonicalEntry, rowHash } from './row-hash.ts'
import * as store from './seal-store.ts'

/** One log, and what it is sealed with. */
export interface Log {
  readonly database: Database
  readonly vault: Vault
}

/** The most entries under one seal. */
export const BATCH_ENTRIES = 1000

/**
 * Seals the entries that were committed since the last time: gives each its place, chains their hashes, signs the head.
 *
 * Of two processes that try at once, one seals and the other does nothing. Writers never wait for it.
 *
 * @returns how many were sealed: at most `BATCH_ENTRIES`; a full batch may not be all. Undefined while another process
 *          seals
 */
export function sealBatch(
  { database, vault }: Log,
  clock: Clock,
  limit = BATCH_ENTRIES,
): Promise<number | undefined> {
  // Read committed: what is read after the lock was taken is what the last holder committed.
  return database.transaction(
    { role: 'worker' },
    async (tx) => {
      if (!(await store.tryLock(tx))) return undefined
      const last = await store.lastSeal(tx)
      const entries = await unsealedSince(tx, last, limit)
      if (entries.length === 0) return 0
      const key = await openSealingKey(tx, database.schema, vault)
      await keepBatch(tx, { log: database.schema, vault, key, last, entries, sealedAt: clock.now() })
      return entries.length
    },
    { isolation: 'read committed' },
  )
}

async function unsealedSince(tx: Tx, last: store.Seal | undefined, limit: number) {
  const horizon = await store.horizon(tx)
  return store.unsealedEntries(tx, startOf(last, horizon), limit)
}

/**
 * Where the unsealed entries begin. A last seal of the future says that the database was restored to another server,
 * whose transactions are numbered anew: there is no order to begin in, so that all entries are looked through.
 */
export function startOf(last: store.Seal | undefined, { above }: store.Horizon): store.Place {
  return last && BigInt(last.through.writtenIn) < BigInt(above) ? last.through : store.BEGINNING
}

interface Batch {
  readonly log: string
  readonly vault: Vault
  readonly key: SealingKey
  readonly last: store.Seal | undefined
  readonly entries: readonly CanonicalEntry[]
  readonly sealedAt: number
}

async function keepBatch(tx: Tx, { log, vault, key, last, entries, sealedAt }: Batch): Promise<void> {
  const firstOrdinal = (last?.lastOrdinal ?? 0) + 1
  const links = entries.map((entry, i) => {
    const link = { ordinal: firstOrdinal + i, entryId: entry.id, rowHash: rowHash(entry) }
    return { ...link, tag: tagOf(vault, log, link) }
  })
  const previousHead = last?.head ?? firstHead(log)
  const head = nextHead(
    previousHead,
    links.map((link) => link.rowHash),
  )
  const signed = {
    log,
    ordinal: firstOrdinal + entries.length - 1,
    head,
    sealedAt: new Date(sealedAt).toISOString(),
  }
  const through = entries.at(-1)
  await store.insertLinks(tx, links)
  await store.insertSeal(tx, {
    firstOrdinal,
    lastOrdinal: signed.ordinal,
    previousHead,
    head,
    keyId: key.keyId,
    signature: signHead(signed, key.privateKey),
    sealedAt: signed.sealedAt,
    through: { writtenIn: through?.written_in ?? '0', id: through?.id ?? '' },
  })
}
