import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type RunningServer, startServer } from '../support/running-server.ts'

const ROOT = join(import.meta.dirname, '../..')

const noCurl = hasCurl() ? false : 'no curl on this machine'

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

let server: RunningServer
let folder: string
before(async () => {
  if (noCurl) return
  folder = await mkdtemp(join(tmpdir(), 'countersign-guides-'))
  // A page may use a package of ours, as its reader in the checkout can.
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  server = await startServer({ LOG_LEVEL: 'warn' })
})
after(async () => {
  await server?.remove()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** What a page has for a shell, block by block, from its heading on. */
async function blocksOf(page: string, from: string): Promise<readonly string[]> {
  const text = `\n${await readFile(join(ROOT, page), 'utf8')}`
  const start = text.indexOf(`\n${from}\n`)
  assert.ok(start >= 0, `${page} has no heading "${from}"`)
  return [...text.slice(start).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
}

/**
 * Pastes blocks into one shell, as a reader does, in a folder that is not the checkout.
 *
 * @returns what each printed
 */
async function paste(blocks: readonly string[], company: string): Promise<readonly string[]> {
  const script = [
    'set -eu',
    // `npx countersign …` and `npx --no-install node …`, without npm.
    `npx() { if [ "$1" = countersign ]; then shift; set -- '${join(ROOT, 'bin/countersign.js')}' "$@"; else shift 2; fi; '${process.execPath}' "$@"; }`,
    ...blocks.flatMap((block) => [block.replaceAll('Larkspur Health', company), 'printf "\\036"']),
  ].join('\n')
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', COUNTERSIGN_DATA_DIR: server.dataDirectory },
  })
  return stdout.split('\u001e')
}

test('the first call of the README is certified when it is pasted', { skip: noCurl }, async () => {
  const [block = ''] = await blocksOf('README.md', '## The first call')
  const [output = ''] = await paste([block], 'Readme Health')
  assert.match(output, /"certificationActionCode":"A1"/)
})

test('every block of the quickstart does what the page says it does', { skip: noCurl }, async () => {
  const blocks = await blocksOf('docs/quickstart.md', '# Quickstart')
  const printed = await paste(blocks, 'Quickstart Health')
  const promised: readonly RegExp[] = [
    /^Quickstart Health is org_/,
    /^$/,
    /"authorizationId":"[0-9a-f-]{36}","submission":.*"certificationActionCode":"A1"/,
    /^idempotency-replayed: true/,
    /\["This Idempotency-Key was used for another request/,
    /"submission":.*HCR\*A1\*/,
    /"authorizationId":.*"inquiry":.*"certificationActionCode":"A1"/,
    /"state":"approved".*"by":"machine"/,
    /^HTTP\/1\.1 400 .*"\/patientEventDetail: is missing"\]/s,
    /"code":"state\/not-found"/,
  ]
  assert.equal(printed.length - 1, promised.length)
  for (const [i, promise] of promised.entries()) assert.match(printed[i] ?? '', promise)
})

/**
 * What a page promises of its blocks: of each that has its output right below it, that output. A `…` stands for anything
 * within a line, alone on one for any lines, and our default ports for those of the server at hand.
 */
async function promisesOf(page: string): Promise<readonly (RegExp | undefined)[]> {
  const text = await readFile(join(ROOT, page), 'utf8')
  const blocks = text.matchAll(/^```sh\n.*?^```$(?:\n\n```(?:text|json|http)\n(.*?)\n```$)?/gms)
  return [...blocks].map(([, output]) => (output === undefined ? undefined : promised(output)))
}

function promised(output: string): RegExp {
  const pattern = RegExp.escape(output)
    .replaceAll('\\n…\\n', '\\n(?:.*\\n)*')
    .replace(/\\n…$/, '(?:\\n.*)*')
    .replaceAll('…', '[^\n]*')
    .replaceAll(/localhost(\\x3a|:)844[345]/g, 'localhost:\\d+')
  return new RegExp(`^${pattern}$`)
}

/** Pages whose blocks are run in their order; what each shows of its output is what it prints. */
const PAGES = [
  ['docs/guides/determination.md', '# Determination: does this need authorization?', 'Determination Health'],
  ['docs/guides/admissions.md', '# Notices of admission', 'Admission Health'],
  ['docs/guides/follow-ups.md', '# Follow-ups', 'Follow-up Health'],
  ['docs/guides/resource-api.md', '# The resource API', 'Resource Health'],
  ['docs/guides/batches.md', '# Batches', 'Batch Health'],
  ['docs/guides/core-envelopes.md', '# CAQH CORE envelopes', 'Envelope Health'],
  ['docs/security/authorization.md', '# Authorization, for partners', 'Authorization Health'],
  // Last, as it ends tokens.
  ['docs/security/key-ceremonies.md', '# Keys, and how they are looked after', 'Ceremony Health'],
] as const

for (const [page, heading, company] of PAGES)
  test(`every block of ${page} does, and prints, what the page says`, { skip: noCurl }, async () => {
    const promises = await promisesOf(page)
    const printed = await paste(await blocksOf(page, heading), company)
    assert.equal(printed.length - 1, promises.length)
    assert.ok(promises.filter(Boolean).length * 2 > promises.length, 'most blocks show what they print')
    for (const [i, promise] of promises.entries()) {
      const output = (printed[i] ?? '').replaceAll('\r', '').trimEnd()
      if (promise) assert.match(output, promise)
      else assert.doesNotMatch(output, /"error"|"status":[45]/)
    }
  })
