import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type RotationOutcome, rotateKeys as rotate } from '../signing-keys/index.ts'
import type { AdministrationDeps } from './deps.ts'

export interface KeyRotation {
  /** After a compromise: the old keys stop verifying at once, and every token with them. */
  readonly atOnce?: boolean | undefined
}

/**
 * Makes the next signing key; with overlap, unless told that it cannot wait. A rotation that is under way is not begun a
 * second time, except at once.
 */
export const rotateKeys =
  (deps: AdministrationDeps) =>
  ({ atOnce = false }: KeyRotation, actor: Actor): Promise<RotationOutcome> =>
    deps.database.transaction({ role: 'worker' }, async (tx) => {
      const outcome = await rotate(deps, tx, atOnce ? 'at once' : 'with overlap')
      if (outcome.isNew) await recordRotation(deps, tx, outcome, actor, atOnce)
      return outcome
    })

/** The record names the key by its public id. */
export function recordRotation(
  { record, clock }: Pick<AdministrationDeps, 'record' | 'clock'>,
  tx: Tx,
  { kid, signsFrom }: RotationOutcome,
  actor: Actor,
  atOnce: boolean,
): Promise<void> {
  const detail = { signsFrom: new Date(signsFrom).toISOString(), mode: atOnce ? 'at-once' : 'with-overlap' }
  return record(tx, { at: clock.now(), actor, act: 'keys.rotate', on: kid, outcome: 'done', detail })
}
