import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { exportLines } from './shell.ts'

const HOSTILE = [
  'plain',
  "/srv/wren's data/tls/ca.pem",
  '$(touch x) `touch x` "$HOME" \\',
  "'; touch x; '",
  'two\nlines',
]

test('a shell reads each variable as it was written, and runs nothing of it', () => {
  for (const value of HOSTILE) {
    const script = `${exportLines({ COUNTERSIGN_CA_FILE: value })}printf %s "$COUNTERSIGN_CA_FILE"`
    assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8' }), value)
  }
})
