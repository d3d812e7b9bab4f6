#!/usr/bin/env node
// Starts the command line under a Node.js that can run it: this one, or the one that the lockfile pins.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const NEEDED = 24
const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import('../src/cli/main.ts')
} else {
  const pinned = ['x64', 'arm64']
    .map((cpu) => join(root, `node_modules/node-linux-${cpu}/bin/node`))
    .find((path) => existsSync(path))
  if (!pinned) {
    console.error(
      `Countersign needs Node.js ${NEEDED} or later and this is ${process.version}. Run npm ci first.`,
    )
    process.exit(1)
  }
  const child = spawnSync(pinned, [join(root, 'bin/countersign.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exit(child.status ?? 1)
}
