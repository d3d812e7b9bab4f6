import type { Actor } from '../../kernel/actor.ts'
import { keepKeys as keep } from '../signing-keys/index.ts'
import type { AdministrationDeps } from './deps.ts'
import { recordRotation } from './rotate-keys.ts'

const SCHEDULE: Actor = { kind: 'system', part: 'signing-keys' }

/**
 * The schedule of the signing keys: rotates with overlap when the newest has signed for so many days, and destroys private
 * keys that sign no more. For a timer; several processes may keep it.
 */
export function keepKeys(deps: Omit<AdministrationDeps, 'whoSaw'>, everyDays: number): Promise<void> {
  return deps.database.transaction({ role: 'worker' }, async (tx) => {
    const rotation = await keep(deps, tx, everyDays)
    if (rotation?.isNew) await recordRotation(deps, tx, rotation, SCHEDULE, false)
  })
}
