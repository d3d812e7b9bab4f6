import { chmod, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describeHolder, forgetHolder, holderOf, noteHolder } from './holder.ts'
import { type Lock, lockFile } from './lock.ts'
import { DataDirectoryRefused } from './refused.ts'

export { DataDirectoryRefused } from './refused.ts'

/** The folder that holds the state of one installation, for as long as this process has it to itself. */
export interface DataDirectory {
  /** Absolute. */
  readonly path: string
  /** Lets the next process have it. A second call does nothing. */
  release(): Promise<void>
}

/**
 * Makes the data folder if need be, closes it to other users (0700), and takes it for this process alone.
 *
 * The lock is the operating system's: it ends with the process, however that ends. It holds between processes of one
 * machine, and between machines where the file system carries locks.
 *
 * @throws DataDirectoryRefused when the folder cannot be used or another process has it; the message says what to do
 */
export async function openDataDirectory(folder: string): Promise<DataDirectory> {
  const path = resolve(folder)
  await makePrivate(path)
  const lock = await take(path)
  let isReleased = false
  return {
    path,
    release: async () => {
      if (isReleased) return
      isReleased = true
      await forgetHolder(path)
      lock.release()
    },
  }
}

async function makePrivate(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await chmod(path, 0o700)
  } catch (error) {
    throw refusal(path, error)
  }
}

/** Waiting a little: of several that start at once, some are turned away by those who are turned away themselves. */
const ATTEMPTS = 40
const PAUSE_MS = 25

async function take(path: string): Promise<Lock> {
  for (let tries = 1; ; tries++) {
    const lock = tryLock(path)
    if (lock) {
      await noteHolder(path).catch((error) => {
        lock.release()
        throw refusal(path, error)
      })
      return lock
    }
    const holder = await holderOf(path)
    if (holder || tries >= ATTEMPTS) {
      throw new DataDirectoryRefused(
        'in-use',
        `The data folder ${path} is in use by ${describeHolder(holder)}. Stop that one, or give this one a folder of its own with COUNTERSIGN_DATA_DIR.`,
      )
    }
    await pause(PAUSE_MS + ((process.pid + tries) % PAUSE_MS))
  }
}

const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

function tryLock(path: string): Lock | undefined {
  try {
    return lockFile(join(path, 'lock'))
  } catch (error) {
    throw refusal(path, error)
  }
}

const REFUSALS: Readonly<Record<string, readonly [DataDirectoryRefused['why'], string]>> = {
  EEXIST: ['not-a-folder', 'is a file: move it away, or name a folder.'],
  ENOTDIR: ['not-a-folder', 'is a file, or lies below one: name a folder.'],
  EACCES: ['not-writable', 'cannot be written by this user: give it the folder (chown), or name another.'],
  EPERM: ['not-writable', 'belongs to another user: give it to this one (chown), or name another.'],
  EROFS: ['not-writable', 'is on a file system that is mounted for reading only: name another.'],
  ENOSPC: ['not-writable', 'is on a file system that is full: make room, or name another.'],
  ELOOP: ['not-a-folder', 'is a symbolic link that leads back to itself: name a folder.'],
  NOLOCK: [
    'no-locks',
    'is on a file system without locks, as some network shares are: name a folder on a local disk.',
  ],
  NOTLOCK: ['not-writable', 'holds a file named "lock" that is not ours: move it away.'],
}

function refusal(path: string, error: unknown): DataDirectoryRefused {
  const code = String((error as { code?: unknown }).code ?? '')
  const [why, sentence] = REFUSALS[code] ?? ['not-writable', `cannot be used (${code || String(error)}).`]
  return new DataDirectoryRefused(why, `The data folder ${path} ${sentence}`, error)
}
