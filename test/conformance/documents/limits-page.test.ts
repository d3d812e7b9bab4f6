import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { KEPT_DAYS, MOST_OPEN, UPLOAD } from '../../../src/gateway/batches/index.ts'
import { POLICIES, type Policy } from '../../../src/gateway/limits/index.ts'
import { DEFAULT_LIMITS } from '../../../src/platform/http/index.ts'

const page = await readFile(join(import.meta.dirname, '../../../docs/reference/limits.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim()))
const rowOf = (first: string) => rows.find(([cell]) => cell === first)?.slice(1)
const grouped = (value: number) => value.toLocaleString('en-US')

const settingOf = ({ setting, times }: Policy) =>
  times === 1 ? `\`${setting}\`` : `\`${setting}\`, ${times} times`

for (const [name, policy] of Object.entries(POLICIES))
  test(`the published limit ${name} is the one that holds`, () => {
    const { counts, by, quota, windowSeconds } = policy
    assert.deepEqual(rowOf(`\`${name}\``), [
      counts,
      by,
      `${grouped(quota)} in ${windowSeconds} s`,
      settingOf(policy),
    ])
  })

const KIB = 1024
const SERVER: Readonly<Record<string, string>> = {
  'request line and headers together': `${DEFAULT_LIMITS.headerBytes / KIB} KiB`,
  'until the headers have come': seconds(DEFAULT_LIMITS.headersTimeoutMs),
  'until the whole request has come': seconds(DEFAULT_LIMITS.requestTimeoutMs),
  'an idle connection is kept for': seconds(DEFAULT_LIMITS.keepAliveTimeoutMs),
  'a connection on which nothing moves': seconds(DEFAULT_LIMITS.socketTimeoutMs),
  'the TLS handshake': seconds(DEFAULT_LIMITS.handshakeTimeoutMs),
  'requests on one connection': grouped(DEFAULT_LIMITS.requestsPerConnection),
  'open connections': grouped(DEFAULT_LIMITS.connections),
  'open connections from one address': grouped(DEFAULT_LIMITS.connectionsPerAddress),
}

function seconds(ms: number): string {
  return `${ms / 1000} s`
}

for (const [what, limit] of Object.entries(SERVER))
  test(`the published bound of the server holds: ${what}`, () => assert.deepEqual(rowOf(what), [limit]))

const batches = await readFile(join(import.meta.dirname, '../../../docs/guides/batches.md'), 'utf8')
const BATCHES: Readonly<Record<string, string>> = {
  'an upload': `${UPLOAD.bytes / KIB / KIB} MiB`,
  'items of an upload': grouped(UPLOAD.items),
  'an item': `${UPLOAD.itemBytes / KIB / KIB} MiB`,
  'interchanges of a file': grouped(UPLOAD.interchanges),
  'unfinished batches of a company': grouped(MOST_OPEN),
  'a batch and its answers are kept': `${KEPT_DAYS} days`,
}
for (const [what, limit] of Object.entries(BATCHES))
  test(`the published bound of batches holds: ${what}`, () =>
    assert.match(batches, new RegExp(`^\\| ${what} +\\| ${limit} +\\|$`, 'm')))
