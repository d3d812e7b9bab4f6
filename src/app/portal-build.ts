import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const MARK = '.built-from'

/**
 * Builds the portal when its sources are not those that the last build was made from.
 *
 * @param root the folder of the checkout
 * @returns    the folder to serve, and whether it was built now
 */
export async function buildPortal(
  root: string,
): Promise<{ readonly directory: string; readonly isFresh: boolean }> {
  const directory = join(root, 'portal', 'dist')
  const sources = await fingerprint(root)
  const built = await readFile(join(directory, MARK), 'utf8').catch(() => '')
  if (built === sources) return { directory, isFresh: false }
  // Loaded only when needed: a warm start does not pay for a bundler.
  const { build } = await import('vite')
  // Whole before it is served, and beside what another process may be building of the same checkout.
  const made = `${directory}-${process.pid}`
  await build({
    root: join(root, 'portal'),
    configFile: join(root, 'portal', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: made, emptyOutDir: true },
  })
  await compress(made)
  await writeFile(join(made, MARK), sources)
  await putInPlace(made, directory)
  return { directory, isFresh: true }
}

/** Puts a build in place of the one before. Of two that are made of the same sources at once, either will do. */
async function putInPlace(made: string, directory: string): Promise<void> {
  const before = `${made}-before`
  await rename(directory, before).catch(ignoring('ENOENT'))
  await rename(made, directory).catch(ignoring('ENOTEMPTY', 'EEXIST'))
  await rm(before, { recursive: true, force: true })
  await rm(made, { recursive: true, force: true })
}

const ignoring =
  (...codes: readonly string[]) =>
  (error: NodeJS.ErrnoException) => {
    if (!codes.includes(error.code ?? '')) throw error
  }

/** One hash over all that a build depends on: the sources, how they are built, and the packages. */
async function fingerprint(root: string): Promise<string> {
  const portal = join(root, 'portal')
  const entries = await readdir(portal, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(join(portal, 'dist')))
  const hash = createHash('sha256')
  for (const file of [...files, join(root, 'package-lock.json')].sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0')
  return hash.digest('hex')
}

/** Compressed once here, so that no request waits for it. */
async function compress(directory: string): Promise<void> {
  const names = await readdir(join(directory, 'assets'))
  await Promise.all(
    names
      .filter((name) => /\.(js|css)$/.test(name))
      .map(async (name) => {
        const file = join(directory, 'assets', name)
        await writeFile(`${file}.br`, await promisify(brotliCompress)(await readFile(file)))
        await writeFile(`${file}.gz`, await promisify(gzip)(await readFile(file)))
      }),
  )
}
