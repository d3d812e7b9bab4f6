/** `npm start`: reads the settings, starts, says where everything is, and stops when asked. */
import process from 'node:process'
import { DataDirectoryRefused } from '../platform/data-directory/index.ts'
import { DatabaseDamaged, DatabaseUnavailable, MigrationFailed } from '../platform/database/index.ts'
import { KeyFileUnfit } from '../platform/secrets/index.ts'
import { UnfitMaterial } from '../platform/tls/index.ts'
import { readConfig, WrongSettings } from './config.ts'
import { greet } from './greeting.ts'
import { ListenerBusy } from './listeners.ts'
import { progressOn } from './progress.ts'
import { start } from './start.ts'

/** What can be wrong with a machine or its settings: said in a sentence, without a stack. */
const FOR_THE_OPERATOR = [
  WrongSettings,
  DataDirectoryRefused,
  DatabaseUnavailable,
  DatabaseDamaged,
  MigrationFailed,
  KeyFileUnfit,
  UnfitMaterial,
  ListenerBusy,
]

async function main(): Promise<void> {
  const began = performance.now()
  const running = await start(
    readConfig(),
    progressOn(process.stdout, () => performance.now()),
  )
  const stopOn = (signal: NodeJS.Signals) =>
    process.once(signal, () => {
      process.stdout.write('\nStopping. Once more stops at once.\n')
      for (const again of ['SIGINT', 'SIGTERM'] as const) process.once(again, () => process.exit(130))
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`Could not stop cleanly: ${error instanceof Error ? error.message : error}\n`)
          process.exit(1)
        },
      )
    })
  stopOn('SIGINT')
  stopOn('SIGTERM')
  // Last: whoever reads that Ctrl-C stops it may press it at once.
  process.stdout.write(greet({ ...running.greeting, startedInMs: performance.now() - began }))
}

main().catch((error: unknown) => {
  if (FOR_THE_OPERATOR.some((kind) => error instanceof kind))
    process.stderr.write(`\n${(error as Error).message}\n`)
  else
    process.stderr.write(
      `\nCountersign could not start; this is a fault in it.\n${error instanceof Error ? error.stack : error}\n`,
    )
  process.exit(1)
})
