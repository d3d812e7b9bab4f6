import { record } from '../../audit/index.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import {
  type AccessAlert,
  type ClientStanding,
  networkOf,
  noteUse,
  raiseOnceAnHour,
  type SecretUse,
} from '../clients/index.ts'

/** A secret's use is written once a minute for each network, so that a busy client does not write on every token. */
const WRITTEN_EVERY_MS = 60_000
/** So many secrets and networks are counted at a time; then they are written, and the count begins anew. */
const MOST_COUNTED = 10_000

export interface SecretUsesDeps {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  /** Told of each alert after it was stored: for the log. */
  readonly onAlert?: ((alert: AccessAlert) => void) | undefined
  /** Told of an alert that could not be stored: for the log. */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** How the secrets of an environment are used, as this process sees it. */
export interface SecretUses {
  /** A secret was shown and found right. */
  note(client: ClientStanding, secretId: string, address: string | undefined): Promise<void>
  /** A client proved itself from an address that is not on its list. Nobody waits for what comes of it. */
  refused(client: ClientStanding, address: string | undefined): void
  /** Writes what was counted and not yet written, and waits for what nobody waits for. For a timer, and the end. */
  flush(): Promise<void>
}

interface Counted extends Omit<SecretUse, 'times' | 'at'> {
  writtenAt: Instant
  times: number
}

/** Counts in memory between two writings: a process that is killed loses the count of at most a minute. */
export function openSecretUses({ database, clock, random, onAlert, onFailure }: SecretUsesDeps): SecretUses {
  const counted = new Map<string, Counted>()
  let unwaited: Promise<void> = Promise.resolve()

  async function write(use: SecretUse): Promise<void> {
    await raising(use.clientId, (tx) => noteUse(tx, use, random))
  }

  async function raising(client: string, work: (tx: Tx) => Promise<readonly AccessAlert[]>): Promise<void> {
    const alerts = await database.transaction({ role: 'client_lookup', client }, async (tx) => {
      const raised = await work(tx)
      for (const alert of raised) await record(tx, entryOf(alert), random)
      return raised
    })
    for (const alert of alerts) onAlert?.(alert)
  }

  async function flush(): Promise<void> {
    await unwaited
    const now = clock.now()
    for (const [key, { writtenAt, times, ...use }] of [...counted]) {
      if (now - writtenAt >= WRITTEN_EVERY_MS || times > 0) counted.delete(key)
      if (times > 0) await write({ ...use, times, at: writtenAt })
    }
  }

  return {
    note: async ({ clientId, organizationId }, secretId, address) => {
      const now = clock.now()
      const network = networkOf(address)
      const key = `${secretId} ${network}`
      const known = counted.get(key)
      if (known && now - known.writtenAt < WRITTEN_EVERY_MS) {
        known.times++
        return
      }
      const times = (known?.times ?? 0) + 1
      const use = { secretId, clientId, organizationId, network }
      if (counted.size >= MOST_COUNTED) await flush()
      counted.set(key, { ...use, writtenAt: now, times: 0 })
      await write({ ...use, times, at: now })
    },
    refused: ({ clientId, organizationId }, address) => {
      const network = networkOf(address)
      const about = { kind: 'address-refused', clientId, organizationId, network, at: clock.now() } as const
      const raised = raising(clientId, async (tx) => {
        const alert = await raiseOnceAnHour(tx, { ...about, secretId: undefined }, random)
        return alert ? [alert] : []
      })
      unwaited = Promise.all([unwaited, raised.catch(onFailure ?? (() => undefined))]).then(() => undefined)
    },
    flush,
  }
}

/** Without the network: where a company's servers are is in the alert, for the operator. */
export const entryOf = (alert: AccessAlert) =>
  ({
    at: alert.at,
    actor: { kind: 'system', part: 'access' },
    act: `alert.${alert.kind}`,
    on: alert.secretId ?? alert.clientId,
    organizationId: alert.organizationId,
    outcome: 'done',
    detail: { alert: alert.id, client: alert.clientId },
  }) as const
