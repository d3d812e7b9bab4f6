import { AsyncLocalStorage } from 'node:async_hooks'
import { sql, type Transaction } from 'kysely'
import type { Engine } from './engine.ts'

/**
 * As whom a transaction runs. Row-level security shows each role what its setting names and nothing else; a store
 * never chooses.
 */
export type Session =
  /** A company's own calls: it sees the cases it takes part in. */
  | { readonly role: 'tenant'; readonly organization: string }
  /** The operator's people and the administration API. */
  | { readonly role: 'staff' }
  /** The platform's own duties: keys, jobs, seeding. */
  | { readonly role: 'worker' }
  /** The token endpoint, before it knows who calls: one client's row. */
  | { readonly role: 'client_lookup'; readonly client: string }

/** An open transaction. A store adds its own tables with `tx.withTables<...>()`. */
export type Tx = Transaction<Record<never, never>>

/** One schema of one engine: the control plane's, or one environment's. A store cannot name another. */
export interface Database {
  readonly schema: string
  readonly engine: Engine
  /**
   * Runs `work` in one transaction as `session`; commits when it resolves, rolls back when it throws.
   *
   * Serialization failures and deadlocks (40001, 40P01) are retried, so `work` must do nothing but use `tx`.
   *
   * @throws Error when a transaction is already open in this call: the embedded engine would wait for itself
   */
  transaction<T>(session: Session, work: (tx: Tx) => Promise<T>): Promise<T>
}

const open = new AsyncLocalStorage<true>()
const RETRIED = new Set(['40001', '40P01'])
const ATTEMPTS = 4

export function databaseOf(engine: Engine, schema: string): Database {
  const once = <T>(session: Session, work: (tx: Tx) => Promise<T>) =>
    engine.kysely.transaction().execute(async (tx) => {
      await assume(tx, schema, session)
      return work(tx)
    })
  return {
    schema,
    engine,
    transaction: (session, work) => {
      if (open.getStore()) throw new Error('a transaction is already open here; pass its tx on instead')
      return open.run(true, () => retrying(() => once(session, work)))
    },
  }
}

/** Sets role, schema and tenant for this transaction alone; each setting is written every time, so none is inherited. */
async function assume(tx: Tx, schema: string, session: Session): Promise<void> {
  const organization = session.role === 'tenant' ? session.organization : ''
  const client = session.role === 'client_lookup' ? session.client : ''
  await sql`select set_config('role', ${`${schema}_${session.role}`}, true),
    set_config('search_path', ${schema}, true),
    set_config('app.organization', ${organization}, true),
    set_config('app.client', ${client}, true)`.execute(tx)
}

async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const code = (error as { code?: unknown }).code
      if (tries >= ATTEMPTS || typeof code !== 'string' || !RETRIED.has(code)) throw error
    }
  }
}
