import type { Logger } from '../platform/telemetry/index.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Gateways } from './gateway.ts'

const EVERY_MS = 60_000

/**
 * Once a minute: delivers what a gateway has not acknowledged, and removes what is past its time.
 *
 * @returns stops it, after the round that is running
 */
export function keepUp(control: ControlPlane, gateways: Gateways, logger: Logger): () => Promise<void> {
  let running = Promise.resolve()
  const work = async () => {
    await control.keepUp()
    await gateways.sandbox.prune()
    await gateways.production.prune()
  }
  const timer = setInterval(() => {
    running = running
      .then(work)
      .catch((error: unknown) => logger.error({ err: error }, 'a round of upkeep failed'))
  }, EVERY_MS)
  return async () => {
    clearInterval(timer)
    await running
  }
}
