import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { DataDirectoryRefused } from '../platform/data-directory/index.ts'

/** The kernel keeps the path of a socket in 108 bytes, one of them its end. */
const LONGEST_PATH_BYTES = 107

/**
 * Where the operator's socket is: in the data directory; where that path is too long for a socket, in a folder of this
 * user under the system's own, with a note in the data directory that says where.
 *
 * The folder is for its owner alone (0700): whoever reaches the socket needs no other proof.
 *
 * @throws DataDirectoryRefused when somebody else has put something in the place of that folder
 */
export async function prepareOperatorSocket(dataDirectory: string): Promise<string> {
  const run = join(dataDirectory, 'run')
  const note = join(run, 'operator.path')
  await mkdir(run, { recursive: true, mode: 0o700 })
  const path = socketPath(run)
  if (dirname(path) !== run) await takeFolder(dirname(path))
  // Left behind by a process that was killed: the data directory is ours, so nobody listens there.
  await rm(path, { force: true })
  if (dirname(path) === run) await rm(note, { force: true })
  else await writeFile(note, path, { mode: 0o600 })
  return path
}

/** Everybody can make a folder in the system's own, and this one's name can be foretold: an earlier one must be ours. */
async function takeFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== userInfo().uid)
    throw new DataDirectoryRefused(
      'not-a-folder',
      `${folder}, where the operator's socket belongs, is not a folder of this user. Remove it, or give COUNTERSIGN_DATA_DIR a shorter path.`,
    )
  await chmod(folder, 0o700)
}

function socketPath(run: string): string {
  const path = join(run, 'operator.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return path
  const name = createHash('sha256').update(run).digest('hex').slice(0, 16)
  return join(tmpdir(), `countersign-${userInfo().uid}-${name}`, 'operator.sock')
}
