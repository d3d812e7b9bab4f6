import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type pg from 'pg'
import { type PreparedNames, preparedNames } from './prepared.ts'
import { isStalePlan } from './retry.ts'
import { currentOpening } from './session.ts'
import { whyNotAnswered, whyNotConnected, withoutValues } from './unavailable.ts'

const CHANGES_ROWS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/**
 * Kysely's way to a server. It differs from Kysely's own in that `begin` carries the session along in the same round
 * trip, statements that come again are prepared, and errors are told apart at the one place that can.
 */
export class ServerDriver implements Driver {
  readonly #pool: pg.Pool
  readonly #server: string
  readonly #names: PreparedNames | undefined

  constructor(pool: pg.Pool, server: string, prepares: boolean) {
    this.#pool = pool
    this.#server = server
    this.#names = prepares ? preparedNames() : undefined
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<ServerConnection> {
    try {
      return new ServerConnection(await this.#pool.connect(), this.#server, this.#names)
    } catch (error) {
      throw whyNotConnected(error, this.#server)
    }
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const opening = currentOpening()
    try {
      await run(connection, [beginning(settings), ...(opening ? [opening.statements] : [])].join('; '))
    } catch (error) {
      // Kysely does not roll back what it thinks has never begun.
      await this.rollbackTransaction(connection).catch(() => undefined)
      throw error
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    // COMMIT ends an aborted transaction without an error, and says ROLLBACK.
    if ((await (connection as ServerConnection).command('commit')) === 'ROLLBACK')
      throw new AbortedTransactionError()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'rollback')
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await run(connection, `savepoint "${name}"`)
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await run(connection, `rollback to savepoint "${name}"`)
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await run(connection, `release savepoint "${name}"`)
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ;(connection as ServerConnection).release()
  }

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

function beginning({ isolationLevel, accessMode }: TransactionSettings): string {
  return [
    'begin',
    ...(isolationLevel ? [`isolation level ${isolationLevel}`] : []),
    ...(accessMode ? [accessMode] : []),
  ].join(' ')
}

const run = (connection: DatabaseConnection, statements: string) =>
  (connection as ServerConnection).command(statements)

class ServerConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  readonly #server: string
  readonly #names: PreparedNames | undefined
  #isSpoilt = false

  constructor(client: pg.PoolClient, server: string, names: PreparedNames | undefined) {
    this.#client = client
    this.#server = server
    this.#names = names
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const name = parameters.length === 0 ? undefined : this.#nameFor(sql)
    const { command, rowCount, rows } = await this.#send<R>({
      text: sql,
      values: [...parameters],
      ...(name === undefined ? {} : { name }),
    })
    return CHANGES_ROWS.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows: rows ?? [] }
  }

  /** Runs statements without parameters; returns the tag of the last: `COMMIT`, `ROLLBACK`. */
  async command(statements: string): Promise<string> {
    const result: pg.QueryResult | readonly pg.QueryResult[] = await this.#send({ text: statements })
    return (Array.isArray(result) ? result.at(-1) : result).command
  }

  // biome-ignore lint/correctness/useYield: streaming needs a cursor, which nothing here asks for.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are not streamed; read them in pages')
  }

  release(): void {
    this.#client.release(this.#isSpoilt)
  }

  #nameFor(sql: string): string | undefined {
    return this.#names?.nameFor(currentOpening()?.plan ?? '', sql)
  }

  async #send<R>(query: pg.QueryConfig): Promise<pg.QueryResult<R & pg.QueryResultRow>> {
    try {
      return await this.#client.query<R & pg.QueryResultRow>(query)
    } catch (error) {
      const unavailable = whyNotAnswered(error, this.#server)
      // Such a connection may be dead, or hold plans of tables that have changed since: the pool makes a new one.
      this.#isSpoilt ||= unavailable?.why === 'lost' || isStalePlan(error)
      throw unavailable ?? withoutValues(error)
    }
  }
}
