import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { BASE62, checksum, hintOf } from '../../kernel/credential-format.ts'
import { Refused, WrongUsage } from '../command.ts'
import { scanSecrets } from './scan-secrets.ts'

let made = 0
/** A secret of no client. */
function aSecret(): string {
  const body = `css_test_${BASE62.repeat(2).slice(++made, made + 43)}`
  return body + checksum(body)
}

async function aFolder(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), 'scan-'))
  context.after(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

async function scan(paths: readonly string[], asJson = false) {
  let text = ''
  const out = { write: (more: string) => (text += more) }
  const code = await scanSecrets.run(paths, {}, { out, environment: {}, dataDirectory: '/nowhere', asJson })
  return { code, text }
}

test('a secret is told by file, line and hint, and never in full; the exit code is 1', async (t) => {
  const secret = aSecret()
  const folder = await aFolder(t, { 'deep/config.yml': `a: 1\nb: 2\nsecret: ${secret}\n` })
  const { code, text } = await scan([folder])
  assert.equal(text, `${join(folder, 'deep/config.yml')}:3: ${hintOf(secret)}\n`)
  assert.equal(code, 1)
})

test('with --json the same, and no secret either', async (t) => {
  const secret = aSecret()
  const folder = await aFolder(t, { a: `\n${secret}` })
  const { code, text } = await scan([folder], true)
  assert.deepEqual(JSON.parse(text), [{ file: join(folder, 'a'), line: 2, hint: hintOf(secret) }])
  assert.equal(code, 1)
})

test('where nothing is found nothing is said, and the exit code is 0', async (t) => {
  const lookalike = `${aSecret().slice(0, -1)}_`
  const folder = await aFolder(t, { a: `nothing ${lookalike}` })
  assert.deepEqual(await scan([folder]), { code: 0, text: '' })
})

test('a secret that is cut by the pieces of a large file is found, once, on its line', async (t) => {
  const secret = aSecret()
  const files = Object.fromEntries(
    [0, 1, 29, 57, 58].map((before) => [
      `cut-${before}`,
      `${'.\n'.repeat((65536 - before - (before % 2)) / 2)}${before % 2 ? '.' : ''}${secret}${'.'.repeat(70_000)}`,
    ]),
  )
  const folder = await aFolder(t, files)
  const { text } = await scan([folder])
  const lines = text.trimEnd().split('\n')
  assert.equal(lines.length, 5)
  for (const [name, content] of Object.entries(files)) {
    const line = content.slice(0, content.indexOf(secret)).split('\n').length
    assert.ok(lines.includes(`${join(folder, name)}:${line}: ${hintOf(secret)}`), name)
  }
})

test('several secrets of a file are all found, on a line and across lines', async (t) => {
  const [one, two, three] = [aSecret(), aSecret(), aSecret()]
  const folder = await aFolder(t, { a: `${one}${two}\n\n${three}` })
  const { text } = await scan([folder])
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(join(folder, 'a').length)),
    [`:1: ${hintOf(one)}`, `:1: ${hintOf(two)}`, `:3: ${hintOf(three)}`],
  )
})

test('binary files are looked through too', async (t) => {
  const secret = aSecret()
  const bytes = Buffer.concat([Buffer.from([0, 255, 254, 10]), Buffer.from(secret), Buffer.from([0, 200])])
  const folder = await aFolder(t, { 'core.dump': bytes })
  assert.match((await scan([folder])).text, /core\.dump:2: css_test_…/)
})

test("git's own store, packages of others and links are passed over", async (t) => {
  const secret = aSecret()
  const folder = await aFolder(t, { '.git/x': secret, 'node_modules/y': secret, 'a/node_modules/z': secret })
  await symlink(join(folder, '.git/x'), join(folder, 'link'))
  assert.deepEqual(await scan([folder]), { code: 0, text: '' })
})

test('a file that is named is scanned wherever it lies', async (t) => {
  const folder = await aFolder(t, { '.git/x': aSecret() })
  assert.equal((await scan([join(folder, '.git/x')])).code, 1)
})

test('a path that is not there is refused by its name', async () => {
  await assert.rejects(
    scan(['/nowhere/at/all']),
    (error) => error instanceof Refused && /at\/all/.test(error.message),
  )
})

test('a scan of nothing is a wrong usage', async () => {
  await assert.rejects(scan([]), WrongUsage)
})
