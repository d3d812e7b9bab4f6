// npm run bench: first figures of the whole server, beside two peers. What they mean, and do not: README.md.
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NoPostgres } from '../test/support/postgres.ts'
import { cpuOf, spent } from './cpu.ts'
import { type Figure, type Figures, ratiosOf } from './figures.ts'
import type { Measured, Task } from './load.ts'
import { revocationLatency } from './revocation.ts'
import { type Stage, setStage } from './stage.ts'
import { foot, head, progress, row } from './table.ts'
import { BARE, WORK, type Work } from './work.ts'
import { measureCodecs, tableOfCodecs, X12 } from './x12.ts'

/** Not a load, but named in `--only` like one. */
const REVOCATION = 'revocation'

const USAGE = `usage: npm run bench -- [options]
  --seconds=6           how long each measurement takes
  --only=NAME           one work alone, by name; may be repeated: ${[...WORK.map(({ name }) => name), REVOCATION, X12].join(', ')}
  --peers=FOLDER        where node-x12 and x12-parser are installed, when not here
  --connections=N       1 and 16 when left out; may be repeated
  --first-figures       write results/first-figures.json, which is committed; else a file below results/local
  --profile=FOLDER      have the server leave a CPU profile there (its figures are then lower)`

const COMMIT = { name: 'bare-commit', title: 'Peer: one row, one commit' }
const RESULTS = join(import.meta.dirname, 'results')
const WARM_UP = { connections: 8, seconds: 2 }
const NO_END = 2 ** 30

interface Wanted {
  readonly seconds: number
  readonly only: readonly string[]
  readonly connections: readonly number[]
  readonly isFirst: boolean
  readonly profile: string | undefined
  readonly peers: string | undefined
}

function wanted(): Wanted {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '6' },
      only: { type: 'string', multiple: true, default: [] },
      connections: { type: 'string', multiple: true, default: ['1', '16'] },
      'first-figures': { type: 'boolean', default: false },
      profile: { type: 'string' },
      peers: { type: 'string' },
    },
  })
  return {
    seconds: Number(values.seconds),
    only: values.only,
    connections: values.connections.map(Number),
    isFirst: values['first-figures'],
    profile: values.profile,
    peers: values.peers,
  }
}

/** Numbers that were given out, so that no two submissions are alike and inquiries ask after what is there. */
interface Serials {
  next: number
  /** How many the first measured submissions took; what can be asked after. */
  known: number
}

async function measureAll(stage: Stage, want: Wanted): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const serials: Serials = { next: 1, known: 0 }
  const add = (figure: Figure) => {
    figures.push(figure)
    say(`${row(figure)}\n`)
  }
  say(`${head()}\n`)
  for (const work of WORK) {
    if (want.only.length > 0 && !want.only.includes(work.name)) continue
    const target = await targetOf(stage, work)
    if (work.serials === 'known' && serials.known === 0) await fill(stage, serials)
    await warmUp(stage, work, target.url, serials)
    for (const connections of want.connections)
      add(await measure(stage, work, target, { connections, seconds: want.seconds }, serials))
  }
  if (want.only.length > 0) return figures
  const answerBytes = figures[0]?.answerBytes ?? 0
  const bare = await stage.bare(answerBytes)
  await warmUp(stage, BARE, bare.url, serials)
  for (const connections of want.connections)
    add(
      await measure(
        stage,
        BARE,
        { url: bare.url, pids: [bare.pid] },
        { connections, seconds: want.seconds },
        serials,
      ),
    )
  const commit = { ...BARE, ...COMMIT }
  for (const connections of want.connections)
    add(
      await measure(
        stage,
        commit,
        { url: stage.databaseUrl, pids: [] },
        { connections, seconds: want.seconds },
        serials,
      ),
    )
  return figures
}

let oidcProvider: ReturnType<Stage['oidcProvider']> | undefined

async function targetOf(stage: Stage, { peer }: Work) {
  if (peer === undefined) return { url: stage.url, pids: [stage.serverPid] }
  oidcProvider ??= stage.oidcProvider()
  const { url, pid } = await oidcProvider
  return { url, pids: [pid] }
}

/** So that the first figure is of code that the engine has compiled and pages that the database has read. */
async function warmUp(stage: Stage, work: Work, url: string, serials: Serials): Promise<void> {
  await stage.load(await taskOf(stage, work, url, WARM_UP, serials))
  if (work.serials === 'fresh') serials.next += 100_000
}

/** Something to inquire after, when submissions are not measured. */
async function fill(stage: Stage, serials: Serials): Promise<void> {
  const [submission] = WORK
  if (!submission) return
  const task = await taskOf(stage, submission, stage.url, { connections: 16, seconds: 2 }, serials)
  note(serials, submission, task, await stage.load(task))
}

