import type { Logger } from '../platform/telemetry/index.ts'
import type { Gateway } from './gateway.ts'

const EVERY_MS = 1_000

/**
 * Looks each second whether batches wait, and works through them: one environment after the other, each never twice at one
 * time.
 *
 * @returns stops it, after what is in hand
 */
export function runBatches(
  gateways: readonly Pick<Gateway, 'environment' | 'workBatches'>[],
  logger: Pick<Logger, 'error'>,
): () => Promise<void> {
  let stopped = false
  const rounds = gateways.map(({ environment, workBatches }) => {
    let running: Promise<unknown> | undefined
    const timer = setInterval(() => {
      running ??= workBatches(() => !stopped)
        .catch((error: unknown) =>
          logger.error({ environment, err: error }, 'batches could not be worked through'),
        )
        .finally(() => {
          running = undefined
        })
    }, EVERY_MS)
    return { timer, ended: () => running }
  })
  return async () => {
    stopped = true
    for (const { timer } of rounds) clearInterval(timer)
    await Promise.all(rounds.map(({ ended }) => ended()))
  }
}
