import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { prepareOperatorSocket } from './operator-socket.ts'

async function aFolder(t: TestContext, below = '') {
  const folder = await mkdtemp(join(tmpdir(), 'socket-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, below)
}

test('the socket is in the data directory, in a folder for its owner alone', async (t) => {
  const data = await aFolder(t)
  assert.equal(await prepareOperatorSocket(data), join(data, 'run/operator.sock'))
  assert.equal((await stat(join(data, 'run'))).mode & 0o777, 0o700)
})

test('where the path is too long for a socket it is elsewhere, in a folder for its owner alone, and a note says where', async (t) => {
  const data = await aFolder(t, 'x'.repeat(120))
  const path = await prepareOperatorSocket(data)
  t.after(() => rm(dirname(path), { recursive: true }))
  assert.ok(Buffer.byteLength(path) < 108)
  assert.equal(await readFile(join(data, 'run/operator.path'), 'utf8'), path)
  assert.equal((await stat(dirname(path))).mode & 0o777, 0o700)
  assert.equal(await prepareOperatorSocket(data), path)
})

test('a folder elsewhere that others could enter is closed to them', async (t) => {
  const data = await aFolder(t, 'x'.repeat(120))
  const folder = dirname(await prepareOperatorSocket(data))
  t.after(() => rm(folder, { recursive: true }))
  await chmod(folder, 0o777)
  await prepareOperatorSocket(data)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
})

test('what somebody has put in the place of that folder is not taken for it', async (t) => {
  const data = await aFolder(t, 'x'.repeat(120))
  const folder = dirname(await prepareOperatorSocket(data))
  await rm(folder, { recursive: true })
  await symlink(await aFolder(t), folder)
  t.after(() => rm(folder))
  await assert.rejects(prepareOperatorSocket(data), { name: 'DataDirectoryRefused' })
})
