import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import { type Context, IDENTITY } from './deps.ts'
import { hashToken } from './link.ts'
import type { Person } from './model.ts'
import * as store from './store.ts'

const ANOTHER = 'POST /api/sign-up/resend with your address for another.'

/**
 * Makes a person of whoever follows a link, once: all their links, and all other sign-ups of the address, end with it.
 *
 * @throws Problem `people/link-invalid` when the link is unknown, too old or used
 */
export function confirm(context: Context, token: string): Promise<Person> {
  const { database, clock } = context
  return database.transaction(IDENTITY, async (tx) => {
    const now = clock.now()
    const link = await store.lockLink(tx, hashToken(token))
    if (!link) throw new Problem('people/link-invalid', `There is no such link. ${ANOTHER}`)
    if (link.isConfirmed || link.passwordHash === undefined)
      throw new Problem('people/link-invalid', 'The link was used already: sign in instead.')
    if (link.expiresAt <= now) throw new Problem('people/link-invalid', `The link is too old. ${ANOTHER}`)
    const person: Person = { id: link.id, email: link.email }
    if (!(await store.insertPerson(tx, person, link.passwordHash, now)))
      throw new Problem('people/link-invalid', 'The address has an account already: sign in instead.')
    await store.closeSignUp(tx, person, now)
    await record(tx, {
      at: now,
      actor: { kind: 'person', personId: person.id },
      act: 'sign-up.confirm',
      on: person.id,
      outcome: 'done',
    })
    return person
  })
}
