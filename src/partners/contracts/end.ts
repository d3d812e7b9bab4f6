import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Person } from '../people/index.ts'
import { endEntitlementOf, settleProduction } from '../subscriptions/index.ts'
import type { ContractsDeps } from './deps.ts'
import { contractOf, locked, sessionOf } from './find.ts'
import { type Acting, actorOf, type Contract } from './model.ts'
import { requireMayMove } from './moves.ts'
import * as store from './store.ts'
import { endAfterNotice, standingOf } from './term.ts'

/**
 * Ends a contract at a moment, for a reason: from then on its gateway refuses production, with tokens that are out as well.
 * It never makes an end later.
 *
 * @param at now when absent
 * @throws Problem `state/not-found`; `state/not-allowed` it is not in force, or ends before that by itself; `request/invalid`
 *         the moment is past
 */
export async function terminate(
  deps: ContractsDeps,
  person: Person,
  contractId: string,
  { at, reason }: { readonly at?: Instant; readonly reason: string },
): Promise<Contract> {
  return end(deps, { side: 'operator', person }, contractId, 'contract.terminate', (contract, now) => {
    const endsAt = at ?? now
    if (endsAt < now)
      throw new Problem('request/invalid', 'A contract cannot end in the past.', {
        faults: [{ at: '/at', message: 'it is past already' }],
      })
    if (contract.endsAt !== undefined && contract.endsAt <= endsAt)
      throw new Problem('state/not-allowed', `The contract ends on ${moment(contract.endsAt)} already.`)
    return { endsAt, kind: 'terminated', reason }
  })
}

/**
 * Says that a contract shall not go on beyond its term, for either side.
 *
 * @throws Problem `access/role-missing`; `state/not-found`; `state/not-allowed` it is not in force, or has an end already
 */
export async function giveNotice(
  deps: ContractsDeps,
  acting: Acting,
  contractId: string,
  reason?: string,
): Promise<Contract> {
  if (acting.side === 'partner') requireMayMove('sign', acting.membership)
  return end(deps, acting, contractId, 'contract.give-notice', ({ terms, beginsAt, endsAt }, now) => {
    if (endsAt !== undefined)
      throw new Problem('state/not-allowed', `The contract ends on ${moment(endsAt)} already.`)
    const over = endAfterNotice(terms, beginsAt ?? now, now)
    return { endsAt: over, kind: 'notice', ...(reason === undefined ? {} : { reason }) }
  })
}

async function end(
  deps: ContractsDeps,
  acting: Acting,
  contractId: string,
  act: string,
  ending: (contract: Contract, now: Instant) => store.Ending,
): Promise<Contract> {
  // As whoever acts: another company's is not there.
  await deps.database.transaction(sessionOf(acting), (tx) => contractOf(tx, contractId))
  const ended = await deps.database.transaction({ role: 'staff' }, async (tx) => {
    const contract = await locked(tx, () => contractOf(tx, contractId))
    const now = deps.clock.now()
    const standing = standingOf(contract, now)
    if (standing !== 'active' && standing !== 'countersigned')
      throw new Problem('state/not-allowed', `The contract is ${standing}; this takes one in force.`)
    const decided = ending(contract, now)
    await store.markEnding(tx, contract.id, decided)
    await endEntitlementOf(tx, contract.id, decided.endsAt)
    await record(tx, {
      at: now,
      actor: actorOf(acting),
      act,
      on: contract.id,
      organizationId: contract.organizationId,
      outcome: 'done',
      detail: { ends: moment(decided.endsAt) },
    })
    const organization = await store.findOrganization(tx, contract.organizationId)
    await settleProduction(deps, tx, organization, actorOf(acting), now)
    return contractOf(tx, contract.id)
  })
  await deps.subscriptions.deliverPending()
  return ended
}

/** Ends a contract where the one that takes its place begins. */
export async function supersede(tx: Tx, amended: Contract, beginsAt: Instant): Promise<void> {
  const isRenewal = amended.endsAt === beginsAt
  await store.markEnding(tx, amended.id, { endsAt: beginsAt, kind: isRenewal ? 'renewed' : 'amended' })
  await endEntitlementOf(tx, amended.id, beginsAt)
}

const moment = (at: Instant) => new Date(at).toISOString()
