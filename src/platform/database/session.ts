import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * As whom a transaction runs. Row-level security shows each role what its setting names and nothing else; a store
 * never chooses.
 */
export type Session =
  /**
   * A company's own calls: it sees the cases that it sent, or that name a provider whom it acts for.
   *
   * `providers` are NPIs; `any` where it need not say for whom it acts, which shows it what it sent itself; absent, none.
   */
  | {
      readonly role: 'tenant'
      readonly organization: string
      readonly providers?: readonly string[] | 'any'
    }
  /** The operator's people and the administration API. Of the cases they see those of the payers named; absent, none. */
  | { readonly role: 'staff'; readonly payers?: readonly string[] | 'all' }
  /** The platform's own duties: keys, jobs, seeding. */
  | { readonly role: 'worker' }
  /** The token endpoint, before it knows who calls: one client's row. */
  | { readonly role: 'client_lookup'; readonly client: string }
  /** Signing up and in, control plane only: people's own tables, and nothing else but the audit record. */
  | { readonly role: 'identity' }

export interface TransactionOptions {
  /** `read committed` when absent. The stricter two may be retried, as a deadlock may. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** The database refuses every write (SQLSTATE 25006). */
  readonly readOnly?: boolean
}

/** What a transaction is told before anything else runs in it. */
export interface Opening {
  /** Schema and role: a plan that was prepared under one pair is of no use under another. */
  readonly plan: string
  /** SQL, several statements, for right after `begin`. Each setting is written every time, so that none is inherited. */
  readonly statements: string
}

/**
 * Who a transaction belongs to, as SQL. The values are written as literals so that they travel with `begin` in one
 * round trip.
 *
 * The role is set even where the connection's own user could read nothing: the embedded engine's user is a superuser,
 * whom no policy binds. SQL inside the transaction could say `reset role` or name another role. That is not defended
 * against: all SQL is written in our stores and none of it by a caller, whose values only ever arrive as parameters.
 */
export function openingOf(schema: string, session: Session, options: TransactionOptions = {}): Opening {
  const organization = session.role === 'tenant' ? session.organization : ''
  const client = session.role === 'client_lookup' ? session.client : ''
  return {
    plan: `${schema}.${session.role}`,
    statements: [
      ...characteristics(options),
      `set local role ${schema}_${session.role}`,
      `set local search_path to ${session.role === 'identity' ? `${schema}_identity, ${schema}` : schema}`,
      `set local app.organization to ${literal(organization)}`,
      `set local app.client to ${literal(client)}`,
      `set local app.providers to ${literal(providersOf(session))}`,
      `set local app.payers to ${literal(payersOf(session))}`,
    ].join('; '),
  }
}

/** The database's own spelling of "whichever". Nobody's NPI or payer id is one. */
const WHICHEVER = '*'

function providersOf(session: Session): string {
  if (session.role !== 'tenant' || session.providers === undefined) return ''
  return session.providers === 'any' ? WHICHEVER : listed(session.providers)
}

function payersOf(session: Session): string {
  if (session.role !== 'staff' || session.payers === undefined) return ''
  return session.payers === 'all' ? WHICHEVER : listed(session.payers)
}

/** What could be read as two, or as all, names nobody. */
function listed(names: readonly string[]): string {
  return names.filter((name) => !name.includes(',') && name !== WHICHEVER).join(',')
}

function characteristics({ isolation, readOnly }: TransactionOptions): readonly string[] {
  const wanted = [
    ...(isolation === undefined ? [] : [`isolation level ${isolation}`]),
    ...(readOnly === true ? ['read only'] : []),
  ]
  return wanted.length === 0 ? [] : [`set transaction ${wanted.join(', ')}`]
}

/**
 * A text as an SQL literal, read alike whatever `standard_conforming_strings` says. PostgreSQL cannot hold the character
 * NUL, and it would end the statement: such a text names nobody, so it becomes the empty one, which matches nothing.
 */
export function literal(text: string): string {
  if (text.includes('\0')) return "''"
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

interface Running {
  readonly opening: Opening
  ended: boolean
}

const running = new AsyncLocalStorage<Running | undefined>()

/** The opening of the transaction that is open in this call, if one is. */
export function currentOpening(): Opening | undefined {
  const here = running.getStore()
  return here === undefined || here.ended ? undefined : here.opening
}

/** Runs `work` as the one transaction of this call; work that outlives it is not taken for a part of it. */
export async function withOpening<T>(opening: Opening, work: () => Promise<T>): Promise<T> {
  const here: Running = { opening, ended: false }
  try {
    return await running.run(here, work)
  } finally {
    here.ended = true
  }
}

/**
 * Runs something that is no part of the transaction that may be open here: a loop, a timer or a batch that was merely
 * started by a call, and that opens transactions of its own.
 */
export function apart<T>(work: () => T): T {
  return running.run(undefined, work)
}
