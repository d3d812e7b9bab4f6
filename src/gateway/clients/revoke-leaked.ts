import { mintId, type Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { Peppers } from '../../platform/secrets/index.ts'
import { type AccessAlert, saveAlert } from './alert-store.ts'
import { revokeSecret } from './revoke-secret.ts'
import { hashesOf } from './secret-hash.ts'
import { lookingFor, organizationOfClient, secretsFound } from './secret-store.ts'

export interface LeakedDeps {
  readonly database: Database
  readonly peppers: Peppers
  readonly clock: Clock
  readonly random: Random
}

/**
 * Ends those of the secrets that are somebody's here, each with the tokens of its client, and raises an alert for each.
 * A client's other secret goes on.
 *
 * @param record puts an alert on the record, in the transaction that ends the secret
 * @returns the alerts; none for a secret that was revoked before
 */
export async function revokeLeaked(
  deps: LeakedDeps,
  leaked: readonly string[],
  record: (tx: Tx, alert: AccessAlert) => Promise<void>,
): Promise<readonly AccessAlert[]> {
  const { database, peppers, clock, random } = deps
  // Should the file be unfit just now, what is known finds most of it.
  await peppers.refresh().catch(() => undefined)
  const hashes = leaked.flatMap((secret) => hashesOf(peppers, secret))
  const found = await database.transaction(lookingFor(hashes), secretsFound)
  const alerts: AccessAlert[] = []
  for (const { secretId, clientId } of found) {
    const alert = await database.transaction({ role: 'staff' }, async (tx) => {
      const organizationId = await organizationOfClient(tx, clientId)
      if (!organizationId) return undefined
      if (!(await revokeSecret(deps, tx, { organizationId, clientId, secretId }, 'leak'))) return undefined
      const at = clock.now()
      const raised = {
        id: mintId('alert', at, random),
        kind: 'leaked-secret',
        clientId,
        secretId,
        organizationId,
        network: undefined,
        at,
      } as const
      await saveAlert(tx, raised)
      await record(tx, raised)
      return raised
    })
    if (alert) alerts.push(alert)
  }
  return alerts
}
