import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { networkOf } from '../../platform/http/index.ts'
import { type Context, IDENTITY } from './deps.ts'
import { alreadyHaveAccountLetter, confirmationLetter } from './letters.ts'
import { linkTo, makeLink } from './link.ts'
import { SANDBOX_TERMS_VERSION, type Visitor } from './model.ts'
import { weaknesses } from './password-strength.ts'
import * as store from './store.ts'
import { countAttempt } from './throttle.ts'

export interface SignUpRequest {
  readonly email: string
  readonly password: string
  readonly company: string
}

/**
 * Asks for an account. Whether or not the address is known, the same work is done and one letter is sent, so that neither
 * the answer nor its time tells which; the letter does.
 *
 * @throws Problem `people/password-weak`, `request/too-many`; `system/unavailable` when the letter could not be sent
 */
export async function signUp(context: Context, request: SignUpRequest, visitor: Visitor): Promise<void> {
  const { database, clock, random, passwords, limits } = context
  const email = request.email.toLowerCase()
  const company = request.company.trim()
  const faults = weaknesses(request.password, { email, company })
  if (faults.length > 0) throw new Problem('people/password-weak', 'Choose another password.', { faults })

  await database.transaction(IDENTITY, async (tx) => {
    await countAttempt(tx, limits, 'sign-up/visitor', networkOf(visitor.address), clock.now())
    await countAttempt(tx, limits, 'sign-up/email', email, clock.now())
  })
  const passwordHash = await passwords.hash(request.password)

  const now = clock.now()
  const token = await database.transaction(IDENTITY, async (tx) => {
    const person = await store.findPerson(tx, email)
    const id = person?.id ?? mintId('person', now, random)
    await record(tx, {
      at: now,
      actor: { kind: 'anonymous' },
      act: person ? 'sign-up.repeat' : 'sign-up.request',
      on: id,
      outcome: 'done',
    })
    if (person) return undefined
    const terms = { version: SANDBOX_TERMS_VERSION, acceptedAt: now }
    await store.insertSignUp(tx, { id, email, passwordHash, founding: { company, terms }, requestedAt: now })
    return makeLink(tx, random, id, now)
  })
  await post(context, email, token)
}

/** Sends the link; or, without one, says that there is an account. */
export async function post(context: Context, email: string, token: string | undefined): Promise<void> {
  const portalUrl = context.portalUrl()
  const letter = token
    ? confirmationLetter(email, linkTo(portalUrl, token))
    : alreadyHaveAccountLetter(email, portalUrl)
  try {
    await context.mailer.send(letter)
  } catch (cause) {
    throw new Problem('system/unavailable', 'The mail could not be sent; ask for another in a minute.', {
      cause,
      retryAfterSeconds: 60,
    })
  }
}
