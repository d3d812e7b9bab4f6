/**
 * Holds the walls of the house and its picture: runs the rules of `.dependency-cruiser.cjs` over every import, makes
 * sure that the tree was really read, and compares `docs/architecture.md` with what the imports draw.
 *
 *     npm run walls            check
 *     npm run walls -- --draw  write the picture anew
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTypeScript from 'dependency-cruiser/config-utl/extract-ts-config'
import { drawHouse, type Import } from './draw-house.ts'

const ROOTS = ['src', 'portal/src'].filter((root) => existsSync(root))
const PICTURE = 'docs/architecture.md'

const result = await readImports()
const failures = [
  ...brokenRules(result),
  ...(await unreadFiles(result)),
  ...(await comparePicture(importsOf(result))),
]
for (const failure of failures) console.error(failure)
if (failures.length > 0) process.exit(1)
console.log(
  `The walls hold: ${result.summary.totalCruised} modules, ${result.summary.totalDependenciesCruised} imports.`,
)

async function readImports(): Promise<ICruiseResult> {
  const options = await extractOptions('./.dependency-cruiser.cjs')
  const { output } = await cruise(ROOTS, { ...options, outputType: 'json' }, undefined, {
    tsConfig: extractTypeScript('tsconfig.json'),
  })
  return typeof output === 'string' ? (JSON.parse(output) as ICruiseResult) : output
}

function brokenRules(found: ICruiseResult): string[] {
  return found.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} -> ${cycle ? cycle.map((step) => step.name).join(' -> ') : to}`,
  )
}

/** A cruiser that cannot parse TypeScript reads nothing, finds nothing wrong, and exits with 0. */
async function unreadFiles(found: ICruiseResult): Promise<string[]> {
  const read = new Set(found.modules.map((module) => module.source))
  const files = (await Promise.all(ROOTS.map(listSources))).flat()
  return files.filter((file) => !read.has(file)).map((file) => `not read by the wall check: ${file}`)
}

async function listSources(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true }).catch(() => [])
  return entries
    .filter((entry) => /\.tsx?$/.test(entry) && !entry.endsWith('.d.ts'))
    .map((entry) => join(root, entry))
}

function importsOf(found: ICruiseResult): Import[] {
  return found.modules
    .filter((module) => /^(src|portal)\//.test(module.source))
    .flatMap((module) => [
      { from: module.source, to: module.source },
      ...module.dependencies.map((dependency) => ({ from: module.source, to: dependency.resolved })),
    ])
}

async function comparePicture(imports: readonly Import[]): Promise<string[]> {
  const written = await readFile(PICTURE, 'utf8').catch(() => '')
  const drawn = drawHouse(written, imports)
  if (drawn === written) return []
  if (process.argv.includes('--draw')) {
    await writeFile(PICTURE, drawn)
    return []
  }
  return [`${PICTURE} no longer shows what the imports draw; run: npm run walls -- --draw`]
}
