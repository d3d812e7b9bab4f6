import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const logger = join(import.meta.dirname, 'index.ts')

for (const [how, last] of [
  ['ends by itself', ''],
  ['is told to end', 'process.exit(0)'],
  ['dies of an error', "throw new Error('the end')"],
] as const)
  test(`what was logged just before a process ${how} is written`, () => {
    const program = `
      const { openLogger } = await import(${JSON.stringify(logger)})
      openLogger({ level: 'info', format: 'json' }).info('the last line')
      ${last}`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program])
    assert.match(stdout.toString('utf8'), /the last line/)
  })
