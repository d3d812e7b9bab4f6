import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Who has the lock, for the message to whoever is turned away. The lock itself cannot be read while it is held. */
interface Holder {
  readonly pid: number
  readonly host: string
}

const fileOf = (folder: string) => join(folder, 'lock.holder')

/** To be called by whoever has just got the lock. */
export async function noteHolder(folder: string): Promise<void> {
  const draft = `${fileOf(folder)}.${process.pid}`
  const holder: Holder = { pid: process.pid, host: hostname() }
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
  await rename(draft, fileOf(folder))
}

/** To be called before the lock is let go. */
export async function forgetHolder(folder: string): Promise<void> {
  await rm(fileOf(folder), { force: true })
}

/** The note, unless it is one that a killed process left behind: then its pid lives no more. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => '')
  const holder = parse(text)
  if (!holder) return undefined
  return holder.host !== hostname() || isAlive(holder.pid) ? holder : undefined
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(text) as Partial<Holder>
    return Number.isSafeInteger(pid) && typeof host === 'string' ? { pid: Number(pid), host } : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, and lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function describeHolder(holder: Holder | undefined): string {
  if (!holder) return 'another process'
  if (holder.host !== hostname()) return `process ${holder.pid} on ${holder.host}`
  return holder.pid === process.pid
    ? `this same process (pid ${holder.pid})`
    : `another process (pid ${holder.pid})`
}
