import type { Logger } from '../platform/telemetry/index.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Gateway } from './gateway.ts'

type Upkept = readonly Pick<Gateway, 'prune' | 'settleDue' | 'keepKeys'>[]

const EVERY_MS = 60_000

/**
 * Once a minute: delivers what a gateway has not acknowledged, removes what is past its time, settles what is due in the
 * sandbox, and rotates signing keys that are due.
 *
 * @returns stops it, after the round that is running
 */
export function keepUp(
  control: Pick<ControlPlane, 'keepUp'> | undefined,
  gateways: Upkept,
  logger: Pick<Logger, 'error'>,
): () => Promise<void> {
  let running = Promise.resolve()
  // Each by itself: a gateway that does not answer must not keep the others' answers past their time.
  const chores = [
    ...(control ? [() => control.keepUp()] : []),
    ...gateways.flatMap((gateway) => [
      () => gateway.prune(),
      () => gateway.settleDue(),
      () => gateway.keepKeys(),
    ]),
  ]
  const round = async () => {
    for (const chore of chores)
      await chore().catch((error: unknown) => logger.error({ err: error }, 'a part of the upkeep failed'))
  }
  const timer = setInterval(() => {
    running = running.then(round)
  }, EVERY_MS)
  return async () => {
    clearInterval(timer)
    await running
  }
}
