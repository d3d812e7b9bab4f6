import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Refused, WrongUsage } from '../command.ts'
import { createCredentials, registerKeys } from './credentials.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const COMPANY = { organization: 'Larkspur Health', environment: 'sandbox' }
const surroundings = () => ({
  out: { write: () => undefined },
  environment: {},
  dataDirectory: join(folder, 'no-server'),
  asJson: false,
})

test('keys from a file and from an address exclude each other', async () => {
  const options = { ...COMPANY, jwks: 'x', 'jwks-uri': 'https://keys.example/jwks' }
  await assert.rejects(createCredentials.run([], options, surroundings()), WrongUsage)
})

test('a file of keys that is not there is said to be so', async () => {
  const options = { ...COMPANY, jwks: join(folder, 'none.json') }
  await assert.rejects(
    createCredentials.run([], options, surroundings()),
    (error) => error instanceof Refused && error.message.endsWith('none.json cannot be read.'),
  )
})

test('nothing of a file that is no JSON is shown: it may be a private key', async () => {
  const jwks = join(folder, 'private.pem')
  await writeFile(jwks, 'PRIVATE')
  await assert.rejects(
    createCredentials.run([], { ...COMPANY, jwks }, surroundings()),
    (error) => error instanceof Refused && !error.message.includes('PRIVATE'),
  )
})

test('replacing keys names one client, its company and the keys', async () => {
  const all = { ...COMPANY, 'jwks-uri': 'https://keys.example/jwks' }
  for (const [names, options] of [
    [[], all],
    [['cs_test_1', 'cs_test_2'], all],
    [['cs_test_1'], COMPANY],
    [['cs_test_1'], { 'jwks-uri': all['jwks-uri'] }],
  ] as const)
    await assert.rejects(registerKeys.run(names, options, surroundings()), WrongUsage)
})
