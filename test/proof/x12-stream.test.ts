// Memory stays flat however long a stream of interchanges is, whatever is in it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const READER = join(import.meta.dirname, '../support/read-a-stream.ts')
const TO_MB = 1_000_000

interface Measured {
  readonly transactions: number
  readonly faults: number
  /** Heap after collection, halfway and at the end. */
  readonly halfway: number
  readonly end: number
  /** The most that the process ever had. */
  readonly peak: number
}

async function reading(kind: string, megabytes: number): Promise<Measured> {
  const { stdout } = await run(process.execPath, ['--expose-gc', READER, kind, String(megabytes)])
  return JSON.parse(stdout) as Measured
}

/** What a reader may hold beyond what the runtime needs to start. */
const HEAP_GROWTH = 4 * TO_MB
const PEAK = 400 * TO_MB

for (const [kind, what] of [
  ['sound', 'sound interchanges'],
  ['faulty', 'interchanges with faults'],
  ['endless-segment', 'a segment that never ends'],
  ['endless-transaction', 'a transaction that never ends'],
] as const) {
  test(`100 MB of ${what} are read in flat memory`, async () => {
    const measured = await reading(kind, 100)
    const { halfway, end, peak, transactions, faults } = measured
    assert.ok(end - halfway < HEAP_GROWTH, JSON.stringify(measured))
    assert.ok(peak < PEAK, JSON.stringify(measured))
    if (kind === 'sound') assert.ok(transactions > 90_000 && faults === 0, JSON.stringify(measured))
  })
}
