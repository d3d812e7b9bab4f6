import { mintId, type OrganizationId, type Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type AccessAlert, hasAlert, lockAlerts, saveAlert } from './alert-store.ts'
import type { AlertKind } from './model.ts'
import { addUses, keepNewest, meetNetwork, newNetworks } from './use-store.ts'

const HOUR_MS = 3_600_000
/** So many networks of each secret are remembered, the latest; one that was forgotten is new again. */
const NETWORKS_KEPT = 20
const MANY_NETWORKS = 3

export interface SecretUse {
  readonly secretId: string
  readonly clientId: string
  readonly organizationId: OrganizationId
  readonly network: string
  /** How often since the last note. */
  readonly times: number
  readonly at: Instant
}

/**
 * Keeps when, from where and how often a secret was used, and raises an alert when that is odd.
 *
 * The first network is where a secret lives, and no news. Each further one never seen is: at most one alert an hour, so
 * that a company that moves is told once; and another when three new ones came within an hour, which is how a stolen
 * secret looks that is being passed around.
 *
 * @returns the alerts raised, mostly none
 */
export async function noteUse(tx: Tx, use: SecretUse, random: Random): Promise<readonly AccessAlert[]> {
  await addUses(tx, use.secretId, use.network, use.times, use.at)
  const { isNew, others } = await meetNetwork(tx, use, use.network, use.at)
  if (!isNew || others === 0) return []
  await keepNewest(tx, use.secretId, NETWORKS_KEPT)
  const hourAgo = (use.at - HOUR_MS) as Instant
  const isMany = (await newNetworks(tx, use.secretId, hourAgo)) >= MANY_NETWORKS
  const kinds: readonly AlertKind[] = isMany ? ['unseen-network', 'many-networks'] : ['unseen-network']
  const raised: AccessAlert[] = []
  for (const kind of kinds) {
    const alert = await raiseOnceAnHour(tx, { ...use, kind }, random)
    if (alert) raised.push(alert)
  }
  return raised
}

/** @returns undefined when there was one of its kind within the hour before */
export async function raiseOnceAnHour(
  tx: Tx,
  about: Omit<AccessAlert, 'id'>,
  random: Random,
): Promise<AccessAlert | undefined> {
  const { kind, clientId, secretId, organizationId, network, at } = about
  await lockAlerts(tx, clientId)
  if (await hasAlert(tx, about, (at - HOUR_MS) as Instant)) return undefined
  const alert = { id: mintId('alert', at, random), kind, clientId, secretId, organizationId, network, at }
  await saveAlert(tx, alert)
  return alert
}
