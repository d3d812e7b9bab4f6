import assert from 'node:assert/strict'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')
const PAGE = await readFile(join(ROOT, 'docs/security/threat-model.md'), 'utf8')
const LETTERS = new Set(['S', 'T', 'R', 'I', 'D', 'E'])

interface Threat {
  readonly door: string
  readonly cells: readonly string[]
}

/** The rows of all tables that stand under the heading of a door. */
const THREATS: readonly Threat[] = PAGE.split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const door = section.slice(0, section.indexOf('\n'))
    const rows = section.split('\n').filter((line) => line.startsWith('|'))
    return rows.slice(2).map((row) => ({
      door,
      cells: row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    }))
  })

/** The tests that the page names: a file, and a test's name as it is written there. */
const NAMED = [...PAGE.matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)].map(([, file = '', name = '']) => ({
  file,
  name,
}))

/** What is given to `test` as a name in a file, as it is written there. */
async function namesIn(file: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, file), 'utf8')
  return [
    ...text.matchAll(/\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)")/g),
  ].map(([, single, template, double]) => single ?? template ?? double ?? '')
}

test('the threat model names more than a hundred tests', () => {
  assert.ok(NAMED.length > 100, `${NAMED.length}`)
  assert.ok(THREATS.length > 60, `${THREATS.length}`)
})

for (const { file, name } of NAMED)
  test(`the threat model does not invent its test: ${file}, ${name}`, async () => {
    const names = await namesIn(file)
    assert.ok(names.includes(name), `${file} has no test of that name`)
  })

test('each threat has a letter of STRIDE, what stops it, what shows it, and what is left', () => {
  for (const { door, cells } of THREATS) {
    assert.equal(cells.length, 5, `${door}: ${cells[1]}`)
    assert.ok(LETTERS.has(cells[0] ?? ''), `${door}: ${cells[1]}`)
    assert.ok(
      cells.every((cell) => cell !== ''),
      `${door}: ${cells[1]}`,
    )
  }
})

test('a threat without a test says so in what is left', () => {
  for (const { door, cells } of THREATS)
    if (cells[3] === '(none)') assert.match(cells[4] ?? '', /^No test/, `${door}: ${cells[1]}`)
})

test('every file and folder that stops something is there', async () => {
  const paths = THREATS.flatMap(({ cells }) => [
    ...(cells[2] ?? '').matchAll(/`((?:src|docs|migrations|scripts|test)\/[^`]+)`/g),
  ])
  assert.ok(paths.length > 40, `${paths.length}`)
  for (const [, path = ''] of paths) await access(join(ROOT, path))
})
