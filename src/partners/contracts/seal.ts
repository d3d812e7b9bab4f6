import { mintId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { makeSealKey, type SealKey, sealPdf } from '../../platform/sealed-pdf/index.ts'
import { hashOf } from '../subscriptions/index.ts'
import type { ContractsDeps } from './deps.ts'
import type { Contract } from './model.ts'
import { contractPdf } from './pdf.ts'
import * as store from './store.ts'

const contextOf = (id: string) => `contract_seal_keys/${id}`

/** What the operator seals contracts with, made where there is none. */
export async function openSealKey({
  database,
  vault,
  clock,
  random,
  operator,
}: ContractsDeps): Promise<SealKey> {
  const find = () => database.transaction({ role: 'worker' }, store.findSealKey)
  let kept = await find()
  if (!kept) {
    const now = clock.now()
    const id = mintId('sealKey', now, random)
    const made = await makeSealKey(operator.name, now, random)
    const sealed = vault.seal(made.privateKey, contextOf(id))
    await database.transaction({ role: 'worker' }, (tx) =>
      store.insertSealKey(tx, { id, certificate: made.certificate, sealed }, now),
    )
    // Ours, or that of another process that was faster.
    kept = await find()
  }
  if (!kept) throw new Error('the key that contracts are sealed with was not kept')
  return { certificate: kept.certificate, privateKey: vault.open(kept.sealed, contextOf(kept.id)) }
}

/** Seals a contract that both sides have signed, and keeps a copy for each. */
export async function keepSealed(
  { operator, clock }: ContractsDeps,
  tx: Tx,
  contract: Contract,
  key: SealKey,
): Promise<void> {
  const now = clock.now()
  const partner = await store.findOrganization(tx, contract.organizationId)
  const signatures = await store.findSignatures(tx, contract.id)
  const pdf = await contractPdf({ contract, partner, operator, signatures })
  const bytes = await sealPdf(pdf, key, { reason: 'Signed by both sides', at: now })
  const file = { mediaType: 'application/pdf', bytes, sha256: hashOf(bytes) }
  await store.insertFiles(tx, contract, file, now)
}
