import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person, Visitor } from '../people/index.ts'
import { countersign } from './countersign.ts'
import type { ContractsDeps } from './deps.ts'
import { change, draft, type Wish } from './draft.ts'
import { giveNotice, terminate } from './end.ts'
import { contractOf, requestOf, sessionOf } from './find.ts'
import type { Acting, Contract, ProductionRequest, RequestStateName, Signature } from './model.ts'
import { decline, review, type Seen, submit, takeBack, withdraw } from './move.ts'
import { type Offered, offer, preview } from './offer.ts'
import { type Paper, recordPaper } from './record-paper.ts'
import { type Signing, sign } from './sign.ts'
import * as store from './store.ts'
import { type Verdict, verifyFile } from './verify.ts'

/** A contract with who signed it, the partner first. */
export interface SignedContract {
  readonly contract: Contract
  readonly signatures: readonly Signature[]
}

export interface Contracts {
  /** @see preview */
  preview(membership: Membership, wish: Wish): Promise<string>
  /** @see draft */
  draft(membership: Membership, wish: Parameters<typeof draft>[2]): Promise<ProductionRequest>
  /** @see change */
  change(
    membership: Membership,
    requestId: string,
    wish: Parameters<typeof change>[3],
  ): Promise<ProductionRequest>
  /** @see submit */
  submit(membership: Membership, seen: Seen): Promise<ProductionRequest>
  /** @see withdraw */
  withdraw(membership: Membership, seen: Parameters<typeof withdraw>[2]): Promise<ProductionRequest>
  /** @see review */
  review(person: Person, seen: Seen): Promise<ProductionRequest>
  /** @see decline */
  decline(person: Person, seen: Parameters<typeof decline>[2]): Promise<ProductionRequest>
  /** @see takeBack */
  takeBack(person: Person, seen: Seen): Promise<ProductionRequest>
  /** @see offer */
  offer(person: Person, seen: Parameters<typeof offer>[2]): Promise<Offered>
  /** @see sign */
  sign(
    signer: Parameters<typeof sign>[1],
    contractId: string,
    signing: Signing,
    visitor: Visitor,
  ): Promise<Contract>
  /** @see countersign */
  countersign(person: Person, contractId: string, signing: Signing, visitor: Visitor): Promise<Contract>
  /** @see terminate */
  terminate(person: Person, contractId: string, ending: Parameters<typeof terminate>[3]): Promise<Contract>
  /** @see giveNotice */
  giveNotice(acting: Acting, contractId: string, reason?: string): Promise<Contract>
  /** @see recordPaper */
  recordPaper(paper: Paper, actor: Actor): Promise<Contract>
  /** @see verifyFile */
  verify(file: Uint8Array): Promise<Verdict>
  /** The operator's certificates, DER: by what others check our seals. */
  certificates(): Promise<readonly Uint8Array[]>
  /** The newest first: a company's own, or all for the operator. */
  requests(acting: Acting, states?: readonly RequestStateName[]): Promise<readonly ProductionRequest[]>
  /** @throws Problem `state/not-found` for another company's, too */
  request(acting: Acting, id: string): Promise<ProductionRequest>
  /** The newest first: a company's own, or all for the operator. */
  contracts(acting: Acting): Promise<readonly Contract[]>
  /** @throws Problem `state/not-found` for another company's, too */
  contract(acting: Acting, id: string): Promise<SignedContract>
  /** The copy of the side that asks. @throws Problem `state/not-found` for another company's, or when there is none yet */
  file(acting: Acting, id: string): Promise<store.KeptFile>
}

export function openContracts(deps: ContractsDeps): Contracts {
  const { database } = deps
  return {
    preview: (membership, wish) => preview(deps, membership, wish),
    draft: async (membership, wish) => draft(deps, membership, wish),
    change: async (membership, id, wish) => change(deps, membership, id, wish),
    submit: async (membership, seen) => submit(deps, membership, seen),
    withdraw: async (membership, seen) => withdraw(deps, membership, seen),
    review: (person, seen) => review(deps, person, seen),
    decline: (person, seen) => decline(deps, person, seen),
    takeBack: (person, seen) => takeBack(deps, person, seen),
    offer: (person, seen) => offer(deps, person, seen),
    sign: (signer, id, signing, visitor) => sign(deps, signer, id, signing, visitor),
    countersign: (person, id, signing, visitor) => countersign(deps, person, id, signing, visitor),
    terminate: (person, id, ending) => terminate(deps, person, id, ending),
    giveNotice: (acting, id, reason) => giveNotice(deps, acting, id, reason),
    recordPaper: (paper, actor) => recordPaper(deps, paper, actor),
    verify: (file) => verifyFile(deps, file),
    certificates: () => database.transaction({ role: 'staff' }, store.findCertificates),
    requests: (acting, states) =>
      database.transaction(sessionOf(acting), (tx) => store.findRequests(tx, states)),
    request: (acting, id) => database.transaction(sessionOf(acting), (tx) => requestOf(tx, id)),
    contracts: (acting) => database.transaction(sessionOf(acting), (tx) => store.findContracts(tx)),
    contract: (acting, id) =>
      database.transaction(sessionOf(acting), async (tx) => {
        const contract = await contractOf(tx, id)
        return { contract, signatures: await store.findSignatures(tx, contract.id) }
      }),
    file: (acting, id) =>
      database.transaction(sessionOf(acting), async (tx) => {
        const contract = await contractOf(tx, id)
        const file = await store.findFile(tx, contract.id, acting.side)
        if (!file) throw new Problem('state/not-found', 'There is no file of this contract yet.')
        return file
      }),
  }
}
