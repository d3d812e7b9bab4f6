import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { aServer } from '../../test/support/https.ts'
import { PROBLEMS } from '../kernel/problem.ts'
import { servePortal } from '../platform/http/index.ts'
import { docsPages } from './docs-pages.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** As the portal's listener is: the pages, then a portal that answers every other path that a browser asks. */
async function aListener(t: TestContext) {
  const portal = await mkdtemp(join(tmpdir(), 'countersign-docs-'))
  t.after(() => rm(portal, { recursive: true, force: true }))
  await mkdir(join(portal, 'assets'))
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Portal</title>')
  return aServer(t, async (server) => {
    await server.register(await docsPages(DOCS))
    await servePortal(server, portal)
  })
}

test('the type of every problem leads to its page', async (t) => {
  const { ask } = await aListener(t)
  for (const [code, { title }] of Object.entries(PROBLEMS)) {
    const answer = await ask(`/docs/problems/${code}`)
    assert.equal(answer.status, 200, code)
    assert.ok(answer.text.startsWith(`# ${title}\n`), code)
  }
})

test('a page is Markdown to a program', async (t) => {
  const answer = await (await aListener(t)).ask('/docs/problems/request/invalid')
  assert.equal(answer.headers['content-type'], 'text/markdown; charset=utf-8')
})

test('a page is text to a browser, which shows it, and not the page of the portal', async (t) => {
  const answer = await (await aListener(t)).ask('/docs/reference/sandbox', { headers: BROWSER })
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
  assert.match(answer.text, /^# The sandbox/)
})

test('a cache keeps the two apart', async (t) => {
  assert.equal((await (await aListener(t)).ask('/docs/quickstart')).headers.vary, 'accept')
})

test('a page is found by the name that other pages link to', async (t) => {
  assert.equal((await (await aListener(t)).ask('/docs/guides/who-sees-what.md')).status, 200)
})

test('the security pages are served', async (t) => {
  assert.equal((await (await aListener(t)).ask('/docs/security/authorization')).status, 200)
})

test('the index of a folder is at the folder', async (t) => {
  assert.match((await (await aListener(t)).ask('/docs/problems')).text, /^# Problems\n/)
})

for (const path of [
  '/docs/../package.json',
  '/docs/..%2fpackage.json',
  '/docs/problems/..%2f..%2f..%2fpackage.json',
  '/docs/problems/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/docs/problems/..%5c..%5cpackage.json',
  '/docs//etc/passwd',
  '/docs/problems/request/invalid%00',
  '/docs/architecture',
  '/docs/images/credentials.png',
  '/docs/problems/request/no-such-page',
]) {
  test(`nothing but the pages is served: ${path} is not found`, async (t) => {
    assert.equal((await (await aListener(t)).ask(path)).status, 404)
  })
}
