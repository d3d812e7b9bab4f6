import type { Environment } from '../../kernel/actor.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Peppers } from '../../platform/secrets/index.ts'

/** What clients and secrets are made with. */
export interface Registrar {
  readonly environment: Environment
  readonly peppers: Peppers
  readonly clock: Clock
  readonly random: Random
}
