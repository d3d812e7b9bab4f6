import type { Random } from '../kernel/ids.ts'
import { apart, type Database } from '../platform/database/index.ts'
import { type AuditEntry, type AuditRow, rowOf } from './entry.ts'
import { insertEntries } from './store.ts'

/** Writes entries of facts that have no transaction of their own: reads, tokens, refusals. */
export interface Recorder {
  /**
   * Resolves once the entry is committed; an answer waits for this. Rejects when its batch could not be written.
   *
   * Never inside an open transaction, where `record` belongs: the embedded engine would wait for itself.
   */
  note(entry: AuditEntry): Promise<void>
  /** Writes what waits, then refuses further entries. */
  close(): Promise<void>
}

export interface RecorderOptions {
  /** The longest that an entry waits for company, in milliseconds. Default 10. */
  readonly windowMs?: number
  /** The most entries of one batch. Default 500. */
  readonly maxEntries?: number
  /** Runs something later; `setTimeout` unless a test keeps the time. */
  readonly schedule?: (run: () => void, delayMs: number) => void
}

interface Waiting {
  readonly row: AuditRow
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Opens a recorder that commits entries in groups, one statement and one commit to each.
 *
 * A batch leaves when it holds as many entries as the one before did, or when its first entry has waited for the window,
 * and never while another is on its way. So a lone caller does not wait at all, and a crowd shares its commits.
 */
export function openRecorder(
  database: Pick<Database, 'once'>,
  random: Random,
  options: RecorderOptions = {},
): Recorder {
  const windowMs = options.windowMs ?? 10
  const maxEntries = options.maxEntries ?? 500
  const schedule = options.schedule ?? ((run, delayMs) => void setTimeout(run, delayMs))
  let waiting: Waiting[] = []
  let lastSize = 1
  let batch = 0
  let isDue = false
  let isClosed = false
  let writing: Promise<void> | undefined

  const write = async (rows: readonly Waiting[]) => {
    try {
      await database.once({ role: 'worker' }, insertEntries(rows.map((one) => one.row)))
      for (const one of rows) one.resolve()
    } catch (error) {
      for (const one of rows) one.reject(error)
    }
    writing = undefined
    // Those who were just answered may come back at once: they are in time for the next batch.
    await Promise.resolve()
    leaveIfReady()
  }

  const leaveIfReady = () => {
    if (writing || waiting.length === 0) return
    if (!isDue && !isClosed && waiting.length < Math.min(lastSize, maxEntries)) return
    const rows = waiting.slice(0, maxEntries)
    waiting = waiting.slice(maxEntries)
    lastSize = rows.length
    batch++
    // Whoever found no place has waited already.
    isDue = waiting.length > 0
    // A batch belongs to no caller, whatever transaction the one who filled it may have open.
    writing = apart(() => write(rows))
  }

  const startWindow = () => {
    const mine = batch
    const end = () => {
      if (mine !== batch) return
      isDue = true
      leaveIfReady()
    }
    apart(() => schedule(end, windowMs))
  }

  return {
    note: (entry) => {
      if (isClosed) return Promise.reject(new Error('the audit recorder is closed'))
      return new Promise<void>((resolve, reject) => {
        waiting.push({ row: rowOf(entry, random), resolve, reject })
        leaveIfReady()
        if (waiting.length === 1) startWindow()
      })
    },
    close: async () => {
      isClosed = true
      leaveIfReady()
      while (writing) await writing
    },
  }
}
