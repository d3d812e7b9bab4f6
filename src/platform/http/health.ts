import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../kernel/time.ts'

/** Named checks of what a server needs in order to serve; one that rejects is not ready. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

const CHECK_TIMEOUT_MS = 2_000
/** Whoever asks more often gets the answer before: probes are open to all, and must not be a way to load a database. */
const REMEMBERED_MS = 1_000

/**
 * `GET /healthz`: this process is alive. `GET /readyz`: it can serve, or the names of what it waits for, and nothing
 * more about them: the reason goes to the log.
 */
export function answerHealth(server: FastifyInstance, checks: ReadinessChecks, clock: Clock): void {
  server.get('/healthz', async () => ({ status: 'alive' }))
  const notReady = remembered(() => failing(server, checks), clock)
  server.get('/readyz', async (_request, reply) => {
    const waitingFor = await notReady()
    if (waitingFor.length === 0) return { status: 'ready' }
    return reply.code(503).header('retry-after', '1').send({ status: 'not-ready', waitingFor })
  })
}

async function failing(server: FastifyInstance, checks: ReadinessChecks): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withinTime(check())
        return []
      } catch (error) {
        server.log.warn({ dependency: name, err: error }, 'a dependency is not ready')
        return [name]
      }
    }),
  )
  return outcomes.flat()
}

async function withinTime(checking: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS)
  })
  try {
    await Promise.race([checking, late])
  } finally {
    clearTimeout(timer)
  }
}

function remembered<T>(ask: () => Promise<T>, clock: Clock): () => Promise<T> {
  let asked = Number.NEGATIVE_INFINITY
  let answer: Promise<T> | undefined
  return () => {
    if (answer === undefined || clock.now() - asked >= REMEMBERED_MS) {
      asked = clock.now()
      answer = ask()
    }
    return answer
  }
}
