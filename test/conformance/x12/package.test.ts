// The codec as it is published: JavaScript with types, alone in a folder.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import ts from 'typescript'
import { imaging } from '../../support/interchanges.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')

let folder: string
let built: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-x12-'))
  built = join(folder, 'node_modules/countersign-x12')
  await mkdir(join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await run(process.execPath, [join(ROOT, 'scripts/build-x12.ts'), built])
})
after(() => rm(folder, { recursive: true, force: true }))

/** What a program in JavaScript that uses the package prints. */
async function runs(source: string): Promise<string> {
  const file = join(folder, 'uses.js')
  await writeFile(file, source)
  const { stdout } = await run(process.execPath, ['--no-experimental-strip-types', file])
  return stdout.trim()
}

describe('the published codec', () => {
  test('reads a request and writes it again, in plain Node', async () => {
    await writeFile(join(folder, 'request.edi'), imaging)
    const printed = await runs(`
      import { readFileSync } from 'node:fs'
      import { decodeRequest, encodeRequest } from 'countersign-x12'
      const text = readFileSync(new URL('request.edi', import.meta.url), 'utf8')
      const read = decodeRequest(text)
      if (!read.ok) throw new Error(JSON.stringify(read.faults))
      const { request, envelope } = read.value
      const at = Date.UTC(2026, 2, 2, 14, 15, 30)
      const again = encodeRequest(request, { guide: '217', at, ...envelope })
      console.log(again === text ? 'the same' : again)`)
    assert.equal(printed, 'the same')
  })

  test('acknowledges what it reads, in plain Node', async () => {
    const printed = await runs(`
      import { readFileSync } from 'node:fs'
      import { acknowledge, decodeInterchange, encodeAcknowledgements } from 'countersign-x12'
      const text = readFileSync(new URL('request.edi', import.meta.url), 'utf8').replace('*F~', '*Q~')
      const read = decodeInterchange(text)
      if (!read.ok) throw new Error(JSON.stringify(read.faults))
      const told = acknowledge(read.value, false)
      console.log(encodeAcknowledgements(told, read.value.header, { at: 0, controlNumber: 1 }))`)
    assert.match(printed, /IK3\*DMG\*16\*2010C\*8~IK4\*3\*\*7\*Q~IK5\*R\*5~AK9\*R\*1\*1\*0~/)
  })

  test('needs nothing but itself: no file imports a package or a file outside', async () => {
    const files = (await readdir(built, { recursive: true })).filter((name) => /[.](js|d[.]ts)$/.test(name))
    assert.ok(files.length > 50)
    for (const file of files) {
      const text = await readFile(join(built, file), 'utf8')
      for (const [, from = ''] of text.matchAll(/^(?:import|export)[^'"]*from ['"]([^'"]+)['"]/gm)) {
        assert.match(from, /^\.\.?\//, `${file} imports ${from}`)
        assert.ok(join(built, file, '..', from).startsWith(built), `${file} imports ${from}`)
      }
    }
  })

  test('carries no code of the house beyond formats/x12, core and kernel, and no tests', async () => {
    const rooms = (await readdir(built, { withFileTypes: true })).filter((entry) => entry.isDirectory())
    assert.deepEqual(rooms.map(({ name }) => name).sort(), ['core', 'formats', 'kernel'])
    const files = await readdir(built, { recursive: true })
    assert.deepEqual(
      files.filter((name) => name.includes('.test.') || name.startsWith('formats/json')),
      [],
    )
  })

  test('has types that check alone, without those of Node', async () => {
    const file = join(folder, 'uses.ts')
    await writeFile(
      file,
      `import { decodeStream, decodeRequest, type X12Fault } from 'countersign-x12'
       export async function faultsIn(source: AsyncIterable<Uint8Array>): Promise<readonly X12Fault[]> {
         for await (const event of decodeStream(source, { strictness: 'strict' })) {
           if (event.kind === 'transaction' && !event.transaction.result.ok) return event.transaction.result.faults
         }
         return []
       }
       const read = decodeRequest('')
       export const sender: string | undefined = read.ok ? read.value.envelope.senderId : read.faults[0]?.at
      `,
    )
    const program = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2024,
      lib: ['lib.es2024.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    })
    const said = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    assert.deepEqual(said, [])
  })
})
