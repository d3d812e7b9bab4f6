import type { Logger } from '../platform/telemetry/index.ts'
import type { Gateway } from './gateway.ts'

const EVERY_MS = 5_000

/**
 * Every five seconds: sends what has not reached its payer and is due again, and asks payers what became of what they have. One
 * environment does not wait for the other's payers, and a round that still waits for some is not joined by another.
 *
 * @returns stops it, after the rounds that are running
 */
export function keepSending(
  gateways: readonly Pick<Gateway, 'environment' | 'sendDue'>[],
  logger: Pick<Logger, 'error'>,
): () => Promise<void> {
  const stops = gateways.map(({ environment, sendDue }) => {
    let running: Promise<unknown> | undefined
    const timer = setInterval(() => {
      running ??= sendDue()
        .catch((error: unknown) => logger.error({ environment, err: error }, 'payers were not asked'))
        .finally(() => {
          running = undefined
        })
    }, EVERY_MS)
    return async () => {
      clearInterval(timer)
      await running
    }
  })
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}
