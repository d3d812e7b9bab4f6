import type { PayerId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { DataKey, Vault } from '../../platform/secrets/index.ts'
import * as store from './store.ts'

/** The data keys of the payers of one environment, opened when first needed and then kept in memory. */
export interface PayerKeys {
  /** @throws Error when there is no such payer, or its key was sealed by another vault */
  of(tx: Tx, payerId: PayerId): Promise<DataKey>
}

/** One for each environment: its vault opens no key of the other. */
export function payerKeys(vault: Vault): PayerKeys {
  const opened = new Map<PayerId, DataKey>()
  return {
    of: async (tx, payerId) => {
      const known = opened.get(payerId)
      if (known) return known
      const sealed = await store.selectKey(tx, payerId)
      if (!sealed) throw new Error(`payer ${payerId} has no data key`)
      const key = vault.openDataKey(sealed, keyContext(payerId))
      opened.set(payerId, key)
      return key
    },
  }
}

/** What a payer's key is sealed for: it cannot be passed off as another payer's. */
export function keyContext(payerId: PayerId): string {
  return `payer-key/${payerId}`
}
