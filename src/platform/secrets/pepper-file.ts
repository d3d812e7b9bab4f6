import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { currentOf, type KeptPepper, newPepper, type Pepper, type Peppers, pepperOf } from './pepper.ts'
import { KeyFileUnfit } from './vault.ts'

export interface PepperFileDeps {
  /** One line for each pepper, oldest first: its id, 64 hexadecimal digits, and when it was made (ISO 8601, UTC). */
  readonly file: string
  /** What a file that is made begins with: the same on each node of an installation. */
  readonly first: KeptPepper
  readonly random: Random
}

/**
 * Opens the peppers that are in a file, for its owner alone to read. It belongs into the backup of keys, not into that
 * of the database. Nodes share it, or each has a copy that is brought up to date within `PEPPER_SPREADS_MS` of an addition.
 *
 * @param needed the ids that live secrets are kept under: none of them may be missing
 * @throws KeyFileUnfit naming the file: when it is missing and secrets need another pepper than the first, when it holds
 *         something else, when others may read it, when a pepper is missing in it
 */
export async function openPeppers(
  { file, first, random }: PepperFileDeps,
  needed: Iterable<string>,
): Promise<Peppers> {
  const wanted = [...needed]
  const found = await readPeppers(file)
  if (!found && wanted.some((id) => id !== first.id))
    throw new KeyFileUnfit(
      `The pepper file ${file} is missing, and the database holds secrets that were hashed with it. Put it back from your backup, or copy it from another node; without it, no client can authenticate.`,
    )
  if (!found) await writePeppers(file, [first], 'make')
  let kept = found ?? [first]
  const missing = wanted.filter((id) => !kept.some((pepper) => pepper.id === id))
  if (missing.length > 0)
    throw new KeyFileUnfit(
      `The pepper file ${file} lacks ${missing.join(', ')}, which live secrets were hashed with. Put it back from your backup, or copy it from another node.`,
    )
  let made = new Map<string, Pepper>()
  let peppers: readonly Pepper[] = []
  const take = (all: readonly KeptPepper[]) => {
    kept = all
    made = new Map(all.map((one) => [one.id, made.get(one.id) ?? pepperOf(one)]))
    peppers = [...made.values()]
  }
  take(kept)

  const refresh = async () => {
    const now = await readPeppers(file)
    if (!now) throw new KeyFileUnfit(`The pepper file ${file} is gone. Put it back from your backup.`)
    take(now)
  }
  // One after the other: each change begins from what the file holds.
  let changing: Promise<unknown> = Promise.resolve()
  const change = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = changing.catch(() => undefined).then(work)
    changing = mine
    return mine
  }
  return {
    list: () => peppers,
    current: (now) => currentOf(peppers, now),
    find: (id) => made.get(id),
    refresh,
    add: (now: Instant) =>
      change(async () => {
        await refresh()
        const added = newPepper(now, random)
        await writePeppers(file, [...kept, added])
        take([...kept, added])
        return pepperOf(added)
      }),
    retire: (id) =>
      change(async () => {
        await refresh()
        const rest = kept.filter((pepper) => pepper.id !== id)
        if (rest.length === 0) throw new Error('the last pepper cannot be retired')
        await writePeppers(file, rest)
        take(rest)
      }),
  }
}

const LINE = /^(\S{1,64}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/

/** @returns undefined when there is no file */
async function readPeppers(file: string): Promise<readonly KeptPepper[] | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  if (((await stat(file)).mode & 0o077) !== 0)
    throw new KeyFileUnfit(`The pepper file ${file} can be read by others. Take that right away: chmod 600.`)
  const lines = text.trimEnd().split('\n')
  const peppers = lines.map((line): KeptPepper | undefined => {
    const [, id = '', key = '', createdAt = ''] = LINE.exec(line) ?? []
    const at = Date.parse(createdAt)
    return id === '' || Number.isNaN(at)
      ? undefined
      : { id, key: new Uint8Array(Buffer.from(key, 'hex')), createdAt: at as Instant }
  })
  const fit = peppers.filter((pepper) => pepper !== undefined)
  const ids = new Set(fit.map(({ id }) => id))
  if (fit.length < lines.length || ids.size < fit.length)
    throw new KeyFileUnfit(
      `The pepper file ${file} does not hold a pepper on each line: its id, 64 hexadecimal digits, when it was made. Put it back from your backup.`,
    )
  return fit.toSorted((a, b) => a.createdAt - b.createdAt)
}

/** Whole or not at all: a node that reads meanwhile finds the old file or the new one. */
async function writePeppers(file: string, peppers: readonly KeptPepper[], how?: 'make'): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const target = how === 'make' ? file : `${file}.new`
  if (how !== 'make') await rm(target, { force: true })
  const handle = await open(target, 'wx', 0o600)
  try {
    for (const { id, key, createdAt } of peppers)
      await handle.writeFile(
        `${id} ${Buffer.from(key).toString('hex')} ${new Date(createdAt).toISOString()}\n`,
      )
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (target !== file) await rename(target, file)
}
