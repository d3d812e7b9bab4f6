import type { KeyObject } from 'node:crypto'
import type { Clock } from '../kernel/time.ts'
import { apart } from '../platform/database/index.ts'
import { appendAnchor } from './anchors.ts'
import { knownKeys } from './keys.ts'
import { BATCH_ENTRIES, type Log, sealBatch } from './seal.ts'
import { lastSeal } from './seal-store.ts'

/** Keeps one log sealed, for as long as it is open. */
export interface Sealer {
  /** Seals what is committed and anchors the head, now. For an operator who asks, and for tests. */
  sealNow(): Promise<void>
  /** Why the last round failed; undefined when it did not. */
  trouble(): string | undefined
  /** Seals and anchors what there is, then stops. */
  close(): Promise<void>
}

export interface SealerDeps {
  readonly log: Log
  readonly clock: Clock
  /** The file outside the database that heads are added to. */
  readonly anchorFile: string
  /** Told of each failure. Sealing goes on: what could not be sealed now is sealed later. */
  readonly onError: (error: unknown) => void
  /** Runs something later and says how to call it off; `setTimeout` unless a test keeps the time. */
  readonly schedule?: (run: () => void, delayMs: number) => () => void
}

const EVERY_MS = 1000
const EMBEDDED_BATCH_ENTRIES = 100
/** After a failure: a database that is away is not asked, and not logged about, every second. */
const AFTER_FAILURE_MS = 10_000
const ANCHOR_EVERY_MS = 60_000

/**
 * Opens the sealer of a log: about once a second it seals what was committed, and at most once a minute it anchors the
 * newest head.
 */
export function openSealer(deps: SealerDeps): Sealer {
  const { log, clock, onError } = deps
  const schedule = deps.schedule ?? later
  let isOpen = true
  let running = Promise.resolve()
  let cancel = () => {}
  let anchoredAt = Number.NEGATIVE_INFINITY
  let anchoredOrdinal = 0
  const troubles: { sealing?: string; anchoring?: string } = {}

  const anchor = async (isDue: boolean) => {
    if (!isDue) return
    try {
      const ordinal = await anchorHead(deps, anchoredOrdinal)
      delete troubles.anchoring
      if (ordinal === anchoredOrdinal) return
      anchoredOrdinal = ordinal
    } catch (error) {
      troubles.anchoring = `heads are not anchored: ${messageOf(error)}`
      throw error
    } finally {
      anchoredAt = clock.now()
    }
  }
  // The embedded engine has one connection: whoever writes waits for a batch.
  const batch = log.database.engine.kind === 'embedded' ? EMBEDDED_BATCH_ENTRIES : BATCH_ENTRIES
  const round = async (mustAnchor: boolean) => {
    // A burst is sealed in one go, and not over as many seconds as it has batches.
    try {
      while ((await sealBatch(log, clock, batch)) === batch);
      delete troubles.sealing
    } catch (error) {
      troubles.sealing = `entries are not sealed: ${messageOf(error)}`
      throw error
    }
    await anchor(mustAnchor || clock.now() - anchoredAt >= ANCHOR_EVERY_MS)
  }
  /** After the round that is running; never inside somebody's transaction. */
  const next = (mustAnchor: boolean) => {
    const done = running.then(() => apart(() => round(mustAnchor)))
    running = done.catch(() => undefined)
    return done
  }
  const tick = () => {
    const again = (delayMs: number) => {
      if (isOpen) cancel = schedule(tick, delayMs)
    }
    next(false).then(
      () => again(EVERY_MS),
      (error: unknown) => {
        onError(error)
        again(troubles.sealing === undefined ? EVERY_MS : AFTER_FAILURE_MS)
      },
    )
  }
  cancel = schedule(tick, EVERY_MS)
  return {
    sealNow: () => next(true),
    trouble: () => troubles.sealing ?? troubles.anchoring,
    close: async () => {
      isOpen = false
      cancel()
      await next(true).catch(onError)
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed'
}

function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/**
 * Anchors the newest head, unless it was anchored already; whichever process sealed it.
 *
 * @returns the ordinal that is anchored now
 * @throws when the chain is shorter than it was, or the file cannot be written
 */
async function anchorHead({ log, anchorFile }: SealerDeps, anchoredOrdinal: number): Promise<number> {
  const last = await log.database.transaction({ role: 'worker' }, lastSeal, { readOnly: true })
  const end = last?.lastOrdinal ?? 0
  if (end < anchoredOrdinal)
    throw new Error(`the chain ends at ${end} and ${anchoredOrdinal} was anchored: countersign audit verify`)
  if (!last || end === anchoredOrdinal) return anchoredOrdinal
  const { known } = await knownKeys(log.database, log.vault)
  const publicKey = known.get(last.keyId)
  if (!publicKey)
    throw new Error(`the last seal of ${log.database.schema} was signed with a key that is not ours`)
  await appendAnchor(anchorFile, {
    log: log.database.schema,
    ordinal: last.lastOrdinal,
    head: last.head,
    sealedAt: last.sealedAt,
    keyId: last.keyId,
    publicKey: rawOf(publicKey),
    signature: last.signature,
  })
  return last.lastOrdinal
}

function rawOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'))
}
