import { existsSync } from 'node:fs'
import { type Log, openSealer, standingOf, type Verification, verifyLog } from '../audit/index.ts'
import { Problem } from '../kernel/problem.ts'
import type { Clock } from '../kernel/time.ts'

export const LOG_NAMES = ['sandbox', 'production', 'control'] as const
export type LogName = (typeof LOG_NAMES)[number]

/** The records of what this process opens: one for each environment, and the control plane's. */
export interface Audit {
  /**
   * Computes a log anew, or each in turn.
   *
   * @throws Problem `state/not-found` this process does not open it
   */
  verify(name?: LogName, anchorFile?: string): Promise<readonly NamedVerification[]>
  /**
   * Seals what is committed and anchors the heads, now.
   *
   * @throws Problem `state/not-found` another process seals
   */
  anchor(): Promise<void>
  /** How far each log is sealed, in words. @throws when a sealer fails, or entries have been waiting too long */
  standing(): Promise<Readonly<Partial<Record<LogName, string>>>>
  close(): Promise<void>
}

export type NamedVerification = Verification & { readonly environment: LogName }

export interface AuditDeps {
  /** Those that this process opens. */
  readonly logs: Readonly<Partial<Record<LogName, Log>>>
  /** Whether this process seals. Of several that do, each batch is sealed by one. */
  readonly seals: boolean
  readonly anchorFile: string
  readonly clock: Clock
  readonly onError: (environment: LogName, error: unknown) => void
}

/** Entries that nobody sealed for this long say that no sealer works. */
const OVERDUE_SECONDS = 60

export function openAudit({ logs, seals, anchorFile, clock, onError }: AuditDeps): Audit {
  const opened = LOG_NAMES.flatMap((name) => {
    const log = logs[name]
    if (!log) return []
    const sealer = seals
      ? openSealer({ log, clock, anchorFile, onError: (error) => onError(name, error) })
      : undefined
    return [{ name, log, sealer }]
  })
  return {
    verify: async (name, file = anchorFile) => {
      if (file !== anchorFile && !existsSync(file))
        throw new Problem(
          'state/not-found',
          'There is no such file of anchors where this server can read it.',
        )
      const asked = opened.filter((one) => name === undefined || one.name === name)
      if (asked.length === 0)
        throw new Problem('state/not-found', 'This process does not open that log. Ask the one that does.')
      const found: NamedVerification[] = []
      for (const one of asked) found.push({ environment: one.name, ...(await verifyLog(one.log, file)) })
      return found
    },
    anchor: async () => {
      if (!seals)
        throw new Problem(
          'state/not-found',
          'This process does not seal. Ask one whose COUNTERSIGN_ROLES name worker.',
        )
      for (const { sealer } of opened) await sealer?.sealNow()
    },
    standing: async () => {
      const parts: [LogName, string][] = []
      for (const { name, log, sealer } of opened) {
        const trouble = sealer?.trouble()
        if (trouble !== undefined) throw new Error(`${name}: ${trouble}`)
        parts.push([name, await words(name, log, clock)])
      }
      return Object.fromEntries(parts)
    },
    close: async () => {
      for (const { sealer } of opened) await sealer?.close()
    },
  }
}

async function words(name: LogName, log: Log, clock: Clock): Promise<string> {
  const { sealedUpTo, unsealed, waitingSeconds = 0 } = await standingOf(log, clock)
  const said = `${name} sealed up to ${sealedUpTo}`
  if (unsealed === 0) return said
  const waiting = `${said}, ${unsealed} unsealed for ${waitingSeconds} s`
  if (waitingSeconds > OVERDUE_SECONDS) throw new Error(waiting)
  return waiting
}
