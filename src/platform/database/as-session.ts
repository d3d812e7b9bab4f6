import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database, Session } from './database.ts'

/**
 * A Kysely for a library that brings its own queries: each statement is a transaction of its own, run as `session`.
 *
 * It offers no transactions and no streams. Using it while a transaction of `database` is open in the same call throws,
 * where the embedded engine would wait for itself.
 */
export function kyselyAs(database: Database, session: Session): Kysely<Record<never, never>> {
  const connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
      database.transaction(session, (tx) => tx.executeQuery<R>(query as CompiledQuery<R>)),
    streamQuery: () => {
      throw new Error('streams are not offered here')
    },
  }
  const refuse = () => Promise.reject(new Error('transactions are not offered here'))
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => undefined,
  }
  return new Kysely<Record<never, never>>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
