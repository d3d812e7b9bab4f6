import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { products as catalogue } from '../catalogue/index.ts'
import { hashOf, settleProduction } from '../subscriptions/index.ts'
import { requireAmendable } from './amend.ts'
import { entitleBy } from './countersign.ts'
import type { ContractsDeps } from './deps.ts'
import { supersede } from './end.ts'
import { contractOf } from './find.ts'
import type { Contract } from './model.ts'
import * as store from './store.ts'

/** A contract that both sides have signed on paper. */
export interface Paper {
  /** The company, by name or id. */
  readonly organization: string
  readonly products: readonly string[]
  /** Now when absent. */
  readonly beginsAt?: Instant
  /** Absent: until further notice. */
  readonly endsAt?: Instant
  /** The contract in force that it takes the place of. */
  readonly amends?: string
  readonly file: Uint8Array
  /** Such as `application/pdf`. */
  readonly mediaType: string
  /** Who attests that both sides have signed it. */
  readonly attestedBy: string
}

/**
 * Records a paper contract: it counts from here on as one that both sides have signed.
 *
 * @throws Problem `state/not-found` no such company or contract; `request/invalid`; `state/already-there` the file was
 *         recorded before; `state/not-allowed` a contract is in force and was not named
 */
export async function recordPaper(deps: ContractsDeps, paper: Paper, actor: Actor): Promise<Contract> {
  const organization = await deps.organizations.named(paper.organization)
  const recorded = await deps.database.transaction({ role: 'staff' }, async (tx) => {
    await store.lockCompany(tx, organization.id)
    const now = deps.clock.now()
    const { beginsAt = now, endsAt, amends } = paper
    const chosen = (await catalogue(tx)).map(({ id }) => id).filter((id) => paper.products.includes(id))
    requireFit(paper, chosen, beginsAt, now)
    const textHash = hashOf(paper.file)
    const amended = amends === undefined ? undefined : await requireAmendable(tx, amends, beginsAt, now)
    const inForce = await store.findInForce(tx, organization.id, now)
    if (!amended && inForce.length > 0)
      throw new Problem(
        'state/not-allowed',
        'A contract is in force: name it as the one this takes the place of.',
      )
    if (amended && amended.organizationId !== organization.id)
      throw new Problem('state/not-found', 'The company has no such contract.')
    if ((await store.findByHash(tx, textHash)) !== undefined)
      throw new Problem('state/already-there', 'This very file was recorded before.')
    const contract: Contract = {
      id: mintId('contract', now, deps.random),
      organizationId: organization.id,
      kind: 'paper',
      ...(amended && { amends: amended.id }),
      state: 'countersigned',
      products: chosen,
      terms: { months: 12, renews: endsAt === undefined ? 'by-notice' : 'never', noticeDays: 60, prices: [] },
      text: '',
      textHash,
      offeredAt: now,
      countersignedAt: now,
      beginsAt,
      ...(endsAt === undefined ? {} : { endsAt }),
      attestedBy: paper.attestedBy.trim(),
    }
    await store.insertContract(tx, contract, actor.kind === 'person' ? actor.personId : undefined)
    const file = { mediaType: paper.mediaType, bytes: paper.file, sha256: textHash }
    await store.insertFiles(tx, contract, file, now)
    if (amended) await supersede(tx, amended, beginsAt)
    await entitleBy(deps, tx, contract, now)
    await record(tx, {
      at: now,
      actor,
      act: 'contract.record-paper',
      on: contract.id,
      organizationId: organization.id,
      outcome: 'done',
      detail: { file: textHash, products: chosen.join(' ') },
    })
    await settleProduction(deps, tx, organization, actor, now)
    return contractOf(tx, contract.id)
  })
  await deps.subscriptions.deliverPending()
  return recorded
}

function requireFit(
  { products, endsAt, file, attestedBy }: Paper,
  chosen: readonly string[],
  beginsAt: Instant,
  now: Instant,
): void {
  const faults = [
    ...products.flatMap((id, i) =>
      chosen.includes(id) ? [] : [{ at: `/products/${i}`, message: 'there is no such product' }],
    ),
    ...(endsAt !== undefined && (endsAt <= beginsAt || endsAt <= now)
      ? [{ at: '/endsAt', message: 'it is over already, or before it begins' }]
      : []),
    ...(file.length === 0 ? [{ at: '/file', message: 'the file is empty' }] : []),
    ...(attestedBy.trim() === '' ? [{ at: '/attestedBy', message: 'say who attests it' }] : []),
  ]
  if (faults.length > 0) throw new Problem('request/invalid', 'This is no contract to record.', { faults })
}
