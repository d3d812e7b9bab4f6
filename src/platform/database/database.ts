import type { CompiledQuery, RawBuilder, Transaction } from 'kysely'
import { Problem } from '../../kernel/problem.ts'
import type { Engine } from './engine.ts'
import { isCollision, retrying } from './retry.ts'
import {
  currentOpening,
  literal,
  openingOf,
  type Session,
  type TransactionOptions,
  withOpening,
} from './session.ts'
import { DatabaseUnavailable } from './unavailable.ts'

export type { Session } from './session.ts'

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
   * @throws Problem `system/unavailable` when the database cannot be reached, is lost on the way (the work may then
   *   have been committed or not), takes too long, or keeps colliding; its cause is for the log
   * @throws Error when a transaction is already open in this call: the embedded engine would wait for itself
   */
  transaction<T>(session: Session, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * Runs one statement in a transaction of its own, in one round trip instead of three: for what is written all day.
   *
   * Its values travel as literals, and a server may log the text of a statement that fails: never PHI, never a secret.
   *
   * @param statement its values are texts
   * @throws as `transaction`
   */
  once(session: Session, statement: RawBuilder<unknown>): Promise<void>
}

export function databaseOf(engine: Engine, schema: string): Database {
  return {
    schema,
    engine,
    transaction: async (session, work, options) => {
      if (currentOpening()) throw new Error('a transaction is already open here; pass its tx on instead')
      const opening = openingOf(schema, session, options)
      // The driver reads the opening and sends it along with `begin`.
      const once = () => engine.kysely.transaction().execute(work)
      return withOpening(opening, () => retrying(once)).catch(atTheBorder)
    },
    once: async (session, statement) => {
      if (currentOpening()) throw new Error('a transaction is already open here; pass its tx on instead')
      // Several statements in one message are one transaction, and one that fails takes the others along.
      const script = `${openingOf(schema, session).statements}; ${spelledOut(statement.compile(engine.kysely))}`
      await retrying(() => engine.script(script)).catch(atTheBorder)
    },
  }
}

/** A statement with its values in it. */
function spelledOut({ sql, parameters }: CompiledQuery): string {
  return sql.replaceAll(/\$(\d+)/g, (_, place: string) => literal(String(parameters[Number(place) - 1])))
}

/** Turns what a caller can only wait for into a Problem; everything else stays what it is. */
function atTheBorder(error: unknown): never {
  if (error instanceof DatabaseUnavailable) {
    throw new Problem(
      'system/unavailable',
      error.why === 'too-slow'
        ? 'The database took too long over this request. Repeat it, with the same Idempotency-Key where there is one.'
        : 'The database is not answering right now. Repeat the request, with the same Idempotency-Key where there is one.',
      { retryAfterSeconds: 5, cause: error },
    )
  }
  if (isCollision(error)) {
    throw new Problem(
      'system/unavailable',
      'Others kept changing the same data. Nothing was stored; repeat the request.',
      { retryAfterSeconds: 1, cause: error },
    )
  }
  throw error
}
