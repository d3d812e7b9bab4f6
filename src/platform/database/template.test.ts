import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { migratedTemplate, type Schemas } from './template.ts'

let scratch: string
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'countersign-template-'))
})
after(() => rm(scratch, { recursive: true, force: true }))

let caches = 0
const aCache = () => join(scratch, `cache-${caches++}`, 'countersign')

const schemasOf = (checksum: string): Schemas => ({
  control: [{ name: '0001-foundation.sql', checksum, statements: '' }],
})

/** Makes a tar that names what it was made of, and counts how often. */
function aMaker() {
  const maker = {
    calls: 0,
    make: async (schemas: Schemas) => {
      maker.calls++
      return new TextEncoder().encode(`tar of ${schemas.control?.[0]?.checksum}`)
    },
  }
  return maker
}

test('a template is made once and then taken from the cache', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  const again = await migratedTemplate(cache, schemasOf('a'), maker.make)
  assert.equal(maker.calls, 1)
  assert.equal(await again.text(), 'tar of a')
  assert.equal(again.type, 'application/x-tar')
})

test('a changed migration makes another template', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  assert.equal(await (await migratedTemplate(cache, schemasOf('b'), maker.make)).text(), 'tar of b')
})

test('the same migrations in a schema of another name make another template', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  await migratedTemplate(cache, { sandbox: schemasOf('a').control ?? [] }, maker.make)
  assert.equal(maker.calls, 2)
})

test('a template that is not whole is made again', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  const [name = ''] = await readdir(cache)
  const whole = await readFile(join(cache, name))
  await writeFile(join(cache, name), whole.subarray(0, whole.length - 3))
  assert.equal(await (await migratedTemplate(cache, schemasOf('a'), maker.make)).text(), 'tar of a')
  assert.equal(maker.calls, 2)
  assert.deepEqual(await readFile(join(cache, name)), whole)
})

test('several processes may make the same template at once, and each gets it whole', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  const made = await Promise.all(
    Array.from({ length: 8 }, () => migratedTemplate(cache, schemasOf('a'), maker.make)),
  )
  assert.deepEqual(new Set(await Promise.all(made.map((blob) => blob.text()))), new Set(['tar of a']))
  assert.equal((await readdir(cache)).length, 1)
})

test('the eight templates used last are kept, and no older one', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  for (let i = 0; i < 8; i++) {
    await migratedTemplate(cache, schemasOf(`old ${i}`), maker.make)
  }
  for (const name of await readdir(cache)) await utimes(join(cache, name), 1_000, 1_000)
  await migratedTemplate(cache, schemasOf('old 0'), maker.make)
  await migratedTemplate(cache, schemasOf('new'), maker.make)
  assert.equal((await readdir(cache)).length, 8)
  await migratedTemplate(cache, schemasOf('old 0'), maker.make)
  assert.equal(maker.calls, 9, 'the one that was used again is still there')
})

test('what a killed writer left behind is removed in time', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  const draft = join(cache, `template-${'0'.repeat(16)}.tar.${'0'.repeat(8)}`)
  await writeFile(draft, 'half')
  await utimes(draft, 1, 1)
  for (let i = 0; i < 7; i++) await migratedTemplate(cache, schemasOf(`b ${i}`), maker.make)
  assert.ok(!(await readdir(cache)).includes(draft.slice(cache.length + 1)))
})

test('files of others in the cache are left alone', async () => {
  const [cache, maker] = [aCache(), aMaker()]
  await migratedTemplate(cache, schemasOf('a'), maker.make)
  await writeFile(join(cache, 'notes.txt'), 'not ours')
  await utimes(join(cache, 'notes.txt'), 1, 1)
  for (let i = 0; i < 12; i++) await migratedTemplate(cache, schemasOf(`b ${i}`), maker.make)
  assert.ok((await readdir(cache)).includes('notes.txt'))
})

test('a cache that cannot be written is done without', async () => {
  const file = join(scratch, 'a-file')
  await writeFile(file, '')
  const template = await migratedTemplate(join(file, 'cache'), schemasOf('a'), aMaker().make)
  assert.equal(await template.text(), 'tar of a')
})
