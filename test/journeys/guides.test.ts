import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
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
    `npx() { shift; '${process.execPath}' '${join(ROOT, 'bin/countersign.js')}' "$@"; }`,
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
