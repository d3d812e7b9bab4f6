/**
 * Completes package-lock.json with the optional packages of other platforms.
 *
 * npm leaves a platform's package out of the lockfile when its registry could not give it, and `npm ci` then refuses the
 * lockfile everywhere. What is added here is the version that its parent names and the platform that its name says, so
 * `npm ci` passes, skips it where it does not fit, and fetches it where it does. Run after every change of packages:
 *
 *     node scripts/complete-lockfile.ts
 */
import { readFile, writeFile } from 'node:fs/promises'

interface Entry {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}

interface Lockfile {
  packages: Record<string, Entry>
}

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
]
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

const lockfile = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile
const added = missing(lockfile)
for (const [path, entry] of added) lockfile.packages[path] = entry
lockfile.packages = Object.fromEntries(
  Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
)
await writeFile('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`)
console.log(
  added.length === 0
    ? 'The lockfile is complete.'
    : `Added ${added.map(([path]) => path.slice('node_modules/'.length)).join(', ')}.`,
)

function missing({ packages }: Lockfile): readonly (readonly [string, Entry])[] {
  return Object.values(packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(
        ([name, version]) => [`node_modules/${name}`, entryFor(name, version, parent.dev === true)] as const,
      ),
  )
}

function entryFor(name: string, version: string, isDev: boolean): Entry {
  const words = name.split(/[/-]/)
  const system = name.includes('wasm32')
    ? undefined
    : (SYSTEMS.find((known) => words.includes(known)) ?? (name === 'fsevents' ? 'darwin' : undefined))
  const processor = name.includes('wasm32') ? 'wasm32' : PROCESSORS.find((known) => words.includes(known))
  const library = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  if (system === undefined && processor === undefined)
    throw new Error(`${name} names no platform; it is missing for another reason`)
  return {
    version: version.replace(/^[~^]/, ''),
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(isDev ? { dev: true } : {}),
    ...(library === undefined ? {} : { libc: [library] }),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  }
}
