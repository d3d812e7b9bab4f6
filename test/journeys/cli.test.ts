import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { interchange, submission } from '../../src/cli/demo/request.ts'
import { PASSWORD } from '../support/control.ts'
import { ask } from '../support/https.ts'
import { type RunningServer, startServer } from '../support/running-server.ts'
import { made } from '../support/suite-record.ts'

const CLI = join(import.meta.dirname, '../../bin/countersign.js')

let server: RunningServer
let scratch: string
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'countersign-cli-'))
  server = await startServer({ LOG_LEVEL: 'warn' })
})
after(async () => {
  await server?.remove()
  await rm(scratch, { recursive: true, force: true })
})

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line as a person does, against the server of these tests. */
function countersign(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: {
        PATH: process.env.PATH ?? '',
        COUNTERSIGN_DATA_DIR: server.dataDirectory,
        HOME: scratch,
        ...environment,
      },
    })
    const [out, err]: [string[], string[]] = [[], []]
    child.stdout.on('data', (chunk) => out.push(String(chunk)))
    child.stderr.on('data', (chunk) => err.push(String(chunk)))
    child.on('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }))
  })
}

test('the demo walks from sign-up to the refusals, and again on the same server', async () => {
  for (const round of ['first', 'second']) {
    const { code, out } = await countersign(['demo', '--json'])
    const { ok, steps } = JSON.parse(out) as {
      ok: boolean
      steps: { step: string; ok: boolean; saw: string }[]
    }
    assert.deepEqual(
      steps.filter((step) => !step.ok),
      [],
      round,
    )
    assert.equal(ok, true)
    assert.equal(code, 0)
    assert.equal(steps.length, 11)
  }
})

test('a company and a credential are made, and the credential is printed as the design names its fields', async () => {
  assert.equal((await countersign(['organizations', 'create', 'Larkspur Health'])).code, 0)
  assert.match((await countersign(['organizations', 'list'])).out, /Larkspur Health +provider/)
  const { code, out } = await countersign([
    'credentials',
    'create',
    '--organization',
    'Larkspur Health',
    '--environment',
    'sandbox',
    '--json',
  ])
  assert.equal(code, 0)
  const made = JSON.parse(out) as Record<string, string>
  assert.deepEqual(Object.keys(made).sort(), [
    'base_url',
    'ca_file',
    'client_id',
    'client_secret',
    'token_url',
  ])
  assert.match(made.client_secret ?? '', /^css_test_[0-9A-Za-z]{49}$/)
})

test('a credential with keys has no secret, its keys are replaced, and a private key is refused', async () => {
  await countersign(['organizations', 'create', 'Key Clinic'])
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const file = join(scratch, 'keys.json')
  const create = async (key: KeyObject) => {
    await writeFile(file, JSON.stringify({ keys: [key.export({ format: 'jwk' })] }))
    const company = ['--organization', 'Key Clinic', '--environment', 'sandbox']
    return countersign(['credentials', 'create', ...company, '--jwks', file, '--json'])
  }
  const { code, err } = await create(privateKey)
  assert.equal(code, 1)
  assert.match(err, /\/keys\/0\/d: this is the private half of a key/)
  const made = JSON.parse((await create(publicKey)).out) as Record<string, string>
  assert.deepEqual(Object.keys(made).sort(), ['base_url', 'ca_file', 'client_id', 'token_url'])
  const company = ['--organization', 'Key Clinic']
  const replaced = await countersign([
    'credentials',
    'keys',
    made.client_id ?? '',
    ...company,
    '--jwks',
    file,
  ])
  assert.equal(replaced.code, 0)
})

test('a credential for production is refused while no contract grants it', async () => {
  await countersign(['organizations', 'create', 'Without Contract'])
  const { code, err } = await countersign([
    'credentials',
    'create',
    '--organization',
    'Without Contract',
    '--environment',
    'production',
  ])
  assert.equal(code, 1)
  assert.match(err, /contract/)
})

const words = (text: string) => text.split(' ')

