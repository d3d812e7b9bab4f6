import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Refused } from '../command.ts'

const PARTS = ['in', 'working', 'out', 'done', 'refused'] as const
type Part = (typeof PARTS)[number]

/** A file that is still written to by somebody who does not rename it into place is not taken before it has been still for so long. */
const STILL_MS = 2000
/** Names that programs give to what they are still writing. */
const UNFINISHED = /^\.|\.(?:part|tmp|filepart|crdownload)$/i
const JOURNAL = '.journal'
const ANSWER_ENDINGS = ['.278', '.999', '.ta1'] as const
/** A file is held whole: 32 MiB. */
const MOST_BYTES = 32 * 1024 * 1024

/** A folder that files are dropped into, with what belongs to it. Every change of a file's place is one rename. */
export interface DropFolder {
  /** Files that were claimed before and not finished, then those that are ready, by name. Claims each as it is given. */
  take(now: number): AsyncGenerator<string>
  /** @returns undefined when it is larger than a file may be */
  read(name: string): Promise<string | undefined>
  /** What was written down about a file, line by line. */
  journal(name: string): Promise<readonly string[]>
  /** Writes a line down, for good when this ends. */
  note(name: string, line: string): Promise<void>
  /** Puts a finished file beside the others of a part; nobody sees half of it. */
  put(part: 'out' | 'refused', name: string, text: string): Promise<void>
  finish(part: 'done' | 'refused', name: string): Promise<void>
  close(): Promise<void>
}

/** @throws Refused it cannot be opened, or another process has it */
export async function openDropFolder(folder: string): Promise<DropFolder> {
  const path = (part: Part, name: string) => join(folder, part, name)
  for (const part of PARTS)
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 }).catch((error: Error) => {
      throw new Refused(`${folder} cannot be used: ${error.message}`)
    })
  const release = await hold(join(folder, 'drop.lock'))
  const isThere = (part: Part, name: string) =>
    lstat(path(part, name)).then(
      () => true,
      () => false,
    )
  /** A name that was used before gets a number: no answer is ever written over. */
  const freeName = async (name: string) => {
    const answers = ANSWER_ENDINGS.map((ending) => ['out', ending] as const)
    const places = [['working', ''], ['done', ''], ['refused', ''], ...answers] as const
    const isTaken = async (candidate: string) =>
      (await Promise.all(places.map(([part, ending]) => isThere(part, candidate + ending)))).includes(true)
    let candidate = name
    for (let n = 2; await isTaken(candidate); n++) candidate = `${name}.${n}`
    return candidate
  }
  return {
    take: async function* (now) {
      for (const name of (await readdir(join(folder, 'working'))).toSorted())
        if (!name.startsWith('.')) yield name
      for (const name of (await readdir(join(folder, 'in'))).toSorted()) {
        if (UNFINISHED.test(name)) continue
        const found = await lstat(path('in', name)).catch(() => undefined)
        if (!found?.isFile() || now - found.mtimeMs < STILL_MS) continue
        const claimed = await freeName(name)
        // Of a file that went by this name long ago: what it says is not of this one.
        await rm(path('working', `.${claimed}${JOURNAL}`), { force: true })
        await rename(path('in', name), path('working', claimed))
        yield claimed
      }
    },
    read: async (name) => {
      const { size } = await lstat(path('working', name))
      return size > MOST_BYTES ? undefined : readFile(path('working', name), 'utf8')
    },
    journal: async (name) => {
      const file = path('working', `.${name}${JOURNAL}`)
      const text = await readFile(file, 'utf8').catch(() => '')
      // The last line may have been cut off by a kill: what it tells of is asked again.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      if (whole !== text) await write(file, whole, 'w')
      return whole.split('\n').slice(0, -1)
    },
    note: (name, line) => write(path('working', `.${name}${JOURNAL}`), `${line}\n`, 'a'),
    put: async (part, name, text) => {
      const unfinished = path(part, `.${name}.part`)
      await write(unfinished, text, 'w')
      await rename(unfinished, path(part, name))
    },
    finish: async (part, name) => {
      await rename(path('working', name), path(part, name))
      await rm(path('working', `.${name}${JOURNAL}`), { force: true })
    },
    close: release,
  }
}

async function write(file: string, text: string, flags: 'a' | 'w'): Promise<void> {
  const handle = await open(file, flags, 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Two processes that took up the same unfinished file would both finish it. */
async function hold(file: string): Promise<() => Promise<void>> {
  for (;;) {
    const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return undefined
    })
    if (handle) {
      await handle.writeFile(String(process.pid))
      await handle.close()
      return () => rm(file, { force: true })
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''))
    if (isAlive(holder)) throw new Refused(`Process ${holder} has this folder already (${file}).`)
    // Whoever held it was killed.
    await rm(file, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
