/** The sealed copy of a contract: what is on it, that standard tools believe it, and that a touched one is found out. */

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  aCast,
  aCompany,
  aDeskPerson,
  type Company,
  MANY_SIGN_UPS,
  type OfferedContract,
  toCountersigned,
} from '../../../test/support/contracts.ts'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { hashOf } from '../subscriptions/index.ts'

const skip =
  spawnSync('pdfsig', ['-v']).error === undefined ? false : 'pdfsig is not installed (Debian: poppler-utils)'
let databases: TestDatabases
let control: Control
let company: Company
let signed: OfferedContract
let pdf: Uint8Array
let folder: string
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control, MANY_SIGN_UPS)
  company = await aCompany(control, await aCast(control))
  signed = await toCountersigned(control, company, (await aDeskPerson(control)).cookie)
  const acting = { side: 'partner', membership: company.membership } as const
  pdf = (await control.contracts.file(acting, signed.contractId)).bytes
  folder = await mkdtemp(join(tmpdir(), 'countersign-sealed-'))
})
after(async () => {
  await rm(folder, { recursive: true, force: true })
  await control.close()
  await databases.close()
})

/** The copy with one byte of its text changed, at the same length. */
function touched(): Uint8Array {
  const bytes = new Uint8Array(pdf)
  const at = Buffer.from(bytes).indexOf('stream') + 40
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}
async function inFile(bytes: Uint8Array): Promise<string> {
  const file = join(folder, `${hashOf(bytes).slice(0, 12)}.pdf`)
  await writeFile(file, bytes)
  return file
}

test('pdfsig finds a valid PAdES signature over the whole file', { skip }, async () => {
  const said = execFileSync('pdfsig', [await inFile(pdf)], { encoding: 'utf8' })
  assert.match(said, /Signature Type: ETSI\.CAdES\.detached/)
  assert.match(said, /Total document signed/)
  assert.match(said, /Signature is Valid/)
  assert.match(said, /CN="?Operator of the tests: seal of contracts/)
})

test('pdfsig finds a changed byte', { skip }, async () => {
  const { stdout } = spawnSync('pdfsig', [await inFile(touched())], { encoding: 'utf8' })
  assert.match(stdout, /Digest Mismatch/)
})

test('the text that was signed is attached, letter for letter', { skip }, async () => {
  const file = await inFile(pdf)
  const text = join(folder, 'attached.txt')
  execFileSync('pdfdetach', ['-save', '1', '-o', text, file])
  assert.equal(hashOf(await readFile(text)), signed.textHash)
})

test('the certificate page names the hash, the signers, and what they agreed to', { skip }, async () => {
  const page = execFileSync('pdftotext', ['-layout', await inFile(pdf), '-'], { encoding: 'utf8' })
  const certificate = page.slice(page.indexOf('CERTIFICATE OF SIGNATURES'))
  for (const said of [
    signed.textHash,
    'Ada Larkspur, Chief Operating Officer',
    'Dora Desk, Partner desk',
    '127.0.0.1',
    'password',
    'electronic means',
    'authority to bind',
  ])
    assert.ok(certificate.includes(said), said)
})

test('both sides hold the same copy', async () => {
  const { person } = { person: { id: company.membership.personId, email: 'x@example.com' } }
  const operator = await control.contracts.file({ side: 'operator', person }, signed.contractId)
  assert.deepEqual(Buffer.from(operator.bytes), Buffer.from(pdf))
})

test('a copy is proved untouched, under a certificate that the operator publishes', async () => {
  const verdict = await control.contracts.verify(pdf)
  const { certificate, ...seal } = verdict.seal ?? { certificate: '' }
  assert.deepEqual(
    [verdict.isUntouched, verdict.contractId, seal],
    [true, signed.contractId, { isIntact: true, coversTheFile: true, isOurs: true }],
  )
  assert.match(certificate, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  assert.equal((await control.contracts.certificates()).length, 1)
})

test('a changed byte, or one behind the end, is found out', async () => {
  const changed = await control.contracts.verify(touched())
  assert.deepEqual([changed.isUntouched, changed.seal?.isIntact], [false, false])
  const longer = await control.contracts.verify(new Uint8Array([...pdf, 0x0a]))
  assert.deepEqual(
    [longer.isUntouched, longer.seal?.isIntact, longer.seal?.coversTheFile],
    [false, true, false],
  )
})

test('what is no sealed PDF is told so, whatever it is', async () => {
  for (const bytes of ['', '%PDF-1.7', '/ByteRange [0 1 2 3]', '/ByteRange [0 21 24 0]<00>'])
    assert.deepEqual(await control.contracts.verify(new Uint8Array(Buffer.from(bytes))), {
      isUntouched: false,
    })
})