test('a secret is replaced with an overlap, listed, and revoked; a list of addresses is kept', async () => {
  await countersign(['organizations', 'create', 'Rotating'])
  const { out } = await countersign(
    words('credentials create --organization Rotating --environment sandbox --json'),
  )
  const { client_id: clientId = '' } = JSON.parse(out) as Record<string, string>
  const on = words(`${clientId} --organization Rotating --json`)
  const rotated = JSON.parse((await countersign(['credentials', 'rotate', ...on])).out)
  assert.match(rotated.client_secret, /^css_test_/)
  assert.equal((await countersign(['credentials', 'rotate', ...on])).code, 1)
  const older = rotated.replaces.secretId
  assert.equal((await countersign(['credentials', 'revoke', ...on, '--secret', older])).code, 0)
  await countersign(['credentials', 'allow', ...on, ...words('--address 192.0.2.0/24')])
  const listed = await countersign(words('credentials list --organization Rotating'))
  assert.match(listed.out, new RegExp(`${older} .* ended .*\\(request\\)`))
  assert.match(listed.out, /called from 192\.0\.2\.0\/24 alone/)
  assert.equal(listed.out.includes(rotated.client_secret), false)
})

test('a secret that is found in a file is reported, ends, and raises an alert', async () => {
  await countersign(['organizations', 'create', 'Leaking'])
  const { out } = await countersign(
    words('credentials create --organization Leaking --environment sandbox --json'),
  )
  const made = JSON.parse(out) as Record<string, string>
  const file = join(scratch, 'leaked.json')
  await writeFile(file, out)
  const scanned = await countersign(['secrets', 'scan', file, '--report', made.base_url ?? ''])
  assert.equal(scanned.code, 1)
  assert.match(scanned.out, /leaked\.json:1: css_test_…/)
  assert.equal(scanned.out.includes(made.client_secret ?? ''), false)
  let alerts = ''
  // It is followed up after the answer.
  for (let tries = 0; tries < 50 && !alerts.includes('leaked-secret'); tries++)
    alerts = (await countersign(['alerts', 'list'])).out
  assert.match(alerts, new RegExp(`no +sandbox +leaked-secret +${made.client_id}`))
})

test('peppers are listed and one is added, to be used later', async () => {
  assert.equal((await countersign(words('peppers rotate --environment production'))).code, 0)
  const { out } = await countersign(['peppers', 'list'])
  assert.match(out, /sandbox +[0-9a-f]{16} +\S+ +current/)
  assert.match(out, /production +[0-9a-f]{16} +\S+ +next +0/)
})

test('a company that nobody knows is refused', async () => {
  const { code, err } = await countersign([
    'credentials',
    'create',
    '--organization',
    'Nobody',
    '--environment',
    'sandbox',
  ])
  assert.equal(code, 1)
  assert.match(err, /No company has this name or id/)
})

test('a request is sent as JSON and as a 278, and the decision is told in words', async () => {
  const json = join(scratch, 'request.json')
  const x12 = join(scratch, 'request.edi')
  await writeFile(json, JSON.stringify(submission('aaaaaaaa')))
  await writeFile(x12, interchange('bbbbbbbb'))
  for (const file of [json, x12]) {
    const { code, out } = await countersign(['send', file])
    assert.equal(code, 0, out)
    assert.match(out, /Decision +certified in total \(A1\)/)
  }
})

test('a request with faults is refused with each of them', async () => {
  const file = join(scratch, 'faulty.json')
  await writeFile(file, JSON.stringify({ senderId: 'X', patientEventDetail: {} }))
  const { code, out } = await countersign(['send', file])
  assert.equal(code, 1)
  assert.match(out, /Refused \(400\):\n {2}\//)
})

test('the credential of the environment variables is used, and a wrong one is refused', async () => {
  const file = join(scratch, 'mine.json')
  await writeFile(file, JSON.stringify(submission('cccccccc')))
  const { out } = await countersign([
    'credentials',
    'create',
    '--organization',
    'Larkspur Health',
    '--environment',
    'sandbox',
    '--json',
  ])
  const made = JSON.parse(out) as Record<string, string>
  const variables = Object.fromEntries(
    Object.entries(made).map(([name, value]) => [`COUNTERSIGN_${name.toUpperCase()}`, value]),
  )
  assert.equal((await countersign(['send', file], variables)).code, 0)
  const wrong = await countersign(['send', file], {
    ...variables,
    COUNTERSIGN_CLIENT_SECRET: `${made.client_secret}x`,
  })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /invalid_client/)
  assert.ok(!wrong.err.includes(made.client_secret ?? 'none'), 'a secret is never printed back')
})

