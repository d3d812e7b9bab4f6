import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import { KeyFileUnfit, openPeppers, PEPPER_SPREADS_MS, secureRandom } from './index.ts'

const NOON = Date.parse('2027-01-04T12:00:00Z') as Instant
const first = { id: 'first', key: new Uint8Array(32).fill(7), createdAt: NOON }

async function aFile(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'peppers-'))
  context.after(() => rm(folder, { recursive: true }))
  return join(folder, 'keys/sandbox.peppers')
}
const open = (file: string, needed: readonly string[] = []) =>
  openPeppers({ file, first, random: secureRandom }, needed)
const unfit = (file: string, words: RegExp) => (error: unknown) =>
  error instanceof KeyFileUnfit && error.message.includes(file) && words.test(error.message)

test('on the first start a file is made with the first pepper, for its owner alone', async (t) => {
  const file = await aFile(t)
  const peppers = await open(file)
  assert.deepEqual(
    peppers.list().map(({ id }) => id),
    ['first'],
  )
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(await readFile(file, 'utf8'), `first ${'07'.repeat(32)} 2027-01-04T12:00:00.000Z\n`)
})

test('opened again, the same peppers hash the same', async (t) => {
  const file = await aFile(t)
  const added = await (await open(file)).add(NOON)
  const again = await open(file, ['first', added.id])
  assert.deepEqual(again.find(added.id)?.hash('x'), added.hash('x'))
  assert.notDeepEqual(again.find('first')?.hash('x'), added.hash('x'))
})

test('an added pepper becomes current only once every node has had time to learn of it', async (t) => {
  const peppers = await open(await aFile(t))
  const { id } = await peppers.add((NOON + 1000) as Instant)
  assert.equal(peppers.current((NOON + 1000 + PEPPER_SPREADS_MS - 1) as Instant).id, 'first')
  assert.equal(peppers.current((NOON + 1000 + PEPPER_SPREADS_MS) as Instant).id, id)
})

test('a node learns of what another has added when it looks again', async (t) => {
  const file = await aFile(t)
  const [here, there] = [await open(file), await open(file)]
  const { id } = await there.add(NOON)
  assert.equal(here.find(id), undefined)
  await here.refresh()
  assert.equal(here.find(id)?.id, id)
})

test('what two nodes add one after the other is all kept', async (t) => {
  const file = await aFile(t)
  const [here, there] = [await open(file), await open(file)]
  await there.add((NOON + 1) as Instant)
  await here.add((NOON + 2) as Instant)
  assert.equal((await open(file)).list().length, 3)
})

test('a retired pepper is gone, from the file too, which stays for its owner alone', async (t) => {
  const file = await aFile(t)
  const peppers = await open(file)
  await peppers.add(NOON)
  await peppers.retire('first')
  assert.equal(peppers.find('first'), undefined)
  assert.equal((await readFile(file, 'utf8')).includes('first'), false)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

test('the last pepper cannot be retired', async (t) => {
  await assert.rejects((await open(await aFile(t))).retire('first'), /last/)
})

test('a missing file is made for secrets of the first pepper, as an installation from before has them', async (t) => {
  assert.equal((await open(await aFile(t), ['first'])).list().length, 1)
})

test('a missing file is named and not made anew, where secrets need another pepper', async (t) => {
  const file = await aFile(t)
  await assert.rejects(open(file, ['first', 'second']), unfit(file, /missing/))
  await assert.rejects(stat(file), { code: 'ENOENT' })
})

test('a file that lacks a pepper which secrets need is refused, naming both', async (t) => {
  const file = await aFile(t)
  await open(file)
  await assert.rejects(open(file, ['second']), unfit(file, /second/))
})

test('a file that others may read is refused', async (t) => {
  const file = await aFile(t)
  await open(file)
  await chmod(file, 0o640)
  await assert.rejects(open(file), unfit(file, /chmod 600/))
})

for (const [what, content] of [
  ['is empty', ''],
  ['holds something else', 'damaged\n'],
  ['lacks a digit of a key', `a ${'07'.repeat(31)}7 2027-01-04T12:00:00.000Z\n`],
  ['names a moment that is none', `a ${'07'.repeat(32)} 2027-13-04T12:00:00.000Z\n`],
  ['holds an id twice', `a ${'07'.repeat(32)} 2027-01-04T12:00:00.000Z\n`.repeat(2)],
] as const)
  test(`a file that ${what} is refused, not replaced`, async (t) => {
    const file = await aFile(t)
    await open(file)
    await writeFile(file, content)
    await assert.rejects(open(file), unfit(file, /does not hold/))
    assert.equal(await readFile(file, 'utf8'), content)
  })

test('a file that is gone while we run is named when it is looked at again, and what is known goes on', async (t) => {
  const file = await aFile(t)
  const peppers = await open(file)
  await rm(file)
  await assert.rejects(peppers.refresh(), unfit(file, /gone/))
  assert.equal(peppers.find('first')?.id, 'first')
})
