import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { TestEvent } from 'node:test/reporters'
import { leaksIn } from './leaks.ts'
import { RECORD_FOLDER } from './suite-record.ts'

// Before the first test starts: they inherit it.
const folder = mkdtempSync(join(tmpdir(), 'countersign-suite-'))
process.env[RECORD_FOLDER] = folder

/**
 * A reporter beside the one for people. It looks through everything that the suite and its servers wrote for every secret
 * that the suite made; a find fails the run.
 */
export default async function* watchForLeaks(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const said: string[] = []
  for await (const event of events) said.push(textOf(event))
  const secrets = readAll('made')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string)
  const written = [said.join('\n'), readAll('wrote')]
  rmSync(folder, { recursive: true, force: true })
  const leaks = written.flatMap((text) => leaksIn(text, secrets))
  const size = written.reduce((sum, text) => sum + text.length, 0)
  yield `\nLooked through ${(size / 1e6).toFixed(1)} MB that the tests and their servers wrote, for ${new Set(secrets).size} secrets by value and for every client secret, token and private key by its form: `
  yield leaks.length === 0 ? 'none is there.\n' : `FOUND\n${leaks.map((leak) => `  ${leak}\n`).join('')}`
  if (leaks.length > 0) process.exitCode = 1
}

function readAll(kind: 'made' | 'wrote'): string {
  return readdirSync(folder)
    .filter((name) => name.startsWith(kind))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}

/** What a person would see of an event, failures with their values included. */
function textOf({ type, data }: TestEvent): string {
  if (type === 'test:stdout' || type === 'test:stderr' || type === 'test:diagnostic') return data.message
  if (type === 'test:fail') return `${data.name} ${data.details.error.message} ${data.details.error.stack}`
  return type === 'test:pass' ? data.name : ''
}
