import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person, Proof, Visitor } from '../people/index.ts'
import type { ContractsDeps } from './deps.ts'
import { contractOf, locked, requestOf, sessionOf } from './find.ts'
import { type Acting, actorOf, type Contract, type Signature, STATEMENTS } from './model.ts'
import { put } from './move.ts'
import { requireMayMove, requireMove } from './moves.ts'
import * as store from './store.ts'

/** What a signer does: writes their name, ticks each statement, and proves who they are. */
export interface Signing {
  /** Names the text that the signer was shown. */
  readonly textHash: string
  readonly name: string
  /** As whom they sign, such as `Chief Operating Officer`. */
  readonly title: string
  readonly intent: true
  readonly consent: true
  readonly authority: true
  readonly password: string
}

/**
 * Signs a contract for the company that it was offered to. The same person again changes nothing: a double click signs
 * once.
 *
 * A signatory signs; an administrator where the company has named none.
 *
 * @throws Problem `access/role-missing`; `people/identity-unproven`; `state/not-found`; `state/not-allowed` it is not
 *         offered; `state/moved-on` its text is another than the signer was shown
 */
export async function sign(
  deps: ContractsDeps,
  { membership, person }: { readonly membership: Membership; readonly person: Person },
  contractId: string,
  signing: Signing,
  visitor: Visitor,
): Promise<Contract> {
  requireMayMove('sign', membership)
  const acting: Acting = { side: 'partner', membership }
  // Before the password is asked for: nobody should prove who they are for what they may not do.
  await deps.database.transaction(sessionOf(acting), async (tx) => {
    await contractOf(tx, contractId)
    await requireSigns(tx, membership)
  })
  const proof = await deps.people.prove(person, signing.password)
  return deps.database.transaction(sessionOf(acting), async (tx) => {
    const contract = await locked(tx, () => contractOf(tx, contractId))
    await requireSigns(tx, membership)
    const [before] = await store.findSignatures(tx, contract.id)
    if (before?.personId === person.id && contract.state !== 'void') return contract
    const request = await requestOf(tx, contract.requestId ?? '')
    requireOffered(contract, 'offered')
    requireMove('sign', request, undefined)
    requireSameText(contract, signing)
    const now = deps.clock.now()
    const signature = await keepSignature(deps, tx, contract, {
      acting,
      person,
      signing,
      proof,
      visitor,
      now,
    })
    await store.markPartnerSigned(tx, contract.id, now)
    await put(
      tx,
      request,
      { state: 'partner-signed', contractId: contract.id },
      { acting, name: 'sign', now },
    )
    await recordSignature(tx, acting, signature)
    return contractOf(tx, contract.id)
  })
}

async function requireSigns(tx: Tx, { role, organization }: Membership): Promise<void> {
  if (role === 'signatory' || !(await store.hasSignatory(tx, organization.id))) return
  throw new Problem('access/role-missing', 'The company has named a signatory, who signs.')
}

/** @throws Problem `state/not-allowed` */
export function requireOffered({ state, kind }: Contract, expected: Contract['state']): void {
  if (state === expected && kind === 'electronic') return
  throw new Problem('state/not-allowed', `The contract is ${state}; this takes one that is ${expected}.`)
}

/** @throws Problem `state/moved-on` */
export function requireSameText({ textHash }: Contract, signing: Pick<Signing, 'textHash'>): void {
  if (signing.textHash === textHash) return
  throw new Problem('state/moved-on', 'This is not the text that is offered. Read the contract again.')
}

export interface SignedBy {
  readonly acting: Acting
  readonly person: Person
  readonly signing: Signing
  readonly proof: Proof
  readonly visitor: Visitor
  readonly now: Instant
}

/** Keeps a signature with what shows it. */
export async function keepSignature(
  { random }: Pick<ContractsDeps, 'random'>,
  tx: Tx,
  contract: Contract,
  { acting, person, signing, proof, visitor, now }: SignedBy,
): Promise<Signature> {
  const signature: Signature = {
    id: mintId('signature', now, random),
    contractId: contract.id,
    organizationId: contract.organizationId,
    side: acting.side,
    personId: person.id,
    name: signing.name.trim(),
    title: signing.title.trim(),
    textHash: contract.textHash,
    statements: STATEMENTS,
    identityMethod: proof.method,
    address: visitor.address,
    userAgent: visitor.userAgent.slice(0, 300),
    signedAt: now,
  }
  await store.insertSignature(tx, signature)
  return signature
}

export function recordSignature(tx: Tx, acting: Acting, signature: Signature): Promise<void> {
  return record(tx, {
    at: signature.signedAt,
    actor: actorOf(acting),
    act: acting.side === 'partner' ? 'contract.sign' : 'contract.countersign',
    on: signature.contractId,
    organizationId: signature.organizationId,
    outcome: 'done',
    detail: { text: signature.textHash, signature: signature.id, identity: signature.identityMethod },
  })
}
