import { record } from '../../audit/index.ts'
import type { PersonId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { networkOf } from '../../platform/http/index.ts'
import { type Context, IDENTITY } from './deps.ts'
import { type Cookies, type Person, SIGN_UP_KEPT_MS, type Visitor } from './model.ts'
import * as store from './store.ts'
import { countAttempt, forgetAttempts } from './throttle.ts'

export interface SignedIn {
  readonly person: Person
  readonly cookies: Cookies
}

/**
 * Signs a person in. Every refusal takes the same queries and one password hash, so that its time does not tell whether the
 * address belongs to anybody.
 *
 * @throws Problem `people/sign-in-refused`; `people/not-verified`, to somebody who knows the password of a sign-up that
 *         waits for its confirmation; `request/too-many`
 */
export async function signIn(
  context: Context,
  request: { readonly email: string; readonly password: string },
  visitor: Visitor,
): Promise<SignedIn> {
  const { database, clock, limits, passwords, sessions } = context
  const email = request.email.toLowerCase()
  const now = clock.now()
  const both = `${networkOf(visitor.address)}\n${email}`
  const { person, waiting } = await database.transaction(IDENTITY, async (tx) => {
    await countAttempt(tx, limits, 'sign-in/visitor', networkOf(visitor.address), now)
    await countAttempt(tx, limits, 'sign-in/visitor-and-email', both, now)
    return {
      person: await store.findPersonToSignIn(tx, email),
      waiting: await store.findWaitingSignUp(tx, email, (now - SIGN_UP_KEPT_MS) as Instant),
    }
  })
  const found = person ?? waiting
  const isRight = await passwords.verify(found?.passwordHash, request.password)
  if (!isRight || !person) {
    await note(context, 'refused', found?.id)
    if (!isRight) throw new Problem('people/sign-in-refused', 'Check the address and the password.')
    throw new Problem('people/not-verified', 'Follow the link in the mail we sent you, or ask for another.')
  }
  const cookies = await sessions.open(person.id, visitor)
  await note(context, 'done', person.id, both)
  return { person: { id: person.id, email }, cookies }
}

async function note(
  context: Context,
  outcome: 'done' | 'refused',
  on: PersonId | undefined,
  forget?: string,
): Promise<void> {
  const { database, clock } = context
  await database.transaction(IDENTITY, async (tx) => {
    if (forget !== undefined) await forgetAttempts(tx, 'sign-in/visitor-and-email', forget)
    await record(tx, {
      at: clock.now(),
      actor: outcome === 'done' && on ? { kind: 'person', personId: on } : { kind: 'anonymous' },
      act: 'person.sign-in',
      ...(on === undefined ? {} : { on }),
      outcome,
    })
  })
}
