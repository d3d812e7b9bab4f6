import type { Kysely } from 'kysely'

/** A running PostgreSQL, embedded or a server; several schemas may live in it. */
export interface Engine {
  readonly kind: 'embedded' | 'server'
  /** What to call it in a message: `host:port/database`, or the folder. Holds no password. */
  readonly name: string
  /** As the owner of the tables. Inside a transaction use its `tx`: on the embedded engine this one would wait for it. */
  readonly kysely: Kysely<Record<never, never>>
  /** Runs several statements at once, as the owner of the tables. For migrations. */
  script(statements: string): Promise<void>
  /** Keeps one connection for `work`, which is given back to nobody. For migrations. */
  alone<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * Asks the database for a sign of life.
   *
   * @throws DatabaseUnavailable when it gives none, or is too old to be used
   */
  ping(): Promise<void>
  /** Waits for what is running, then ends. A second call does nothing. */
  close(): Promise<void>
}

/** One connection, as the owner of the tables, outside any transaction until a script begins one. */
export interface Connection {
  script(statements: string): Promise<void>
  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
}
