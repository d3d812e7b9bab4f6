import { record } from '../../audit/index.ts'
import type { Instant } from '../../kernel/time.ts'
import { networkOf } from '../../platform/http/index.ts'
import { type Context, IDENTITY } from './deps.ts'
import { makeLink } from './link.ts'
import { SIGN_UP_KEPT_MS, type Visitor } from './model.ts'
import { post } from './sign-up.ts'
import * as store from './store.ts'
import { countAttempt } from './throttle.ts'

/**
 * Counts the wish for another letter; the caller may answer then.
 *
 * @returns the rest of the work, for after the answer: what it finds and how long that takes stays ours
 * @throws Problem `request/too-many`
 */
export async function resend(
  context: Context,
  wanted: string,
  visitor: Visitor,
): Promise<() => Promise<void>> {
  const { database, clock, limits } = context
  const email = wanted.toLowerCase()
  await database.transaction(IDENTITY, async (tx) => {
    await countAttempt(tx, limits, 'resend/visitor', networkOf(visitor.address), clock.now())
    await countAttempt(tx, limits, 'resend/email', email, clock.now())
  })
  return () => sendAnother(context, email)
}

/** A new link for the newest sign-up that waits; a word about the account where there is one; else nothing. */
async function sendAnother(context: Context, email: string): Promise<void> {
  const { database, clock, random } = context
  const now = clock.now()
  const found = await database.transaction(IDENTITY, async (tx) => {
    const person = await store.findPerson(tx, email)
    const waiting = person
      ? undefined
      : await store.findWaitingSignUp(tx, email, (now - SIGN_UP_KEPT_MS) as Instant)
    const on = person?.id ?? waiting?.id
    if (!on) return undefined
    await record(tx, { at: now, actor: { kind: 'anonymous' }, act: 'sign-up.resend', on, outcome: 'done' })
    return { token: waiting && (await makeLink(tx, random, waiting.id, now)) }
  })
  if (found) await post(context, email, found.token)
}
