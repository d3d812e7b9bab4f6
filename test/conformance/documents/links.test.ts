import assert from 'node:assert/strict'
import { access, readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')

const PAGES = [
  'README.md',
  'SECURITY.md',
  ...(await readdir(join(ROOT, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

const withoutBlocks = (text: string) => text.replaceAll(/^```.*?^```/gms, '')

/** The anchors that a page's headings get where it is shown as Markdown usually is. */
async function anchorsOf(path: string): Promise<ReadonlySet<string>> {
  const text = withoutBlocks(await readFile(join(ROOT, path), 'utf8'))
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

for (const page of PAGES)
  test(`every link of ${page} leads somewhere`, async () => {
    const text = withoutBlocks(await readFile(join(ROOT, page), 'utf8'))
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const path = file === '' ? page : normalize(join(dirname(page), file))
      await access(join(ROOT, path))
      if (anchor !== undefined && path.endsWith('.md'))
        assert.ok((await anchorsOf(path)).has(anchor), `${target} has no such heading`)
    }
  })
