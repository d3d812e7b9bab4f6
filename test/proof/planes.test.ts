/** The control plane and the two gateways as three processes, each with a database of its own, and mutual TLS between them. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { createCredential } from '../../src/cli/credential.ts'
import { askOperator } from '../../src/cli/operator.ts'
import { aSubmission } from '../support/a-submission.ts'
import { partsAuthority } from '../support/parts.ts'
import { freePort, type PrivateServer, startPostgres } from '../support/postgres.ts'
import { asJson, ask, type RunningServer, startRefused, startServer } from '../support/running-server.ts'

const BASE = '/rcm/prior-authorization/v1'
type Part = 'portal' | 'sandbox' | 'production'

let postgres: PrivateServer
let certificates: string
let urls: Readonly<Record<Part, string>>
let ports: Readonly<Record<'sandbox' | 'production', number>>
let portal: RunningServer
let sandbox: RunningServer
let production: RunningServer
/** Where the sandbox is reached, so that it can come back to the same place. */
let sandboxSettings: Readonly<Record<string, string>>

before(async () => {
  postgres = await startPostgres()
  urls = await databaseForEach(postgres)
  certificates = await mkdtemp(join(tmpdir(), 'countersign-parts-'))
  const { ca, ...parts } = await partsAuthority()
  await writeFile(join(certificates, 'ca.pem'), ca)
  for (const [part, { certificate, key }] of Object.entries(parts)) {
    await writeFile(join(certificates, `${part}.pem`), certificate)
    await writeFile(join(certificates, `${part}.key`), key)
  }
  ports = { sandbox: await freePort(), production: await freePort() }
  sandboxSettings = {
    ...settingsOf('sandbox'),
    SANDBOX_DATABASE_URL: urls.sandbox,
    SANDBOX_ADMINISTRATION_PORT: String(ports.sandbox),
    SANDBOX_PORT: String(await freePort()),
  }
  sandbox = await startServer(sandboxSettings)
  production = await startServer({
    ...settingsOf('production'),
    PRODUCTION_DATABASE_URL: urls.production,
    PRODUCTION_ADMINISTRATION_PORT: String(ports.production),
  })
  portal = await startServer({
    ...settingsOf('portal'),
    DATABASE_URL: urls.portal,
    SANDBOX_URL: sandbox.sandboxUrl,
    SANDBOX_ADMINISTRATION_URL: `https://127.0.0.1:${ports.sandbox}`,
    PRODUCTION_ADMINISTRATION_URL: `https://127.0.0.1:${ports.production}`,
  })
})
after(async () => {
  await Promise.all([portal?.remove(), sandbox?.remove(), production?.remove()])
  await postgres?.stop()
  if (certificates) await rm(certificates, { recursive: true })
})

const settingsOf = (part: Part) => ({
  COUNTERSIGN_ROLES: `${part},worker`,
  LOG_LEVEL: 'warn',
  ADMINISTRATION_CERT_FILE: join(certificates, `${part}.pem`),
  ADMINISTRATION_KEY_FILE: join(certificates, `${part}.key`),
  ADMINISTRATION_CA_FILE: join(certificates, 'ca.pem'),
})

/** Three databases, each of a user who may not so much as connect to the others. */
async function databaseForEach({ superuserUrl }: PrivateServer): Promise<Record<Part, string>> {
  const made: Partial<Record<Part, string>> = {}
  const client = new pg.Client(superuserUrl)
  await client.connect()
  for (const part of ['portal', 'sandbox', 'production'] as const) {
    await client.query(`create role part_${part} login createrole password 'part'`)
    await client.query(`create database part_${part} owner part_${part}`)
    await client.query(`revoke connect on database part_${part} from public`)
    const url = new URL(superuserUrl)
    url.username = `part_${part}`
    url.password = 'part'
    url.pathname = `/part_${part}`
    made[part] = url.href
  }
  await client.end()
  return made as Record<Part, string>
}

