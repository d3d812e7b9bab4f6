import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** The kernel keeps the path of a socket in 108 bytes, one of them its end. */
const LONGEST_PATH_BYTES = 107

/**
 * Where the operator's socket is: in the data directory; where that path is too long for a socket, in a folder of this
 * user under the system's own, with a note in the data directory that says where.
 *
 * The folder is for its owner alone (0700): whoever reaches the socket needs no other proof.
 */
export async function prepareOperatorSocket(dataDirectory: string): Promise<string> {
  const run = join(dataDirectory, 'run')
  const note = join(run, 'operator.path')
  await mkdir(run, { recursive: true, mode: 0o700 })
  const path = socketPath(run)
  // Left behind by a process that was killed: the data directory is ours, so nobody listens there.
  await rm(path, { force: true })
  if (dirname(path) === run) await rm(note, { force: true })
  else {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(note, path, { mode: 0o600 })
  }
  return path
}

function socketPath(run: string): string {
  const path = join(run, 'operator.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return path
  const name = createHash('sha256').update(run).digest('hex').slice(0, 16)
  return join(tmpdir(), `countersign-${userInfo().uid}-${name}`, 'operator.sock')
}
