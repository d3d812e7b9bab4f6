import { sql } from 'kysely'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Founding, Person } from './model.ts'

type Tables = {
  people: {
    id: string
    email: string
    email_verified: boolean
    name: string
    created_at: string
    updated_at: string
  }
  accounts: {
    id: string
    person_id: string
    provider_id: string
    account_id: string
    password: string | null
    created_at: string
    updated_at: string
  }
  sign_ups: {
    id: string
    email: string
    password: string | null
    company: string
    terms_version: string
    terms_accepted_at: string
    requested_at: string
    confirmed_at: string | null
  }
  links: { token_hash: Uint8Array; sign_up_id: string; sent_at: string; expires_at: string }
  attempts: { key: Uint8Array; began_at: string; count: number }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()
const instant = (text: string) => Date.parse(text) as Instant

export interface SignUp {
  readonly id: PersonId
  readonly email: string
  readonly passwordHash: string
  readonly founding: Founding
  readonly requestedAt: Instant
}

export async function insertSignUp(tx: Tx, signUp: SignUp): Promise<void> {
  const { founding } = signUp
  await db(tx)
    .insertInto('sign_ups')
    .values({
      id: signUp.id,
      email: signUp.email,
      password: signUp.passwordHash,
      company: founding.company,
      terms_version: founding.terms.version,
      terms_accepted_at: moment(founding.terms.acceptedAt),
      requested_at: moment(signUp.requestedAt),
      confirmed_at: null,
    })
    .execute()
}

export interface Link {
  readonly tokenHash: Uint8Array
  readonly signUpId: PersonId
  readonly sentAt: Instant
  readonly expiresAt: Instant
}

export async function insertLink(tx: Tx, link: Link): Promise<void> {
  await db(tx)
    .insertInto('links')
    .values({
      token_hash: link.tokenHash,
      sign_up_id: link.signUpId,
      sent_at: moment(link.sentAt),
      expires_at: moment(link.expiresAt),
    })
    .execute()
}

export async function findPerson(tx: Tx, email: string): Promise<Person | undefined> {
  const row = await db(tx)
    .selectFrom('people')
    .select(['id', 'email'])
    .where('email', '=', email)
    .executeTakeFirst()
  return row && { id: row.id as PersonId, email: row.email }
}

/** The addresses of people; one of whom there is none is left out. */
export async function findEmails(tx: Tx, ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db(tx).selectFrom('people').select(['id', 'email']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, email }) => [id as PersonId, email]))
}

/** A person as their password is checked. */
export async function findPersonToSignIn(
  tx: Tx,
  email: string,
): Promise<{ readonly id: PersonId; readonly passwordHash: string } | undefined> {
  const row = await db(tx)
    .selectFrom('people')
    .innerJoin('accounts', 'accounts.person_id', 'people.id')
    .select(['people.id', 'accounts.password'])
    .where('people.email', '=', email)
    .where('accounts.provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ? { id: row.id as PersonId, passwordHash: row.password } : undefined
}

/** The newest sign-up of an address that nobody confirmed, made since `since`. */
export async function findWaitingSignUp(
  tx: Tx,
  email: string,
  since: Instant,
): Promise<{ readonly id: PersonId; readonly passwordHash: string } | undefined> {
  const row = await db(tx)
    .selectFrom('sign_ups')
    .select(['id', 'password'])
    .where('email', '=', email)
    .where('confirmed_at', 'is', null)
    .where('requested_at', '>', moment(since))
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row?.password ? { id: row.id as PersonId, passwordHash: row.password } : undefined
}

/** The link and its sign-up, held until the transaction ends, so that of two who follow it one waits for the other. */
export async function lockLink(tx: Tx, tokenHash: Uint8Array) {
  const row = await db(tx)
    .selectFrom('links')
    .innerJoin('sign_ups', 'sign_ups.id', 'links.sign_up_id')
    .select([
      'links.expires_at',
      'sign_ups.id',
      'sign_ups.email',
      'sign_ups.password',
      'sign_ups.confirmed_at',
    ])
    .where('links.token_hash', '=', tokenHash)
    .forUpdate('sign_ups')
    .executeTakeFirst()
  return (
    row && {
      id: row.id as PersonId,
      email: row.email,
      passwordHash: row.password ?? undefined,
      isConfirmed: row.confirmed_at !== null,
      expiresAt: instant(row.expires_at),
    }
  )
}

/** @returns false when the address belongs to a person already */
export async function insertPerson(
  tx: Tx,
  person: Person,
  passwordHash: string,
  now: Instant,
): Promise<boolean> {
  const at = moment(now)
  const inserted = await db(tx)
    .insertInto('people')
    .values({ ...person, email_verified: true, name: '', created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return false
  await db(tx)
    .insertInto('accounts')
    .values({
      id: person.id,
      person_id: person.id,
      provider_id: 'credential',
      account_id: person.id,
      password: passwordHash,
      created_at: at,
      updated_at: at,
    })
    .execute()
  return true
}

/** The hash now stands with the person; other sign-ups of the address, whoever made them, come to nothing. */
export async function closeSignUp(tx: Tx, person: Person, now: Instant): Promise<void> {
  await db(tx)
    .updateTable('sign_ups')
    .set({ confirmed_at: moment(now), password: null })
    .where('id', '=', person.id)
    .execute()
  await db(tx)
    .deleteFrom('sign_ups')
    .where('email', '=', person.email)
    .where('confirmed_at', 'is', null)
    .execute()
}

export async function findFounding(tx: Tx, personId: PersonId): Promise<Founding | undefined> {
  const row = await db(tx)
    .selectFrom('sign_ups')
    .select(['company', 'terms_version', 'terms_accepted_at'])
    .where('id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  return (
    row && {
      company: row.company,
      terms: { version: row.terms_version, acceptedAt: instant(row.terms_accepted_at) },
    }
  )
}

export async function countAttempt(
  tx: Tx,
  key: Uint8Array,
  now: Instant,
  windowMs: number,
): Promise<{ readonly count: number; readonly beganAt: Instant }> {
  const windowBegan = moment((now - windowMs) as Instant)
  const row = await db(tx)
    .insertInto('attempts')
    .values({ key, began_at: moment(now), count: 1 })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        count: sql`case when attempts.began_at <= ${windowBegan}::timestamptz then 1 else attempts.count + 1 end`,
        began_at: sql`case when attempts.began_at <= ${windowBegan}::timestamptz then excluded.began_at else attempts.began_at end`,
      }),
    )
    .returning(['count', 'began_at'])
    .executeTakeFirstOrThrow()
  return { count: row.count, beganAt: instant(row.began_at) }
}

export async function forgetAttempts(tx: Tx, key: Uint8Array): Promise<void> {
  await db(tx).deleteFrom('attempts').where('key', '=', key).execute()
}

/** Deletes sign-ups nobody confirmed, counts of windows long over, and sessions that ended. */
export async function prune(
  tx: Tx,
  before: { readonly signUps: Instant; readonly attempts: Instant; readonly sessions: Instant },
): Promise<void> {
  await db(tx)
    .deleteFrom('sign_ups')
    .where('confirmed_at', 'is', null)
    .where('requested_at', '<', moment(before.signUps))
    .execute()
  await db(tx).deleteFrom('attempts').where('began_at', '<', moment(before.attempts)).execute()
  await sql`delete from sessions where expires_at < ${moment(before.sessions)}::timestamptz`.execute(tx)
}
