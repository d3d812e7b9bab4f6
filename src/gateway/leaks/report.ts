import { record } from '../../audit/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import { findSecrets } from '../../kernel/credential-format.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import { apart, type Database } from '../../platform/database/index.ts'
import type { Peppers } from '../../platform/secrets/index.ts'
import { type AccessAlert, isForeign, revokeLeaked } from '../clients/index.ts'

export interface LeakDeps {
  readonly environment: Environment
  readonly database: Database
  readonly peppers: Peppers
  readonly clock: Clock
  readonly random: Random
  /** Told of each secret that was ended: for the log. */
  readonly onAlert: (alert: AccessAlert) => void
  /** Told of a report that could not be followed up, without what it held: for the log. */
  readonly onFailure: (error: unknown) => void
}

/** Secrets that people, or scanners of theirs, found where none belongs. */
export interface Leaks {
  /** Takes a report, and follows it up after the caller was answered. Keeps nothing of it but what is a secret in form. */
  report(text: string): void
  /** Resolves once every report so far was followed up. */
  settled(): Promise<void>
}

/** Of one report, so many secrets are looked for. */
const MOST_SECRETS = 100
/** So many reports wait at a time; further ones are dropped, and the drop is logged. */
const MOST_WAITING = 1000

/**
 * Reports are followed up one after the other, so that a flood of them costs the database one transaction at a time.
 * Secrets of the other environment are not this one's to judge, and are left alone.
 */
export function openLeaks(deps: LeakDeps): Leaks {
  const { environment, random } = deps
  let waiting = 0
  let last: Promise<void> = Promise.resolve()

  async function followUp(secrets: readonly string[]): Promise<void> {
    const alerts = await revokeLeaked(deps, secrets, (tx, alert) =>
      record(
        tx,
        {
          at: alert.at,
          actor: { kind: 'anonymous' },
          act: 'secret.revoke',
          outcome: 'done',
          organizationId: alert.organizationId,
          detail: { client: alert.clientId, alert: alert.id, why: 'leak' },
          ...(alert.secretId === undefined ? {} : { on: alert.secretId }),
        },
        random,
      ),
    )
    for (const alert of alerts) deps.onAlert(alert)
  }

  return {
    report: (text) => {
      const found = new Set(findSecrets(text).map(({ secret }) => secret))
      const secrets = [...found].filter((secret) => !isForeign(environment, secret)).slice(0, MOST_SECRETS)
      if (secrets.length === 0) return
      if (waiting >= MOST_WAITING) {
        deps.onFailure(new Error('too many reports of leaked secrets wait; one was dropped'))
        return
      }
      waiting++
      last = last.then(() => apart(() => followUp(secrets)).catch(deps.onFailure)).finally(() => waiting--)
    },
    settled: () => last,
  }
}
