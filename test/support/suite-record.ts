import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** Names the folder in which a watched run keeps what it made and what its servers wrote: see `leak-watch.ts`. */
export const RECORD_FOLDER = 'SUITE_RECORD'

/** Puts a secret that a test made on the watch list: no server may ever write it. */
export function made(...secrets: readonly (string | undefined)[]): void {
  // Shorter ones are words, and would be found everywhere.
  const long = secrets.filter((secret) => secret !== undefined && secret.length >= 12)
  if (long.length > 0) keep('made', long.map((secret) => `${JSON.stringify(secret)}\n`).join(''))
}

/** Hands over what a server under test wrote: its log, or both streams of its process. */
export function wrote(text: string): void {
  keep('wrote', text)
}

function keep(kind: 'made' | 'wrote', text: string): void {
  const folder = process.env[RECORD_FOLDER]
  if (folder !== undefined) appendFileSync(join(folder, `${kind}-${process.pid}`), text)
}
