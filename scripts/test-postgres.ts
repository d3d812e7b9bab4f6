// Runs the tests that need a database on a PostgreSQL server: the one that TEST_DATABASE_URL names, or a private one that
// is started for them and removed after. Arguments are passed on to `node --test`; without any, all such tests run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { NoPostgres, startPostgres } from '../test/support/postgres.ts'

/** One reporter for people, and one that looks for secrets in all that was written. */
const WATCHED = [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=./test/support/leak-watch.ts',
  '--test-reporter-destination=stderr',
]
const TESTS = ['src/**/*.db.test.ts', 'test/proof/**/*.test.ts']

async function main(): Promise<number> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? undefined : await startPostgres()
  if (server) console.log(`PostgreSQL ${server.version}, private to these tests`)
  try {
    return await runTests(given ?? server?.url ?? '')
  } finally {
    await server?.stop()
  }
}

async function runTests(url: string): Promise<number> {
  const named = process.argv.slice(2)
  const tests = spawn(
    process.execPath,
    ['--test', '--test-concurrency=2', ...WATCHED, ...(named.length === 0 ? TESTS : named)],
    { stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: url } },
  )
  // Ctrl-C reaches the tests as well: wait for them, then stop the server.
  process.on('SIGINT', () => undefined)
  const [code] = (await once(tests, 'exit')) as [number | null]
  return code ?? 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof NoPostgres)) throw error
  console.error(error.message)
  process.exitCode = 1
}
