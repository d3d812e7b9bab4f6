import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { mintSecret } from '../../../src/gateway/clients/index.ts'
import { secureRandom } from '../../../src/platform/secrets/index.ts'
import { leaksIn } from '../../support/leaks.ts'

const WATCH = join(import.meta.dirname, '../../support/leak-watch.ts')

// These promises are about the watch that `npm test` keeps over its own output, so none of them may print what it finds.

test('a client secret is found by its form, and not repeated', () => {
  const secret = mintSecret('sandbox', secureRandom)
  const leaks = leaksIn(`before ${secret} after`, [])
  assert.equal(leaks.length, 1)
  assert.ok(!leaks.join('').includes(secret))
})

test('what only looks like a client secret, its checksum wrong, is none', () => {
  const secret = mintSecret('production', secureRandom)
  const lookalike = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
  assert.deepEqual(leaksIn(lookalike, []), [])
})

test('a signed token and a private key are found by their form', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const token = await new SignJWT({ sub: 'nobody' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  assert.equal(leaksIn(`{"token":"${token}"}`, []).length, 1)
  assert.equal(leaksIn(String(privateKey.export({ format: 'pem', type: 'pkcs8' })), []).length, 1)
  assert.equal(leaksIn(JSON.stringify(privateKey.export({ format: 'jwk' })), []).length, 1)
})

test('any other secret is found by its value', () => {
  assert.equal(leaksIn('signed in with gravel tulip lantern, it seems', ['gravel tulip lantern']).length, 1)
  assert.deepEqual(leaksIn('signed in', ['gravel tulip lantern']), [])
})

test('a run in which a test or a server writes a secret fails, and names it without repeating it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-leak-'))
  const secret = mintSecret('sandbox', secureRandom)
  const planted = join(folder, 'planted.test.mjs')
  await writeFile(
    planted,
    `import { test } from 'node:test'\ntest('x', () => { console.log('${secret}') })\n`,
  )
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const run = spawn(process.execPath, ['--test', `--test-reporter=${WATCH}`, planted], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  run.stdout.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(run, 'close')
  await rm(folder, { recursive: true })
  assert.equal(code, 1)
  assert.match(said, /FOUND\n {2}a client secret/)
  assert.ok(!said.includes(secret))
})