test('a company that is set to deny is denied by a named reviewer, reads it back, and is set free again', async () => {
  const company = ['--organization', 'Scenario Clinic']
  await countersign(['organizations', 'create', 'Scenario Clinic'])
  const { out } = await countersign([
    'credentials',
    'create',
    ...company,
    '--environment',
    'sandbox',
    '--json',
  ])
  const variables = Object.fromEntries(
    Object.entries(JSON.parse(out) as Record<string, string>).map(([name, value]) => [
      `COUNTERSIGN_${name.toUpperCase()}`,
      value,
    ]),
  )
  const file = join(scratch, 'scenario.json')
  await writeFile(file, JSON.stringify(submission('dddddddd')))

  const set = await countersign(['scenario', 'set', 'deny', ...company])
  assert.deepEqual(
    [set.code, set.out],
    [0, 'In the sandbox, what Scenario Clinic submits comes to deny, whatever its rules say.\n'],
  )
  const denied = await countersign(['send', file], variables)
  assert.match(denied.out, /Decision +not certified \(A3\)/)
  assert.match(denied.out, /Simulated review by Marisol Fenwick, MD/)
  const asked = await countersign(['send', file, '--as', 'inquiry'], variables)
  assert.match(asked.out, /Decision +not certified \(A3\)/)
  const idOf = (text: string) => /Authorization id +(\S+)/.exec(text)?.[1]
  assert.ok(idOf(denied.out))
  assert.equal(idOf(asked.out), idOf(denied.out))

  assert.equal((await countersign(['scenario', 'set', 'default', ...company])).code, 0)
  assert.match((await countersign(['send', file], variables)).out, /Decision +certified in total \(A1\)/)
})

test('a scenario is refused for production, and one that does not exist', async () => {
  await countersign(['organizations', 'create', 'Scenario Clinic'])
  const company = ['--organization', 'Scenario Clinic']
  const production = await countersign(['scenario', 'set', 'deny', ...company, '--environment', 'production'])
  assert.equal(production.code, 1)
  assert.match(production.err, /This is for the sandbox alone/)
  assert.equal((await countersign(['scenario', 'set', 'shrug', ...company])).code, 1)
})

test('the clock of a company is moved on in the sandbox, and not in production', async () => {
  await countersign(['organizations', 'create', 'Clock Clinic'])
  const company = ['--organization', 'Clock Clinic']
  const moved = await countersign(['clock', 'advance', '71h', ...company])
  assert.equal(
    moved.out,
    'The clock of Clock Clinic is 71 h 0 min ahead in the sandbox; 0 cases were settled by it.\n',
  )
  const production = await countersign(['clock', 'advance', '1h', ...company, '--environment', 'production'])
  assert.equal(production.code, 1)
  assert.match(production.err, /This is for the sandbox alone/)
})

test('the status names each part of the server', async () => {
  const { code, out } = await countersign(['status'])
  assert.equal(code, 0)
  for (const part of ['database', 'portal', 'sandbox', 'production'])
    assert.match(out, new RegExp(`ok +${part}`))
})

test('where no server runs, every command that needs one says so and how to start it', async () => {
  const nowhere = join(scratch, 'nowhere')
  for (const args of [['status'], ['demo'], ['organizations', 'list']]) {
    const { code, err } = await countersign([...args, '--data-dir', nowhere])
    assert.equal(code, 1)
    assert.match(err, /No server runs on .*npm start/)
  }
})

test('a command typed wrongly ends with 2', async () => {
  assert.equal((await countersign(['frobnicate'])).code, 2)
  assert.equal((await countersign(['credentials', 'create', '--environment', 'sandbox'])).code, 2)
  assert.equal((await countersign(['status', '--loud'])).code, 2)
})

test('one of the operator’s people is given a role, is listed with it, and loses it', async () => {
  const { email, cookie } = await aPerson()
  const own = ['--role', 'auditor', '--payers', 'QFHP1', '--environment', 'sandbox']
  const grant = ['operators', 'grant', email, ...own]
  const refused = await countersign(grant)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /must leave it first/)
  assert.match((await countersign([...grant, '--leave-company'])).out, /is auditor of the sandbox for pay_/)
  const search = { environment: 'sandbox', payer: 'QFHP1', memberId: 'QFNOBODY1' }
  assert.deepEqual((await fromPages('POST', '/api/operator/who-saw', search, cookie)).json(), {
    cases: [],
    touches: [],
  })
  assert.match((await countersign(['operators', 'list'])).out, new RegExp(`${email} +auditor +sandbox`))
  assert.match((await countersign(['operators', 'withdraw', email])).out, /no longer auditor of the sandbox/)
  assert.equal((await fromPages('POST', '/api/operator/who-saw', search, cookie)).status, 404)
  assert.match((await countersign(['operators', 'withdraw', email])).out, /had no such role/)
  const [role] = JSON.parse((await countersign(['operators', 'list', '--json'])).out)
  assert.equal(typeof role.withdrawnAt, 'string')
})

