import { record } from '../../audit/index.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { confirm } from './confirm.ts'
import { type Context, IDENTITY } from './deps.ts'
import { type Cookies, type Founding, type Person, SIGN_UP_KEPT_MS, type Visitor } from './model.ts'
import { passwordHash } from './password-hash.ts'
import { type Proof, prove } from './prove.ts'
import { resend } from './resend.ts'
import { openSessions } from './sessions.ts'
import { type SignedIn, signIn } from './sign-in.ts'
import { type SignUpRequest, signUp } from './sign-up.ts'
import * as store from './store.ts'
import { LIMITS, type Limits } from './throttle.ts'

export interface PeopleDeps extends Omit<Context, 'passwords' | 'sessions' | 'limits'> {
  /** Signs session cookies: 32 characters or more of chance, kept outside the database, the same at every start. */
  readonly cookieSecret: string
  readonly limits?: Partial<Limits>
  /** Hears of work that failed after its answer. */
  readonly onError: (error: unknown) => void
}

export interface People {
  /** @see signUp */
  signUp(request: SignUpRequest, visitor: Visitor): Promise<void>
  /** Sends another letter, after it has resolved. @throws Problem `request/too-many` */
  resend(email: string, visitor: Visitor): Promise<void>
  /** Confirms the address and signs in. @throws Problem `people/link-invalid` */
  confirm(token: string, visitor: Visitor): Promise<SignedIn>
  /** @see signIn */
  signIn(request: { readonly email: string; readonly password: string }, visitor: Visitor): Promise<SignedIn>
  signOut(visitor: Visitor): Promise<Cookies>
  /** @see prove */
  prove(person: Person, password: string): Promise<Proof>
  /** Who is signed in; undefined when nobody is. */
  current(visitor: Visitor): Promise<SignedIn | undefined>
  /** Whose address this is, capitals aside; undefined while nobody has shown that it is theirs. */
  find(email: string): Promise<Person | undefined>
  /** The addresses of people, by their id. */
  emailsOf(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string>>
  /** What a person said of their company at sign-up; undefined for one who came another way. */
  founding(personId: PersonId): Promise<Founding | undefined>
  /** Deletes what is past its time. For a timer, hourly. */
  prune(): Promise<void>
  /** Resolves when no work is left that was begun after an answer. */
  settled(): Promise<void>
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Opens the slice. Nothing is read or written before its first use. */
export function openPeople(deps: PeopleDeps): People {
  const { cookieSecret, limits, onError, ...rest } = deps
  if (cookieSecret.length < 32) throw new Error('the cookie secret has fewer than 32 characters')
  const passwords = passwordHash(rest.random)
  const sessions = openSessions({ database: rest.database, secret: cookieSecret })
  const context: Context = { ...rest, passwords, sessions, limits: { ...LIMITS, ...limits } }
  const errands = new Set<Promise<void>>()
  const later = (work: () => Promise<void>) => {
    const errand = work()
      .catch(onError)
      .finally(() => errands.delete(errand))
    errands.add(errand)
  }
  return {
    signUp: (request, visitor) => signUp(context, request, visitor),
    resend: async (email, visitor) => later(await resend(context, email, visitor)),
    confirm: async (token, visitor) => {
      const person = await confirm(context, token)
      return { person, cookies: await sessions.open(person.id, visitor) }
    },
    signIn: (request, visitor) => signIn(context, request, visitor),
    prove: (person, password) => prove(context, person, password),
    signOut: (visitor) => signOut(context, visitor),
    current: (visitor) => sessions.current(visitor),
    find: (email) =>
      context.database.transaction(IDENTITY, (tx) => store.findPerson(tx, email.trim().toLowerCase())),
    emailsOf: (ids) => context.database.transaction(IDENTITY, (tx) => store.findEmails(tx, ids)),
    founding: (personId) => context.database.transaction(IDENTITY, (tx) => store.findFounding(tx, personId)),
    prune: () => prune(context),
    settled: async () => {
      await Promise.all(errands)
    },
  }
}

async function signOut(context: Context, visitor: Visitor): Promise<Cookies> {
  const { database, clock, sessions } = context
  const current = await sessions.current(visitor)
  const cookies = await sessions.signOut(visitor)
  if (current) {
    const { id } = current.person
    await database.transaction(IDENTITY, (tx) =>
      record(tx, {
        at: clock.now(),
        actor: { kind: 'person', personId: id },
        act: 'person.sign-out',
        on: id,
        outcome: 'done',
      }),
    )
  }
  return cookies
}

async function prune({ database, clock }: Context): Promise<void> {
  const now = clock.now()
  await database.transaction(IDENTITY, (tx) =>
    store.prune(tx, {
      signUps: (now - SIGN_UP_KEPT_MS) as Instant,
      attempts: (now - DAY_MS) as Instant,
      sessions: now,
    }),
  )
}
