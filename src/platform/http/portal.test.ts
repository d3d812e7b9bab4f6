import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { aServer } from '../../../test/support/https.ts'
import { type PortalOptions, servePortal } from './index.ts'

const SCRIPT = 'console.log("portal")'
const PAGE = { accept: 'text/html,application/xhtml+xml' }

async function aPortal(t: TestContext, options: PortalOptions & { page?: string } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-portal-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  await mkdir(join(directory, 'assets'))
  await writeFile(join(directory, 'index.html'), options.page ?? '<!doctype html><title>Portal</title>')
  await writeFile(join(directory, 'assets', 'main-a1b2c3.js'), SCRIPT)
  await writeFile(join(directory, 'assets', 'main-a1b2c3.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(join(directory, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(directory, '.hidden'), 'hush')
  return aServer(t, async (server) => {
    server.get('/api/session', async () => ({}))
    await servePortal(server, directory, options)
  })
}

for (const path of ['/', '/sign-up', '/credentials/cs_test_1?tab=usage']) {
  test(`a browser that asks the page ${path} gets the portal's page`, async (t) => {
    const answer = await (await aPortal(t)).ask(path, { headers: PAGE })
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^text\/html/)
    assert.match(answer.text, /<title>Portal/)
  })
}

test('the page is asked for again each time, so that a new portal is seen at once', async (t) => {
  assert.equal((await (await aPortal(t)).ask('/', { headers: PAGE })).headers['cache-control'], 'no-cache')
})

test('the page may load from its own origin alone, and be framed by nobody', async (t) => {
  const policy =
    (await (await aPortal(t)).ask('/', { headers: PAGE })).headers['content-security-policy'] ?? ''
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/)
  assert.match(policy, /connect-src 'self';.*base-uri 'none'; frame-ancestors 'none'$/)
  assert.doesNotMatch(policy, /unsafe/)
})

test('the page may call the further origins of the settings', async (t) => {
  const { ask } = await aPortal(t, { connect: ['https://localhost:8444'] })
  assert.match(
    (await ask('/', { headers: PAGE })).headers['content-security-policy'] ?? '',
    /connect-src 'self' https:\/\/localhost:8444;/,
  )
})

test('each answer with the page has a nonce of its own for styles, where the page asks for one', async (t) => {
  const { ask } = await aPortal(t, {
    page: '<meta property="csp-nonce" nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>',
  })
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { headers, text } = await ask('/', { headers: PAGE })
      const nonce =
        /style-src 'self' 'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? 'none'
      assert.equal(text.split(`nonce="${nonce}"`).length, 3)
      return nonce
    }),
  )
  assert.notEqual(nonces[0], nonces[1])
})

test('a file under assets may be kept for good', async (t) => {
  const answer = await (await aPortal(t)).ask('/assets/main-a1b2c3.js')
  assert.equal(answer.text, SCRIPT)
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.match(answer.headers['content-type'] ?? '', /javascript/)
})

test('a compressed sibling is sent to who can read it', async (t) => {
  const answer = await (await aPortal(t)).ask('/assets/main-a1b2c3.js', {
    headers: { 'accept-encoding': 'br' },
  })
  assert.equal(answer.headers['content-encoding'], 'br')
  assert.equal(answer.headers.vary, 'accept-encoding')
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
})

test('another file is asked for again each time, and answered with 304 while it is the same', async (t) => {
  const { ask } = await aPortal(t)
  const first = await ask('/favicon.svg')
  assert.equal(first.headers['cache-control'], 'no-cache')
  assert.equal(
    (await ask('/favicon.svg', { headers: { 'if-none-match': first.headers.etag ?? '' } })).status,
    304,
  )
})

for (const [what, path, headers] of [
  ['a file that does not exist', '/assets/gone.js', PAGE],
  ['a page asked for by a program', '/sign-up', { accept: 'application/json' }],
  ['a hidden file', '/.hidden', PAGE],
  ['a file outside of the portal', '/assets/..%2f..%2f..%2fetc/passwd', PAGE],
] as const) {
  test(`${what} gets request/no-such-path`, async (t) => {
    const answer = await (await aPortal(t)).ask(path, { headers })
    assert.equal(answer.status, 404)
    assert.equal(answer.json().code, 'request/no-such-path')
  })
}

test('the API beside the portal keeps its own answers', async (t) => {
  const { ask } = await aPortal(t)
  assert.deepEqual((await ask('/api/session', { headers: PAGE })).json(), {})
  assert.equal((await ask('/api/session', { method: 'POST' })).status, 405)
  assert.equal((await ask('/sign-up', { method: 'POST' })).status, 404)
})

test('the path of a page does not come into the log', async (t) => {
  const { ask, log } = await aPortal(t)
  await ask('/sign-up/hush?token=hush', { headers: PAGE })
  assert.doesNotMatch(JSON.stringify(log), /hush/)
})
