import { record } from '../../audit/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OperatorsDeps } from './deps.ts'
import type { GrantedRole, OperatorRole } from './model.ts'
import { personBehind } from './person.ts'
import * as store from './store.ts'

export interface Withdrawal {
  readonly email: string
  /** All of theirs when absent. */
  readonly role?: OperatorRole
  /** Both when absent. */
  readonly environment?: Environment
}

/**
 * Takes roles away: refused from the very next call on. Again it changes nothing.
 *
 * @returns what was withdrawn by this; empty when they held nothing of it
 * @throws Problem `state/not-found` nobody has confirmed this address
 */
export async function withdraw(
  deps: OperatorsDeps,
  { email, role, environment }: Withdrawal,
  actor: Actor,
): Promise<readonly GrantedRole[]> {
  const person = await personBehind(deps, email)
  return deps.database.transaction({ role: 'staff' }, async (tx) => {
    await store.lockPerson(tx, person.id)
    const now = deps.clock.now()
    const by = actor.kind === 'person' ? actor.personId : undefined
    const ending = (await store.findInForce(tx, person.id)).filter(
      (held) =>
        (role === undefined || held.role === role) &&
        (environment === undefined || held.environment === environment),
    )
    await store.markWithdrawn(
      tx,
      ending.map(({ id }) => id),
      now,
      by,
    )
    for (const held of ending)
      await record(tx, {
        at: now,
        actor,
        act: 'operator.withdraw',
        on: person.id,
        outcome: 'done',
        detail: { role: held.role, environment: held.environment },
      })
    return ending.map((held) => ({ ...held, withdrawnAt: now, ...(by && { withdrawnBy: by }) }))
  })
}
