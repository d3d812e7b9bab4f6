import type { Actor } from '../../kernel/actor.ts'
import { type Rotation, type RotationRequest, rotateSecret as rotate } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

/**
 * Gives a client a second secret, which is in this answer and nowhere else, and lets the first one end.
 *
 * @throws Problem `state/not-found`, `state/already-there`, `request/invalid`
 */
export const rotateSecret =
  (deps: AdministrationDeps) =>
  async (request: RotationRequest, actor: Actor): Promise<Rotation> => {
    // A node that has not looked for long might take a pepper that is retired by now.
    await deps.peppers.refresh()
    return deps.database.transaction({ role: 'staff' }, async (tx) => {
      const rotation = await rotate(deps, tx, request)
      await deps.record(tx, {
        at: deps.clock.now(),
        actor,
        act: 'secret.rotate',
        on: rotation.secretId,
        organizationId: request.organizationId,
        outcome: 'done',
        detail: {
          client: request.clientId,
          overlapDays: request.overlapDays,
          ...(rotation.replaces && { replaces: rotation.replaces.secretId }),
        },
      })
      return rotation
    })
  }
