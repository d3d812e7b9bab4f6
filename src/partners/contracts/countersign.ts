import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Person, Visitor } from '../people/index.ts'
import { entitle, settleProduction } from '../subscriptions/index.ts'
import { requireAmendable } from './amend.ts'
import type { ContractsDeps } from './deps.ts'
import { supersede } from './end.ts'
import { contractOf, locked, requestOf } from './find.ts'
import { type Acting, actorOf, type Contract } from './model.ts'
import { put } from './move.ts'
import { requireMove } from './moves.ts'
import { keepSealed, openSealKey } from './seal.ts'
import { keepSignature, recordSignature, requireOffered, requireSameText, type Signing } from './sign.ts'
import * as store from './store.ts'
import { agreedEnd } from './term.ts'

/**
 * Signs a contract for the operator, and with that makes it hold: the company's production grant is issued in the same
 * transaction, and delivered at once. A sealed copy is kept for each side.
 *
 * @throws Problem `people/identity-unproven`; `state/not-found`; `state/not-allowed` the partner has not signed, the
 *         contract that it amends is in force no more, or the same person signed for the partner; `state/moved-on` its text
 *         is another than the signer was shown
 */
export async function countersign(
  deps: ContractsDeps,
  person: Person,
  contractId: string,
  signing: Signing,
  visitor: Visitor,
): Promise<Contract> {
  const acting: Acting = { side: 'operator', person }
  // Before the password is asked for, and before a key is made: a second click finds it signed already.
  const shown = await deps.database.transaction({ role: 'staff' }, (tx) => contractOf(tx, contractId))
  if (shown.state !== 'countersigned') requireOffered(shown, 'partner-signed')
  const proof = await deps.people.prove(person, signing.password)
  const key = await openSealKey(deps)
  const signed = await deps.database.transaction({ role: 'staff' }, async (tx) => {
    const contract = await locked(tx, () => contractOf(tx, contractId))
    const [partner, before] = await store.findSignatures(tx, contract.id)
    if (before?.personId === person.id) return contract
    requireOffered(contract, 'partner-signed')
    const request = await requestOf(tx, contract.requestId ?? '')
    requireMove('countersign', request, undefined)
    requireSameText(contract, signing)
    if (partner?.personId === person.id)
      throw new Problem('state/not-allowed', 'You signed for the partner. Somebody else countersigns.')
    const now = deps.clock.now()
    const signature = await keepSignature(deps, tx, contract, {
      acting,
      person,
      signing,
      proof,
      visitor,
      now,
    })
    const held = await makeHold(deps, tx, contract, acting, now)
    const to = { state: 'countersigned', contractId: contract.id } as const
    await put(tx, request, to, { acting, name: 'countersign', now })
    await recordSignature(tx, acting, signature)
    await keepSealed(deps, tx, held, key)
    return held
  })
  await deps.subscriptions.deliverPending()
  return signed
}

/** From here on a contract entitles its company to production. */
async function makeHold(
  deps: ContractsDeps,
  tx: Tx,
  contract: Contract,
  acting: Acting,
  now: Instant,
): Promise<Contract> {
  const { terms, amends } = contract
  const beginsAt = terms.beginsAt === undefined || terms.beginsAt < now ? now : terms.beginsAt
  const endsAt = agreedEnd(terms, beginsAt)
  const amended = amends === undefined ? undefined : await requireAmendable(tx, amends, beginsAt, now)
  await store.markCountersigned(tx, contract.id, { at: now, beginsAt, endsAt })
  if (amended) await supersede(tx, amended, beginsAt)
  await entitleBy(deps, tx, { ...contract, beginsAt, ...(endsAt === undefined ? {} : { endsAt }) }, now)
  const organization = await store.findOrganization(tx, contract.organizationId)
  await settleProduction(deps, tx, organization, actorOf(acting), now)
  return contractOf(tx, contract.id)
}

/** Writes down what a contract entitles its company to. */
export async function entitleBy(
  { random }: Pick<ContractsDeps, 'random'>,
  tx: Tx,
  { id, organizationId, products, beginsAt, endsAt }: Contract,
  now: Instant,
): Promise<void> {
  await entitle(
    tx,
    {
      id: mintId('entitlement', now, random),
      organizationId,
      basis: 'contract',
      basisId: id,
      products,
      from: beginsAt ?? now,
      ...(endsAt === undefined ? {} : { until: endsAt }),
    },
    now,
  )
}
