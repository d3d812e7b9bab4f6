import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { KeyFileUnfit, PEPPER_SPREADS_MS } from '../../platform/secrets/index.ts'
import { secretsByPepper } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** A pepper without its key. */
export interface ListedPepper {
  readonly id: string
  readonly createdAt: Instant
  /** `current`: new secrets are hashed with it; `next`: they will be; `old`: kept for the secrets it has. */
  readonly state: 'old' | 'current' | 'next'
  readonly liveSecrets: number
}

/** The peppers of the environment, oldest first, and how many live secrets each still has. */
export const peppers =
  ({ database, clock, peppers: ring }: AdministrationDeps) =>
  async (_request: Readonly<Record<string, never>> = {}): Promise<readonly ListedPepper[]> => {
    await ring.refresh().catch(orUnavailable)
    const now = clock.now()
    const secrets = await database.transaction({ role: 'staff' }, (tx) => secretsByPepper(tx, now))
    const all = ring.list()
    const current = all.findIndex(({ id }) => id === ring.current(now).id)
    return all.map(({ id, createdAt }, i) => ({
      id,
      createdAt,
      state: i === current ? 'current' : i > current ? 'next' : 'old',
      liveSecrets: secrets.get(id) ?? 0,
    }))
  }

/**
 * Adds a pepper. New secrets are hashed with it ten minutes later, so that every node has learned of it by then; those
 * there are keep theirs until they are replaced.
 *
 * @returns its id, and when it will be current
 */
export const addPepper =
  ({ database, clock, peppers: ring, record }: AdministrationDeps) =>
  async (
    _request: Readonly<Record<string, never>>,
    actor: Actor,
  ): Promise<{ readonly id: string; readonly currentFrom: Instant }> => {
    const { id, createdAt } = await ring.add(clock.now()).catch(orUnavailable)
    const entry = { at: clock.now(), actor, act: 'pepper.add', on: id, outcome: 'done' } as const
    await database.transaction({ role: 'staff' }, (tx) => record(tx, entry))
    return { id, currentFrom: (createdAt + PEPPER_SPREADS_MS) as Instant }
  }

/**
 * Removes a pepper that no live secret needs, for good.
 *
 * @throws Problem `state/not-found`; `state/moved-on` live secrets need it, or it is not old, or the one after it has not
 *         been current for ten minutes, in which a node may have made a secret with it
 */
export const retirePepper =
  (deps: AdministrationDeps) =>
  async ({ pepperId }: { readonly pepperId: string }, actor: Actor): Promise<void> => {
    const { database, clock, peppers: ring, record } = deps
    const listed = await peppers(deps)()
    const pepper = listed.find(({ id }) => id === pepperId)
    if (!pepper) throw new Problem('state/not-found', 'There is no such pepper in this environment.')
    if (pepper.state !== 'old')
      throw new Problem(
        'state/moved-on',
        'The pepper is in use for new secrets, or will be. Add another first.',
      )
    if (pepper.liveSecrets > 0)
      throw new Problem(
        'state/moved-on',
        `${pepper.liveSecrets} live secrets need this pepper. Have them replaced, and wait until they have ended.`,
      )
    const now = clock.now()
    if (now < ring.current(now).createdAt + 2 * PEPPER_SPREADS_MS)
      throw new Problem('state/moved-on', 'Another pepper became current just now. Wait ten minutes.')
    await ring.retire(pepperId)
    const entry = { at: now, actor, act: 'pepper.retire', on: pepperId, outcome: 'done' } as const
    await database.transaction({ role: 'staff' }, (tx) => record(tx, entry))
  }

/** What is wrong with the file, in words that say what to do: an operator reads this, over a way of their own. */
function orUnavailable(error: unknown): never {
  if (error instanceof KeyFileUnfit) throw new Problem('system/unavailable', error.message)
  throw error
}
