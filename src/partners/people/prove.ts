import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Context, IDENTITY } from './deps.ts'
import type { Person } from './model.ts'
import * as store from './store.ts'
import { countAttempt, forgetAttempts } from './throttle.ts'

/** That somebody who is signed in proved once more who they are, just now. */
export interface Proof {
  readonly method: 'password'
  readonly at: Instant
}

/**
 * Has somebody who is signed in prove once more who they are, for an act that a session alone must not do.
 *
 * Counted for each person, wherever they call from: whoever guesses here holds their session already.
 *
 * @throws Problem `people/identity-unproven`; `request/too-many`
 */
export async function prove(
  { database, clock, limits, passwords }: Context,
  person: Person,
  password: string,
): Promise<Proof> {
  const now = clock.now()
  const found = await database.transaction(IDENTITY, async (tx) => {
    await countAttempt(tx, limits, 'proof/person', person.id, now)
    return store.findPersonToSignIn(tx, person.email)
  })
  const isRight = await passwords.verify(found?.passwordHash, password)
  const isTheirs = isRight && found?.id === person.id
  await database.transaction(IDENTITY, async (tx) => {
    if (isTheirs) await forgetAttempts(tx, 'proof/person', person.id)
    await record(tx, {
      at: clock.now(),
      actor: { kind: 'person', personId: person.id },
      act: 'person.prove',
      on: person.id,
      outcome: isTheirs ? 'done' : 'refused',
    })
  })
  if (!isTheirs)
    throw new Problem('people/identity-unproven', 'This is not your password. Nothing was done; try again.')
  return { method: 'password', at: now }
}
