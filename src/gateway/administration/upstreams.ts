import type { Actor } from '../../kernel/actor.ts'
import type { PayerId } from '../../kernel/ids.ts'
import {
  type ListedUpstream,
  listUpstreams as list,
  removeUpstream as remove,
  setUpstream as set,
  type UpstreamDraft,
} from '../connectors/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** Says where a payer is asked over a connection. @throws Problem `state/not-found`, `request/invalid` */
export const setUpstream =
  (deps: AdministrationDeps) =>
  (request: UpstreamDraft, actor: Actor): Promise<{ readonly payerId: PayerId }> =>
    deps.database.transaction({ role: 'staff' }, (tx) => set(tx, request, stamp(deps, actor)))

/** Every payer that is asked over a connection, without secrets. */
export const listUpstreams =
  ({ database }: AdministrationDeps) =>
  (_request: Readonly<Record<string, never>> = {}): Promise<readonly ListedUpstream[]> =>
    database.transaction({ role: 'staff' }, list)

/** Forgets where a payer is asked. @throws Problem `state/not-found` */
export const removeUpstream =
  (deps: AdministrationDeps) =>
  ({ payer }: { readonly payer: string }, actor: Actor): Promise<void> =>
    deps.database.transaction({ role: 'staff' }, (tx) => remove(tx, payer, stamp(deps, actor)))

function stamp({ vault, clock, random }: AdministrationDeps, actor: Actor) {
  return { vault, random, actor, at: clock.now() }
}