interface Effort {
  readonly connections: number
  readonly seconds: number
}

async function taskOf(
  stage: Stage,
  work: Work,
  url: string,
  effort: Effort,
  serials: Serials,
): Promise<Task> {
  return {
    work: work.name,
    url,
    ca: stage.ca,
    headers: await stage.proof(work.proof),
    ...effort,
    firstSerial: work.serials === 'known' ? knownFrom : serials.next,
    serials: work.serials === 'known' ? serials.known : NO_END,
  }
}

let knownFrom = 1

function note(serials: Serials, work: Work, task: Task, measured: Measured): void {
  if (work.serials !== 'fresh') return
  serials.next = task.firstSerial + measured.requests + measured.errors
  if (work.path === BARE.path || measured.requests < serials.known) return
  knownFrom = task.firstSerial
  serials.known = measured.requests
}

async function measure(
  stage: Stage,
  work: Work,
  target: { readonly url: string; readonly pids: readonly number[] },
  effort: Effort,
  serials: Serials,
): Promise<Figure> {
  const task = await taskOf(stage, work, target.url, effort, serials)
  const began = Date.now()
  const show = () =>
    say(`${progress(work.title, effort.connections, (Date.now() - began) / (effort.seconds * 1000))}\r`)
  const timer = process.stdout.isTTY ? setInterval(show, 100) : undefined
  const serverBefore = await cpuOf(target.pids)
  const databaseBefore = await cpuOf(await stage.databasePids())
  const measured = await stage.load(task)
  const server = spent(serverBefore, await cpuOf(target.pids))
  const database = spent(databaseBefore, await cpuOf(await stage.databasePids()))
  clearInterval(timer)
  note(serials, work, task, measured)
  const each = (ms: number) => Number((ms / Math.max(1, measured.requests)).toPrecision(3))
  return {
    name: work.name,
    title: work.title,
    connections: effort.connections,
    ...measured,
    ...(serverBefore.size === 0 ? {} : { serverCpuMs: each(server) }),
    // The connections of the raw commits are gone by now, and what they spent with them.
    ...(work.name === COMMIT.name || databaseBefore.size === 0 ? {} : { databaseCpuMs: each(database) }),
  }
}

async function keep(figures: Figures, isFirst: boolean): Promise<string> {
  const name = isFirst ? 'first-figures.json' : `local/${figures.takenOn.replaceAll(':', '-')}.json`
  await mkdir(join(RESULTS, 'local'), { recursive: true })
  await writeFile(join(RESULTS, name), `${JSON.stringify(figures, null, 2)}\n`)
  return `bench/results/${name}`
}

function say(text: string): void {
  process.stdout.write(text)
}

async function main(): Promise<number> {
  const want = wanted()
  if (want.only.includes(X12)) {
    say(`${tableOfCodecs(await measureCodecs(want.seconds, want.peers))}\n`)
    return 0
  }
  const [loadBefore = 0] = os.loadavg()
  say('Starting a private PostgreSQL and the server on it…\n\n')
  const stage = await setStage(want.profile)
  try {
    const figures = await measureAll(stage, want)
    const wantsRevocation = want.only.length === 0 || want.only.includes(REVOCATION)
    const revocation = wantsRevocation ? await revocationLatency(await stage.twoNodes()) : undefined
    const all: Figures = {
      takenOn: new Date().toISOString().slice(0, 19),
      machine: {
        cores: os.availableParallelism(),
        processor: os.cpus()[0]?.model.trim() ?? 'unknown',
        memoryGiB: Math.round(os.totalmem() / 2 ** 30),
        system: `${os.type()} ${os.arch()}`,
        node: process.versions.node,
        postgres: stage.databaseVersion,
        loadBefore,
      },
      secondsEach: want.seconds,
      figures,
      ...(revocation && { revocation }),
      ratios: ratiosOf(figures),
    }
    say(`\n${foot(all)}\n\nKept in ${await keep(all, want.isFirst)}\n`)
    const wrong = figures.filter(({ errors }) => errors > 0)
    for (const { title, firstError } of wrong) say(`${title}: ${firstError}\n`)
    return wrong.length === 0 ? 0 : 1
  } finally {
    await stage.close()
  }
}

try {
  if (process.argv.includes('--help')) say(`${USAGE}\n`)
  else process.exitCode = await main()
} catch (error) {
  if (!(error instanceof NoPostgres)) throw error
  console.error(error.message)
  process.exitCode = 1
}
