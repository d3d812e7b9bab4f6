import type { PGlite, Transaction } from '@electric-sql/pglite'
import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { currentOpening } from './session.ts'
import { whyNotAnswered, withoutValues } from './unavailable.ts'

/**
 * Kysely's way to the embedded engine. It differs from Kysely's own in that a transaction begins as its session, that
 * isolation and access mode are heeded, and that errors are told apart. Kysely gives the one connection to one caller
 * at a time.
 */
export class EmbeddedDriver implements Driver {
  readonly #connection: EmbeddedConnection

  constructor(pglite: PGlite, name: string) {
    this.#connection = new EmbeddedConnection(pglite, name)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.#connection.begin(
      [...characteristics(settings), currentOpening()?.statements ?? ''].join('; '),
    )
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.end('commit')
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.end('rollback')
  }

  async savepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#connection.command(`savepoint "${name}"`)
  }

  async rollbackToSavepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#connection.command(`rollback to savepoint "${name}"`)
  }

  async releaseSavepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#connection.command(`release savepoint "${name}"`)
  }

  async releaseConnection(): Promise<void> {}

  /** The engine belongs to whoever opened it. */
  async destroy(): Promise<void> {}
}

function characteristics({ isolationLevel, accessMode }: TransactionSettings): readonly string[] {
  const wanted = [
    ...(isolationLevel ? [`isolation level ${isolationLevel}`] : []),
    ...(accessMode ? [accessMode] : []),
  ]
  return wanted.length === 0 ? [] : [`set transaction ${wanted.join(', ')}`]
}

/** Thrown inside the engine's own transaction, so that it rolls back; goes no further. */
const ROLLED_BACK = Symbol('rolled back')

interface Open {
  readonly tx: Transaction
  /** Lets the engine's own transaction end. */
  readonly finish: PromiseWithResolvers<void>
  /** Settles when it has ended. */
  readonly ended: Promise<void>
}

class EmbeddedConnection implements DatabaseConnection {
  readonly #pglite: PGlite
  readonly #name: string
  #open: Open | undefined

  constructor(pglite: PGlite, name: string) {
    this.#pglite = pglite
    this.#name = name
  }

  /** The engine's own transaction is used, which keeps out those who speak to it directly. */
  async begin(statements: string): Promise<void> {
    const finish = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<Transaction>()
    const ended = this.#pglite.transaction(async (tx) => {
      await tx.exec(statements)
      begun.resolve(tx)
      await finish.promise
    })
    ended.catch(begun.reject)
    this.#open = { tx: await begun.promise.catch((error) => this.#refuse(error)), finish, ended }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (!open) return
    if (how === 'commit') open.finish.resolve()
    else open.finish.reject(ROLLED_BACK)
    try {
      await open.ended
    } catch (error) {
      if (error === ROLLED_BACK) return
      // What COMMIT says of a transaction in which a statement had failed.
      if ((error as { code?: unknown }).code === '25P02') throw new AbortedTransactionError({ cause: error })
      this.#refuse(error)
    }
  }

  async command(statements: string): Promise<void> {
    await (this.#open?.tx ?? this.#pglite).exec(statements).catch((error) => this.#refuse(error))
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await (this.#open?.tx ?? this.#pglite)
      .query<R>(sql, [...parameters])
      .catch((error) => this.#refuse(error))
    return { rows, ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }) }
  }

  // biome-ignore lint/correctness/useYield: streaming needs a cursor, which nothing here asks for.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are not streamed; read them in pages')
  }

  #refuse(error: unknown): never {
    throw whyNotAnswered(error, this.#name) ?? withoutValues(error)
  }
}
