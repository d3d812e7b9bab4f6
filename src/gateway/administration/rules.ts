import type { Actor } from '../../kernel/actor.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type PublishedPolicy, publishPolicy as publish } from '../../utilization/policies/index.ts'
import { importRules as importFile, type RuleImport } from '../../utilization/rules/index.ts'
import { findByOwnId } from '../payers/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** A file of a payer's, whose id is our own or one that senders know it by. */
interface OfPayer {
  readonly payer: string
}

/**
 * Puts a payer's determination rules in place of those before, which stay under their own version.
 *
 * @throws Problem `state/not-found` no such payer; `request/invalid` with every fault of the file
 */
export const importRules =
  (deps: AdministrationDeps) =>
  ({ payer, text }: OfPayer & { readonly text: string }, actor: Actor): Promise<RuleImport> =>
    asStaff(deps, payer, (tx, payerId) => importFile(tx, payerId, text, stamp(deps, actor)))

/**
 * Puts a payer's decision graph in force.
 *
 * @throws Problem `state/not-found` no such payer; `request/invalid` with every fault of the graph
 */
export const publishPolicy =
  (deps: AdministrationDeps) =>
  ({ payer, graph }: OfPayer & { readonly graph: unknown }, actor: Actor): Promise<PublishedPolicy> =>
    asStaff(deps, payer, (tx, payerId) => publish(tx, payerId, graph, stamp(deps, actor)))

function asStaff<T>(
  { database }: AdministrationDeps,
  payer: string,
  work: (tx: Tx, payerId: PayerId) => Promise<T>,
): Promise<T> {
  return database.transaction({ role: 'staff' }, async (tx) => {
    const known = await findByOwnId(tx, payer)
    if (!known) throw new Problem('state/not-found', 'No payer of this environment goes by this id.')
    return work(tx, known.id)
  })
}

function stamp({ clock, random }: AdministrationDeps, actor: Actor) {
  return { at: clock.now(), actor, random }
}
