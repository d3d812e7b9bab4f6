import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import { secureRandom } from '../secrets/index.ts'
import { openOutbox } from './index.ts'

async function anOutbox(t: TestContext, keep?: number) {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
  t.after(() => rm(folder, { recursive: true }))
  const directory = join(folder, 'outbox')
  let now = Date.UTC(2026, 10, 24)
  const clock = { now: () => now++ as Instant }
  const outbox = await openOutbox({
    directory,
    clock,
    random: secureRandom,
    ...(keep === undefined ? {} : { keep }),
  })
  return { outbox, directory }
}
const aMessage = (subject = 'Hello') => ({ to: 'ada@example.com', subject, text: 'A text.' })

test('a message that was sent can be read', async (t) => {
  const { outbox } = await anOutbox(t)
  await outbox.send(aMessage())
  const [message] = await outbox.messages()
  assert.equal(message?.to, 'ada@example.com')
  assert.equal(message?.text, 'A text.')
  assert.equal(message?.at, '2026-11-24T00:00:00.000Z')
})

test('the newest message comes first', async (t) => {
  const { outbox } = await anOutbox(t)
  for (const subject of ['one', 'two', 'three']) await outbox.send(aMessage(subject))
  assert.deepEqual(
    (await outbox.messages()).map((message) => message.subject),
    ['three', 'two', 'one'],
  )
})

test('no more messages are read than asked for', async (t) => {
  const { outbox } = await anOutbox(t)
  for (const subject of ['one', 'two', 'three']) await outbox.send(aMessage(subject))
  assert.equal((await outbox.messages(2)).length, 2)
})

test('no more messages are kept than the outbox holds', async (t) => {
  const { outbox, directory } = await anOutbox(t, 2)
  for (const subject of ['one', 'two', 'three']) await outbox.send(aMessage(subject))
  assert.equal((await readdir(directory)).length, 2)
  assert.equal((await outbox.messages())[0]?.subject, 'three')
})

test('folder and messages are for their owner alone', async (t) => {
  const { outbox, directory } = await anOutbox(t)
  await outbox.send(aMessage())
  const [file] = await readdir(directory)
  assert.equal((await stat(directory)).mode & 0o777, 0o700)
  assert.equal((await stat(join(directory, file ?? ''))).mode & 0o777, 0o600)
})

test('a line break in an address or subject is refused, as it would begin another header', async (t) => {
  const { outbox } = await anOutbox(t)
  await assert.rejects(outbox.send(aMessage('Hello\r\nBcc: all@example.com')), /line break/)
  await assert.rejects(outbox.send({ ...aMessage(), to: 'a@example.com\nBcc: b@example.com' }), /line break/)
})

test('a damaged file is passed over', async (t) => {
  const { outbox, directory } = await anOutbox(t)
  await outbox.send(aMessage())
  await writeFile(join(directory, `${'9'.repeat(15)}-${'a'.repeat(16)}.json`), '{')
  assert.equal((await outbox.messages()).length, 1)
})
