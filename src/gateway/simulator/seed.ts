import type { Actor } from '../../kernel/actor.ts'
import type { PayerId, Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import type { Policies } from '../../utilization/policies/index.ts'
import { importRules, wasImported } from '../../utilization/rules/index.ts'
import { listPayers, savePayer } from '../payers/index.ts'
import { type SyntheticPayer, syntheticPayers } from './payers.ts'
import { lockSeeding } from './store.ts'

export interface SeedContext {
  /** The sandbox's vault. */
  readonly vault: Vault
  readonly policies: Policies
  readonly clock: Clock
  readonly random: Random
}

/** What a seeding found to do; all zero at a second start. */
export interface Seeded {
  readonly payers: number
  readonly rules: number
  readonly policies: number
}

/**
 * Gives the sandbox its synthetic payers, their rules and their policies.
 *
 * Safe at every start, and when several processes start at once. Rules and policies are brought in once for each text
 * that we ship: a new release brings its new ones, and what an operator changes in between stays. Never called for
 * production, which is seeded with nothing.
 *
 * @param sandbox the sandbox's database
 */
export async function seedSandbox(sandbox: Database, context: SeedContext): Promise<Seeded> {
  const synthetic = await syntheticPayers()
  return sandbox.transaction({ role: 'worker' }, async (tx) => {
    await lockSeeding(tx)
    const done: Seeded[] = []
    for (const payer of synthetic) done.push(await seedPayer(tx, payer, context))
    const sum = (part: keyof Seeded) => done.reduce((total, one) => total + one[part], 0)
    return { payers: sum('payers'), rules: sum('rules'), policies: sum('policies') }
  })
}

const SIMULATOR: Actor = { kind: 'system', part: 'simulator' }

async function seedPayer(
  tx: Tx,
  { payer, rules, policy }: SyntheticPayer,
  context: SeedContext,
): Promise<Seeded> {
  const stamp = { actor: SIMULATOR, at: context.clock.now(), random: context.random }
  const known = await findByWireId(tx, payer.wireIds)
  const id =
    known ?? (await savePayer(tx, payer, { ...stamp, environment: 'sandbox', vault: context.vault })).id
  const hasRules = await wasImported(tx, id, rules)
  if (!hasRules) await importRules(tx, id, rules, stamp)
  const hasPolicy = await context.policies.wasPublished(tx, id, policy)
  if (!hasPolicy) await context.policies.publish(tx, id, policy, stamp)
  return { payers: known ? 0 : 1, rules: hasRules ? 0 : 1, policies: hasPolicy ? 0 : 1 }
}

/** By any of its ids, so that a payer whose name or first id was changed is still known. */
async function findByWireId(tx: Tx, wireIds: readonly string[]): Promise<PayerId | undefined> {
  const payers = await listPayers(tx)
  return payers.find((payer) => payer.wireIds.some((id) => wireIds.includes(id)))?.id
}
