import type { Actor } from '../../kernel/actor.ts'
import {
  type Announcement,
  announceOutage as announce,
  type DirectoryEntry,
  type DirectoryImport,
  type DirectoryImported,
  directory,
  endOutage as end,
  importDirectory,
} from '../payers/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** Every payer of the environment, by name, as the directory tells of it. */
export const listDirectory =
  ({ database, clock }: AdministrationDeps) =>
  (_request: Readonly<Record<string, never>> = {}): Promise<readonly DirectoryEntry[]> =>
    database.transaction({ role: 'staff' }, (tx) => directory(tx, clock.now()))

/**
 * Brings payers in from a file.
 *
 * @throws Problem `request/invalid` with every fault of the file; nothing is kept then
 */
export const importPayers =
  (deps: AdministrationDeps) =>
  (request: DirectoryImport, actor: Actor): Promise<DirectoryImported> =>
    deps.database.transaction({ role: 'staff' }, (tx) => importDirectory(tx, request, stamp(deps, actor)))

/** Tells callers that a payer cannot be reached. @throws Problem `state/not-found`, `request/invalid` */
export const announceOutage =
  (deps: AdministrationDeps) =>
  (request: Announcement, actor: Actor): Promise<{ readonly id: string }> =>
    deps.database.transaction({ role: 'staff' }, async (tx) => {
      const { id } = await announce(tx, request, stamp(deps, actor))
      return { id }
    })

/** Ends an outage now. @throws Problem `state/not-found` */
export const endOutage =
  (deps: AdministrationDeps) =>
  ({ outageId }: { readonly outageId: string }, actor: Actor): Promise<void> =>
    deps.database.transaction({ role: 'staff' }, (tx) => end(tx, outageId, stamp(deps, actor)))

function stamp({ environment, vault, clock, random }: AdministrationDeps, actor: Actor) {
  return { environment, vault, random, actor, at: clock.now() }
}
