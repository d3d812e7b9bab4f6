import { record } from '../../audit/index.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person } from '../people/index.ts'
import type { ContractsDeps } from './deps.ts'
import { locked, requestOf, sessionOf } from './find.ts'
import { type Acting, actorOf, type ProductionRequest, type RequestState } from './model.ts'
import { type MoveName, requireMayMove, requireMove } from './moves.ts'
import * as store from './store.ts'

/** What somebody names who acts on a request. */
export interface Seen {
  readonly requestId: string
  /** The version that they have seen. */
  readonly version: number
}

/** @throws Problem `access/role-missing`; `state/not-found`; `state/not-allowed`; `state/moved-on` */
export function submit(deps: ContractsDeps, membership: Membership, seen: Seen): Promise<ProductionRequest> {
  requireMayMove('submit', membership)
  return move(deps, { side: 'partner', membership }, 'submit', seen, () => ({ state: 'submitted' }))
}

/**
 * Takes a request back, with what was offered on it.
 *
 * @throws Problem `access/role-missing`; `state/not-found`; `state/not-allowed`; `state/moved-on`
 */
export function withdraw(
  deps: ContractsDeps,
  membership: Membership,
  { reason, ...seen }: Seen & { readonly reason?: string },
): Promise<ProductionRequest> {
  requireMayMove('withdraw', membership)
  return move(deps, { side: 'partner', membership }, 'withdraw', seen, () => ({
    state: 'withdrawn',
    ...(reason === undefined ? {} : { reason }),
  }))
}

/** The partner desk takes a request up. @throws Problem `state/not-found`; `state/not-allowed`; `state/moved-on` */
export function review(deps: ContractsDeps, person: Person, seen: Seen): Promise<ProductionRequest> {
  return move(deps, { side: 'operator', person }, 'review', seen, () => ({ state: 'in-review' }))
}

/** @throws Problem `state/not-found`; `state/not-allowed`; `state/moved-on` */
export function decline(
  deps: ContractsDeps,
  person: Person,
  { reason, ...seen }: Seen & { readonly reason: string },
): Promise<ProductionRequest> {
  return move(deps, { side: 'operator', person }, 'decline', seen, () => ({ state: 'declined', reason }))
}

/**
 * Takes an offer back, signed by the partner or not, to make another.
 *
 * @throws Problem `state/not-found`; `state/not-allowed`; `state/moved-on`
 */
export function takeBack(deps: ContractsDeps, person: Person, seen: Seen): Promise<ProductionRequest> {
  return move(deps, { side: 'operator', person }, 'take-back', seen, () => ({ state: 'in-review' }))
}

function move(
  deps: ContractsDeps,
  acting: Acting,
  name: MoveName,
  { requestId, version }: Seen,
  to: () => RequestState,
): Promise<ProductionRequest> {
  return deps.database.transaction(sessionOf(acting), async (tx) => {
    const before = await locked(tx, () => requestOf(tx, requestId))
    requireMove(name, before, version)
    const now = deps.clock.now()
    // What was offered on it cannot be signed any more.
    if (before.state === 'offered' || before.state === 'partner-signed')
      await store.markVoid(tx, before.contractId)
    return put(tx, before, to(), { acting, name, now })
  })
}

/** Puts a request into its next state, on the record. */
export async function put(
  tx: Tx,
  before: ProductionRequest,
  to: RequestState,
  { acting, name, now }: { readonly acting: Acting; readonly name: MoveName; readonly now: Instant },
): Promise<ProductionRequest> {
  await store.moveRequest(tx, before, to, now)
  await record(tx, {
    at: now,
    actor: actorOf(acting),
    act: `production-request.${name}`,
    on: before.id,
    organizationId: before.organizationId,
    outcome: 'done',
    ...('contractId' in to ? { detail: { contract: to.contractId } } : {}),
  })
  return requestOf(tx, before.id)
}
