import { createHash } from 'node:crypto'
import { ZenEngine } from '@gorules/zen-engine'
import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId, type PayerId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { decideBy, type LoadedPolicy } from './decide.ts'
import { lint } from './lint.ts'
import type { PolicyDecision, PolicyId, PolicyInputs, PublishedPolicy } from './model.ts'
import * as store from './store.ts'

export interface PublishContext {
  readonly actor: Actor
  readonly at: Instant
  readonly random: Random
}

/** Decides one line's facts by the policy that was in force when it was asked for. */
export type Decide = (inputs: PolicyInputs) => Promise<PolicyDecision>

/** The policies of the payers of one process, each read once and kept ready. */
export interface Policies {
  /**
   * Puts a decision graph in force for a payer, in place of the one before, which stays under its own version. Recorded
   * for audit in the same transaction.
   *
   * @param tx    as `staff` or `worker`
   * @param graph a JDM document, as parsed from JSON
   * @throws Problem `request/invalid` with every fault that `lint` finds, each at its JSON pointer
   */
  publish(tx: Tx, payerId: PayerId, graph: unknown, context: PublishContext): Promise<PublishedPolicy>
  /** Whether exactly this graph was published for the payer before, in force or since replaced. */
  wasPublished(tx: Tx, payerId: PayerId, graph: unknown): Promise<boolean>
  /** The payer's policy in force; a payer that has none pends everything to a reviewer. */
  of(tx: Tx, payerId: PayerId): Promise<Decide>
  /** Gives the engine's memory back; nothing can be decided afterwards. */
  dispose(): void
}

/** Policies kept ready at once; beyond that the one that was read first is let go. */
const KEPT_READY = 500

export function openPolicies(): Policies {
  const engine = new ZenEngine()
  const ready = new Map<PolicyId, LoadedPolicy>()
  let disposed = false

  const load = async (tx: Tx, published: PublishedPolicy): Promise<LoadedPolicy> => {
    const known = ready.get(published.id)
    if (known) return known
    const checked = lint(await store.selectGraph(tx, published.id))
    if (!checked.ok) throw new Error(`policy ${published.id} no longer passes the checks it was published by`)
    const loaded = { ...published, ...checked.value, decision: engine.createDecision(checked.value.graph) }
    const [oldest] = ready.keys()
    if (ready.size >= KEPT_READY && oldest !== undefined) ready.delete(oldest)
    ready.set(published.id, loaded)
    return loaded
  }

  return {
    publish: publishPolicy,
    wasPublished: (tx, payerId, graph) => store.hasPolicy(tx, payerId, checksumOf(graph)),
    of: async (tx, payerId) => {
      if (disposed) throw new Error('the policies are closed')
      const published = await store.newestPolicy(tx, payerId)
      if (!published) return async () => NO_POLICY
      const policy = await load(tx, published)
      return (inputs) => decideBy(policy, inputs)
    },
    dispose: () => {
      disposed = true
      ready.clear()
      engine.dispose()
    },
  }
}

/**
 * Puts a decision graph in force for a payer.
 *
 * @see Policies.publish
 */
export async function publishPolicy(
  tx: Tx,
  payerId: PayerId,
  graph: unknown,
  { actor, at, random }: PublishContext,
): Promise<PublishedPolicy> {
  const checked = lint(graph)
  if (!checked.ok)
    throw new Problem(
      'request/invalid',
      'The policy was not published. Mend each place named, then publish again.',
      {
        faults: checked.faults,
      },
    )
  await store.lockPolicies(tx, payerId)
  const version = ((await store.newestPolicy(tx, payerId))?.version ?? 0) + 1
  const id = mintId('policy', at, random)
  const checksum = checksumOf(graph)
  await store.insertPolicy(tx, { id, version, payerId, at, graph: checked.value.graph, checksum })
  const detail = { policy: id, version }
  await record(tx, { at, actor, act: 'policy.publish', on: payerId, outcome: 'done', detail }, random)
  return { id, version }
}

const NO_POLICY: PolicyDecision = {
  outcome: 'pend',
  waitingFor: 'reviewer',
  reason: 'The payer has no policy in force, so a reviewer decides.',
}

function checksumOf(graph: unknown): Uint8Array {
  return new Uint8Array(createHash('sha256').update(JSON.stringify(graph), 'utf8').digest())
}
