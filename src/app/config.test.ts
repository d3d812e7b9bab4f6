import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, SETTINGS, WrongSettings } from './config.ts'

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    assert.ok(error instanceof WrongSettings)
    return error.message
  }
  throw new Error('the settings were accepted')
}

test('without any setting, everything has a default that works', () => {
  const config = readConfig({})
  assert.equal(config.sandboxPort, 8444)
  assert.deepEqual(config.roles, ['portal', 'sandbox', 'production', 'worker'])
  assert.equal(config.databaseUrl, undefined)
})

test('every wrong setting is named at once', () => {
  const message = refusal({ PORTAL_PORT: 'eighty', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' })
  for (const name of ['PORTAL_PORT', 'DATABASE_URL', 'LOG_LEVEL'])
    assert.match(message, new RegExp(`${name}: expected`))
})

test('a wrong setting is never shown by its value, which may be a secret', () => {
  assert.doesNotMatch(refusal({ DATABASE_URL: 'mysql://root:hunter2@db' }), /hunter2|root|mysql/)
})

test('a certificate without its key is refused, and so is a key without its certificate', () => {
  assert.match(refusal({ TLS_CERT_FILE: 'a.pem' }), /TLS_CERT_FILE, TLS_KEY_FILE: expected both or neither/)
  assert.match(refusal({ TLS_KEY_FILE: 'a.key' }), /expected both or neither/)
})

test('two listeners on one port are refused', () => {
  assert.match(refusal({ SANDBOX_PORT: '8445' }), /expected three different ports/)
})

test('a misspelt setting of ours is refused, not ignored', () => {
  assert.match(refusal({ COUNTERSIGN_DATADIR: '/x' }), /COUNTERSIGN_DATADIR: there is no such setting/)
})

test('a server starts from the shell that holds the credentials of a client', () => {
  const names = ['CLIENT_ID', 'CLIENT_SECRET', 'TOKEN_URL', 'BASE_URL', 'CA_FILE']
  assert.doesNotThrow(() => readConfig(Object.fromEntries(names.map((name) => [`COUNTERSIGN_${name}`, 'x']))))
})

test('settings of other programs are left alone', () => {
  assert.doesNotThrow(() => readConfig({ HOME: '/root', npm_config_cache: 'x' }))
})

test('a database of one environment alone is refused, because the control plane would have none', () => {
  assert.match(refusal({ SANDBOX_DATABASE_URL: 'postgres://db/x' }), /DATABASE_URL: expected a value/)
})

test('a public URL loses its trailing slash, since issuers are compared letter by letter', () => {
  assert.equal(readConfig({ SANDBOX_URL: 'https://sandbox.example/' }).sandboxUrl, 'https://sandbox.example')
})

test('plain http is refused as a public URL', () => {
  assert.match(refusal({ SANDBOX_URL: 'http://sandbox.example' }), /SANDBOX_URL: expected an https/)
})

test('each setting has a meaning that ends as a sentence does', () => {
  for (const setting of Object.values(SETTINGS)) assert.match(setting.meaning, /\.$/)
})

test('a control plane needs a way to each environment that it does not serve itself', () => {
  const message = refusal({ COUNTERSIGN_ROLES: 'portal,sandbox' })
  assert.match(message, /PRODUCTION_ADMINISTRATION_URL: expected a value/)
  assert.doesNotMatch(message, /SANDBOX_ADMINISTRATION_URL/)
})

test('a way to an environment that the process serves itself, or a port for one that it does not, is refused', () => {
  assert.match(
    refusal({ SANDBOX_ADMINISTRATION_URL: 'https://gateway:9444' }),
    /SANDBOX_ADMINISTRATION_URL: expected nothing/,
  )
  assert.match(
    refusal({ COUNTERSIGN_ROLES: 'sandbox', PRODUCTION_ADMINISTRATION_PORT: '9445' }),
    /PRODUCTION_ADMINISTRATION_PORT: expected nothing/,
  )
})

test('what goes from process to process needs a certificate, its key and the authority', () => {
  assert.match(
    refusal({ SANDBOX_ADMINISTRATION_PORT: '9444', ADMINISTRATION_CERT_FILE: 'a.pem' }),
    /ADMINISTRATION_CA_FILE: expected all three/,
  )
})

test('a gateway alone needs its own database and no other', () => {
  const config = readConfig({ COUNTERSIGN_ROLES: 'sandbox', SANDBOX_DATABASE_URL: 'postgres://db/x' })
  assert.equal(config.sandboxDatabaseUrl, 'postgres://db/x')
})

test('a worker works for something that the process serves', () => {
  assert.match(refusal({ COUNTERSIGN_ROLES: 'worker' }), /at least one of portal, sandbox, production/)
})