test('a payer that is not there, a role of no list and an address that nobody has are refused', async () => {
  const grant = (role: string, payers: string) =>
    countersign(['operators', 'grant', 'nobody@example.com', '--role', role, '--payers', payers])
  assert.match((await grant('auditor', 'all')).err, /Nobody has confirmed this address/)
  assert.match((await grant('king', 'all')).err, /role/)
  assert.equal((await countersign(['operators', 'grant', '--role', 'auditor', '--payers', 'all'])).code, 2)
})

test('each command explains itself', async () => {
  assert.match((await countersign(['--help'])).out, /organizations create NAME/)
  assert.match((await countersign(['credentials', 'create', '--help'])).out, /--organization/)
})

const fromPages = (method: string, path: string, body?: object, cookie = '') =>
  ask({
    port: Number(new URL(server.portalUrl).port),
    ca: server.ca,
    path,
    method,
    headers: {
      origin: server.portalUrl,
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

let people = 0
/** Somebody who has signed up, confirmed their address and is signed in. */
async function aPerson() {
  const email = `operator${++people}@example.com`
  await fromPages('POST', '/api/sign-up', {
    email,
    password: PASSWORD,
    company: 'Operator',
    acceptTerms: true,
  })
  const { messages } = (await fromPages('GET', '/api/outbox')).json() as {
    messages: readonly { readonly to: string; readonly text: string }[]
  }
  const letter = messages.find(({ to }) => to === email)
  const token = /#token=(\S+)/.exec(letter?.text ?? '')?.[1]
  assert.ok(token)
  made(token)
  const { status, headers, json } = await fromPages('POST', '/api/sign-up/verification', { token })
  assert.equal(status, 200)
  const { credentials } = json() as { readonly credentials?: { readonly clientSecret: string } }
  made(credentials?.clientSecret)
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  made(cookie.split('=')[1])
  return { email, cookie }
}

test('where a payer is asked is set with all faults told at once, listed without the secret, and forgotten', async () => {
  const directory = join(scratch, 'far.csv')
  await writeFile(directory, 'name,ids,line_of_business,submission\nFar Mutual,FARMUT1,commercial,x12\n')
  const environment = ['--environment', 'production']
  assert.equal((await countersign(['payers', 'import', directory, ...environment])).code, 0)

  const names = ['--sender-id', 'COUNTERSIGN', '--receiver-id', 'FARMUT1']
  const wrong = [
    '--url',
    'http://edi.far.example/278',
    '--sender-id',
    'FAR TOO LONG A NAME',
    '--receiver-id',
    'FARMUT1',
  ]
  const refused = await countersign(['upstreams', 'set', 'FARMUT1', ...environment, ...wrong])
  assert.equal(refused.code, 1)
  assert.match(refused.err, /\/url: expected an https: URL[\s\S]*\/sender\/id: expected 2 to 15/)

  const secret = 'the-secret-of-far-mutual-5150'
  made(secret)
  await writeFile(join(scratch, 'far.secret'), secret)
  const url = ['--url', 'https://edi.far.example/278', '--token-url', 'https://edi.far.example/oauth2/token']
  const credentials = ['--client-id', 'cs-1', '--client-secret-file', join(scratch, 'far.secret')]
  const set = await countersign([
    'upstreams',
    'set',
    'FARMUT1',
    ...environment,
    ...url,
    ...names,
    ...credentials,
  ])
  assert.equal(set.code, 0, set.err)
  const listed = await countersign(['upstreams', 'list', ...environment, '--json'])
  assert.match(listed.out, /edi\.far\.example/)
  assert.ok(!`${set.out}${listed.out}`.includes(secret), 'the secret is never shown')

  assert.equal((await countersign(['upstreams', 'remove', 'FARMUT1', ...environment])).code, 0)
  assert.ok(!(await countersign(['upstreams', 'list', ...environment, '--json'])).out.includes('edi.far'))
})