async function tokenOf(client: { readonly clientId: string; readonly clientSecret?: string }) {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')
  const reply = await ask(sandbox.ca, `${sandbox.sandboxUrl}/oauth2/token`, {
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  assert.equal(reply.status, 200, reply.text)
  return reply.json<{ access_token: string }>().access_token
}
const submit = (token: string, memberId: string) =>
  ask(
    sandbox.ca,
    `${sandbox.sandboxUrl}${BASE}/submission`,
    asJson(aSubmission({ memberId, transaction: memberId }), {
      authorization: `Bearer ${token}`,
      accept: 'application/problem+json',
    }),
  )

/** A company, its client and a token, by the control plane's own words. */
async function aClient(name: string) {
  await askOperator(portal.dataDirectory, 'POST', '/operator/organizations', { name })
  const client = await createCredential(portal.dataDirectory, { organization: name, environment: 'sandbox' })
  return { name, client, token: await tokenOf(client) }
}
const withdraw = (organization: string, product: string) =>
  askOperator<{ isAcknowledged: boolean }>(
    portal.dataDirectory,
    'POST',
    '/operator/grants/products/withdraw',
    { organization, environment: 'sandbox', product },
  )

test('a credential made at the control plane submits at the gateway; a product withdrawn there is refused on the next call', async () => {
  const { name, token } = await aClient('Larkspur Health')
  assert.equal((await submit(token, 'QFH-APART-1')).status, 200)
  assert.deepEqual((await withdraw(name, 'submission')).isAcknowledged, true)
  const refused = await submit(token, 'QFH-APART-2')
  assert.deepEqual([refused.status, refused.json().code], [403, 'access/scope-missing'])
})

test('each process has opened its own schema and its own keys, and no other', async () => {
  for (const [part, server] of Object.entries({ portal, sandbox, production })) {
    const plane = part === 'portal' ? 'control' : part
    const keys = await readdir(join(server.dataDirectory, 'keys'))
    assert.deepEqual(
      keys.filter((file) => !file.startsWith(plane)),
      [],
      `${part} holds ${keys}`,
    )
    const client = new pg.Client(urls[part as Part])
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname in ('control', 'sandbox', 'production')`,
    )
    await client.end()
    assert.deepEqual(
      rows.map(({ name }) => name),
      [plane],
    )
  }
})

test('what a gateway did for the control plane is on its own record, under who asked', async () => {
  const client = new pg.Client(postgres.superuserUrl.replace(/\/[^/]*$/, '/part_sandbox'))
  await client.connect()
  const { rows } = await client.query<{ act: string }>(
    `select distinct act from sandbox.audit_entries where actor_kind in ('operator', 'system') order by act`,
  )
  await client.end()
  const acts = rows.map(({ act }) => act)
  for (const act of ['client.create', 'grant.apply']) assert.ok(acts.includes(act), String(acts))
})

test('a gateway that is gone when something is taken away hears of it when it is back; meanwhile the control plane says so', async () => {
  const { name, client } = await aClient('Tern Harbour Health')
  await sandbox.killNine()
  const { isAcknowledged } = await withdraw(name, 'submission')
  assert.equal(isAcknowledged, false)
  const { ok, parts } = await askOperator<{
    ok: boolean
    parts: Record<string, { ok: boolean; detail: unknown }>
  }>(portal.dataDirectory, 'GET', '/operator/status')
  assert.equal(ok, false)
  assert.equal(parts.sandbox?.ok, false)
  assert.deepEqual(parts.grants?.detail, { waiting: '1 not acknowledged yet' })
  sandbox = await startServer(sandboxSettings, sandbox.dataDirectory)
  // The timer would deliver it within a minute; a change of the company does so at once.
  assert.equal((await withdraw(name, 'determination')).isAcknowledged, true)
  const refused = await submit(await tokenOf(client), 'QFH-APART-3')
  assert.equal(refused.json().code, 'access/scope-missing')
})

test('the administration lets in nobody without the certificate of the control plane', async () => {
  const url = `https://127.0.0.1:${ports.production}/administration/v1/clients`
  const ca = await readFile(join(certificates, 'ca.pem'), 'utf8')
  await assert.rejects(ask(ca, url, asJson({ actor: { kind: 'operator' }, request: 'org_x' })))
})

test('a control plane without a way to an environment does not start, and names the setting', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-'))
  const { code, output } = await startRefused(directory, {
    COUNTERSIGN_ROLES: 'portal',
    DATABASE_URL: urls.portal,
    SANDBOX_ADMINISTRATION_URL: `https://127.0.0.1:${ports.sandbox}`,
  })
  await rm(directory, { recursive: true, force: true })
  assert.equal(code, 1)
  assert.match(output, /PRODUCTION_ADMINISTRATION_URL: expected a value/)
  assert.match(
    output,
    /ADMINISTRATION_CERT_FILE, ADMINISTRATION_KEY_FILE, ADMINISTRATION_CA_FILE: expected all three/,
  )
})
