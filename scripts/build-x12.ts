/**
 * Builds the X12 codec to JavaScript with types, as a package that stands alone: what `countersign/x12` exports.
 *
 *     npm run build:x12            into dist/x12
 *     npm run build:x12 -- FOLDER  elsewhere
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '..')
const ENTRY = 'formats/x12/index'
const out = process.argv[2] ?? join(ROOT, 'dist/x12')

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
compile()
await writeFile(join(out, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`)
await cp(join(ROOT, 'src/formats/x12/README.md'), join(out, 'README.md'))
await cp(join(ROOT, 'LICENSE'), join(out, 'LICENSE'))

/** The codec, and of core and kernel what it needs. */
function compile(): void {
  const program = ts.createProgram([join(ROOT, 'src', `${ENTRY}.ts`)], {
    target: ts.ScriptTarget.ES2024,
    lib: ['lib.es2024.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    types: ['node'],
    rootDir: join(ROOT, 'src'),
    outDir: out,
  })
  const { diagnostics } = program.emit()
  const all = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (all.length === 0) return
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => '\n',
  }
  console.error(ts.formatDiagnostics(all, host))
  process.exit(1)
}

async function manifest() {
  const { version, license } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string
    license: string
  }
  return {
    name: 'countersign-x12',
    version,
    description: 'A codec for X12 278 (005010X215 and 005010X217), TA1 and 999',
    license,
    type: 'module',
    engines: { node: '>=22' },
    exports: { '.': { types: `./${ENTRY}.d.ts`, default: `./${ENTRY}.js` } },
    sideEffects: false,
  }
}
