import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type StoredEntry, selectEntries } from './directory-store.ts'
import type { DirectoryEntry } from './entry.ts'
import { listPayers } from './find.ts'
import type { Payer } from './model.ts'
import { PAYER_OPERATIONS, type PayerOperation, type Way } from './ways.ts'

/** Every payer of the environment with all that the directory tells of it, by name. */
export async function directory(tx: Tx, at: Instant): Promise<readonly DirectoryEntry[]> {
  const payers = await listPayers(tx)
  const ids = payers.map(({ id }) => id)
  const entries = await selectEntries(tx, ids, at)
  return payers.map((payer) => whole(payer, entries.get(payer.id)))
}

/** What the directory tells of one payer. */
export async function entryOf(tx: Tx, payer: Payer, at: Instant): Promise<DirectoryEntry> {
  return whole(payer, (await selectEntries(tx, [payer.id], at)).get(payer.id))
}

function whole(payer: Payer, stored: StoredEntry | undefined): DirectoryEntry {
  return {
    payer,
    identifiers: payer.wireIds.map((value) => {
      const system = stored?.systems.get(value)
      return system === undefined ? { value } : { value, system }
    }),
    plans: stored?.plans ?? [],
    ways: Object.fromEntries(
      PAYER_OPERATIONS.map((operation) => [operation, stored?.ways[operation] ?? 'local']),
    ) as Record<PayerOperation, Way>,
    outages: stored?.outages ?? [],
  }
}

/** Whether an operation of the payer can be answered at the moment. */
export function isReachable(
  { ways, outages }: DirectoryEntry,
  operation: PayerOperation,
  at: Instant,
): boolean {
  if (ways[operation] === 'none') return false
  return !outages.some(
    (outage) =>
      (outage.operation === undefined || outage.operation === operation) &&
      outage.from <= at &&
      (outage.until === undefined || at < outage.until),
  )
}
