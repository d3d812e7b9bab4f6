import { DatabaseSync } from 'node:sqlite'

export interface Lock {
  release(): void
}

/** Kept here, so that a lock whose owner forgot it is not ended by the garbage collector. */
const held = new Set<DatabaseSync>()

/** https://www.sqlite.org/rescode.html; the low byte is the kind of error. */
const BUSY = 5
const CODES: Readonly<Record<number, string>> = {
  8: 'EROFS', // READONLY
  10: 'NOLOCK', // IOERR: the file opened, and locking it did not work
  13: 'ENOSPC', // FULL
  14: 'EACCES', // CANTOPEN
  26: 'NOTLOCK', // NOTADB
}

/**
 * Takes an exclusive lock on a file, which is made if need be and stays empty.
 *
 * Node.js has no call for locking a file, but SQLite, which is in it, locks its files by fcntl: the lock is the
 * kernel's and goes with the process. Nothing is ever stored. Such a lock also goes when its process opens and closes
 * the file in any other way, so nobody else may touch the file.
 *
 * @returns undefined when somebody else has it, in this process or another
 * @throws an Error whose code says what is wrong with the file
 */
export function lockFile(file: string): Lock | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    database?.close()
    const kind = ((error as { errcode?: number }).errcode ?? 0) & 0xff
    if (kind === BUSY) return undefined
    throw Object.assign(new Error('the file cannot be locked', { cause: error }), { code: CODES[kind] ?? '' })
  }
  const lock = database
  held.add(lock)
  return {
    release: () => {
      held.delete(lock)
      lock.close()
    },
  }
}
