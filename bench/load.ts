// The load, in a process of its own. It is sent one task at a time and sends back what it measured.
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { connect, spell } from './connection.ts'
import { BARE, WORK } from './work.ts'

/** The server remembers 10,000 tokens that it has verified. */
const COLD_TOKENS = 11_000

/** What to do, for how long, from how many connections at once. */
export interface Task {
  readonly work: string
  readonly url: string
  readonly ca: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  /** The number of the first request; the next one has the next number. */
  readonly firstSerial: number
  /** Numbers begin again after so many. */
  readonly serials: number
}

export interface Measured {
  readonly requests: number
  readonly errors: number
  /** What the first error was. */
  readonly firstError?: string
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of the last answer. */
  readonly answerBytes: number
  /** What the load itself cost the machine, for each request. */
  readonly loadCpuMs: number
}

/** One asker; resolves to the size of its answer. */
interface Asker {
  ask(serial: number): Promise<number>
  close(): unknown
}

process.on('message', async (task: Task) => process.send?.(await measure(task)))
process.on('disconnect', () => process.exit())

async function measure(task: Task): Promise<Measured> {
  const askers = await Promise.all(Array.from({ length: task.connections }, () => askerFor(task)))
  const times: number[] = []
  let next = 0
  let errors = 0
  let firstError: string | undefined
  let answerBytes = 0
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const ends = began + task.seconds * 1000
  await Promise.all(
    askers.map(async (asker) => {
      while (performance.now() < ends) {
        const serial = task.firstSerial + (next++ % task.serials)
        const asked = performance.now()
        try {
          answerBytes = await asker.ask(serial)
          times.push(performance.now() - asked)
        } catch (error) {
          errors++
          firstError ??= (error as Error).message
          if (errors > 100) return
        }
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  for (const asker of askers) await asker.close()
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    rounded(times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? 0)
  return {
    requests: times.length,
    errors,
    ...(firstError === undefined ? {} : { firstError }),
    seconds: rounded(seconds),
    perSecond: rounded(times.length / seconds),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    answerBytes,
    loadCpuMs: rounded((cpu.user + cpu.system) / 1000 / Math.max(1, times.length)),
  }
}

function askerFor(task: Task): Promise<Asker> {
  return task.work === 'bare-commit' ? committer(task) : requester(task)
}

async function requester(task: Task): Promise<Asker> {
  const work = [...WORK, BARE].find(({ name }) => name === task.work)
  if (!work) throw new Error(`there is no work named ${task.work}`)
  const url = new URL(work.path, task.url)
  const headers = {
    ...task.headers,
    ...(work.contentType === undefined ? {} : { 'content-type': work.contentType }),
  }
  const tokens = work.isCold ? await manyTokens(task) : []
  const connection = await connect(task.url, task.ca)
  return {
    ask: async (serial) => {
      // On through all measurements: those that were used last are the ones that the server remembers.
      const token = tokens[nextToken++ % tokens.length]
      const proof = token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` }
      const { status, body } = await connection.ask(spell(work.method, url, proof, work.body(serial)))
      if (status !== 200 || !body.includes(work.expects))
        throw new Error(
          `expected 200 with ${work.expects}, found ${status}: ${body.toString('utf8', 0, 300)}`,
        )
      return body.length
    },
    close: () => connection.close(),
  }
}

let nextToken = 0
let collecting: Promise<readonly string[]> | undefined

/**
 * More tokens than the server remembers, which forgets the one that was used longest ago: in turn, each is one that it has
 * to verify. They are had once, and are good for five minutes.
 */
function manyTokens(task: Task): Promise<readonly string[]> {
  collecting ??= collectTokens(task)
  return collecting
}

async function collectTokens({ url, ca, headers }: Task): Promise<readonly string[]> {
  const endpoint = new URL('/oauth2/token', url)
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
  const request = spell('POST', endpoint, form, 'grant_type=client_credentials')
  const tokens: string[] = []
  const collect = async () => {
    const connection = await connect(url, ca)
    while (tokens.length < COLD_TOKENS) {
      const { status, body } = await connection.ask(request)
      if (status !== 200) throw new Error(`expected a token, found ${status}`)
      tokens.push(JSON.parse(body.toString('utf8')).access_token)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: 16 }, collect))
  return tokens
}

/** One small row, inserted and committed: what keeping anything at all costs on this database. */
async function committer({ url }: Task): Promise<Asker> {
  const client = new pg.Client(url)
  await client.connect()
  return {
    ask: async (serial) => {
      await client.query({
        name: 'one-row',
        text: 'insert into bench_rows (number, body) values ($1, $2)',
        values: [
          serial,
          'a row of about a hundred bytes, as small as a row that means something tends to be',
        ],
      })
      return 0
    },
    close: () => client.end(),
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

if (!process.send) {
  console.error('This is started by bench/main.ts.')
  process.exitCode = 1
} else {
  process.send('ready')
  await once(process, 'disconnect')
}
