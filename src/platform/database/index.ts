export { type Database, databaseOf, type Session, type Tx } from './database.ts'
export { type Engine, openEmbedded, openServer } from './engine.ts'
export { type Migration, migrate, readMigrations } from './migrate.ts'
