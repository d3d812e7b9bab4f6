import type { PayerId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type Payer, wireIdOf } from './model.ts'
import * as store from './store.ts'

/**
 * The payer that a sender means by an id of the wire; without regard to case.
 *
 * @returns the payer that goes by it; else the one that stands in for ids nobody knows, where there is one (in a sandbox,
 *          never in production); else undefined
 */
export function findPayer(tx: Tx, wireId: string): Promise<Payer | undefined> {
  return store.selectPayer(tx, wireIdOf(wireId))
}

/** Every payer of the environment, by name. */
export function listPayers(tx: Tx): Promise<readonly Payer[]> {
  return store.selectPayers(tx)
}

/** A payer by our own id. @throws Error when there is none: a case cannot outlive its payer */
export async function payerOf(tx: Tx, id: PayerId): Promise<Payer> {
  const payer = await store.selectPayerById(tx, id)
  if (!payer) throw new Error(`there is no payer ${id}`)
  return payer
}

/** A payer by our own id or by one that senders know it by; never the one that stands in. For people of the operator. */
export async function findByOwnId(tx: Tx, id: string): Promise<Payer | undefined> {
  const wireId = wireIdOf(id)
  return (await store.selectPayers(tx)).find((payer) => payer.id === id || payer.wireIds.includes(wireId))
}
