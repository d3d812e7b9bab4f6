import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { PROBLEMS } from '../../../src/kernel/problem.ts'

const PAGES = join(import.meta.dirname, '../../../docs/problems')

async function codesWithPages(): Promise<readonly string[]> {
  const entries = await readdir(PAGES, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && join(entry.parentPath, entry.name) !== join(PAGES, 'README.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(PAGES.length + 1))
    .map((path) => path.replace(/\.md$/, ''))
}

for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
  test(`${code} has a page, which begins with its title, code and status`, async () => {
    const page = await readFile(join(PAGES, `${code}.md`), 'utf8')
    assert.equal(page.split('\n', 3).join('\n'), `# ${title}\n\n\`${code}\` · HTTP ${status}`)
  })

  test(`the page of ${code} says what it means, why it happens, what to do, and shows an answer`, async () => {
    const page = await readFile(join(PAGES, `${code}.md`), 'utf8')
    assert.deepEqual(
      [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
      ['What it means', 'Why it happens', 'What to do', 'Example'],
    )
  })

  test(`the index of problems leads to ${code}`, async () => {
    const index = await readFile(join(PAGES, 'README.md'), 'utf8')
    const rows = index.split('\n').map((line) => line.split(/ *\| */).slice(1, -1))
    assert.deepEqual(rows.find(([first]) => first === `[\`${code}\`](${code}.md)`)?.slice(1), [
      String(status),
      title,
    ])
  })
}

test('no page is of a code that does not exist', async () => {
  const strangers = (await codesWithPages()).filter((code) => !Object.hasOwn(PROBLEMS, code))
  assert.deepEqual(strangers, [])
})
