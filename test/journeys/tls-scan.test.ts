/** What two scanners that others wrote find at the whole application's TLS. Without them the tests are skipped, and say so. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type RunningServer, startServer } from '../support/running-server.ts'

const run = promisify(execFile)
const LISTENERS = ['portalUrl', 'sandboxUrl', 'productionUrl'] as const
const LONGEST_SCAN_MS = 180_000

/** What testssl finds that is not as it would like, and why it is right here. */
const ACCEPTED: Readonly<Record<string, string>> = {
  HSTS: 'not sent where the host is this machine, as it would bind the next program on another port; at any other name it is (src/platform/http/server.test.ts)',
}

const missing = async (program: string) =>
  (await run('which', [program]).then(
    () => false,
    () => true,
  )) && `${program} is not installed here`
const [noSslscan, noTestssl] = await Promise.all([missing('sslscan'), missing('testssl')])

let server: RunningServer
let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-scan-'))
  server = await startServer()
})
after(async () => {
  await server?.remove()
  await rm(directory, { recursive: true, force: true })
})

for (const listener of LISTENERS)
  test(`sslscan finds nothing but TLS 1.2 and 1.3 with AEAD suites at the ${listener} (RFC 9325 sections 3.1 and 4.2)`, {
    skip: noSslscan,
  }, async () => {
    const { host } = new URL(server[listener])
    const { stdout } = await run('sslscan', ['--xml=-', '--no-colour', host], { timeout: LONGEST_SCAN_MS })
    const protocols = elements(stdout, 'protocol')
    assert.equal(protocols.length, 6)
    assert.deepEqual(
      protocols.filter(({ enabled }) => enabled !== '0').map(({ type, version }) => `${type} ${version}`),
      ['tls 1.2', 'tls 1.3'],
    )
    const ciphers = elements(stdout, 'cipher').map(({ cipher = '' }) => cipher)
    assert.ok(ciphers.length >= 5)
    for (const cipher of ciphers) assert.match(cipher, /^(TLS|ECDHE-\w+)[_-]\S*(GCM|CHACHA20)[_-]\S+$/)
    const [renegotiation] = elements(stdout, 'renegotiation')
    assert.equal(renegotiation?.supported, '0')
    for (const { supported } of elements(stdout, 'compression')) assert.equal(supported, '0')
    const heartbleed = elements(stdout, 'heartbleed')
    assert.equal(heartbleed.length, 2)
    for (const { vulnerable } of heartbleed) assert.equal(vulnerable, '0')
    for (const key of elements(stdout, 'pk')) assert.equal(key.error, 'false')
  })

/** The attributes of each element of a name. sslscan's own output: flat, each value in double quotes. */
function elements(xml: string, name: string): readonly Readonly<Record<string, string | undefined>>[] {
  return [...xml.matchAll(new RegExp(`<${name} ([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  )
}

interface Finding {
  readonly id: string
  readonly severity: 'DEBUG' | 'INFO' | 'OK' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | 'WARN' | 'FATAL'
  readonly finding: string
}

test('testssl finds no fault in protocols, suites and headers, and none of the known vulnerabilities', {
  skip: noTestssl,
  timeout: 2 * LONGEST_SCAN_MS,
}, async () => {
  const file = join(directory, 'found.json')
  const scans = [
    ...['--protocols', '--std', '--fs', '--headers', '--heartbleed', '--ccs-injection'],
    ...['--renegotiation', '--compression', '--robot', '--tls-fallback'],
  ]
  const how = ['--quiet', '--color', '0', '--warnings', 'off', '--ip', 'one', '--jsonfile', file]
  await run('testssl', [...how, ...scans, `${server.sandboxUrl}/healthz`], {
    timeout: LONGEST_SCAN_MS,
    maxBuffer: 2 ** 24,
  })
  const found: readonly Finding[] = JSON.parse(await readFile(file, 'utf8'))
  const byId = new Map(found.map((each) => [each.id, each]))
  // What it did not look at it would not find.
  for (const id of ['SSLv3', 'TLS1_2', 'TLS1_3', 'heartbleed', 'ROBOT', 'CRIME_TLS', 'secure_client_renego'])
    assert.equal(byId.get(id)?.severity, 'OK', id)
  // A warning says that a check could not be made: those that must be are named above.
  const faults = found.filter(({ severity }) => !['OK', 'INFO', 'DEBUG', 'WARN'].includes(severity))
  assert.deepEqual(
    faults
      .filter(({ id }) => !(id in ACCEPTED))
      .map(({ id, severity, finding }) => ({ id, severity, finding })),
    [],
  )
  assert.deepEqual(
    Object.keys(ACCEPTED).filter((id) => !faults.some((fault) => fault.id === id)),
    [],
    'accepted, and not found any more',
  )
})
