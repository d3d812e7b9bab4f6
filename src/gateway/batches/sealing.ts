import type { DataKey, Vault } from '../../platform/secrets/index.ts'
import type { BatchId } from './model.ts'

/** What a batch's key is sealed for: it cannot be passed off as another's. */
export const keyContext = (batchId: BatchId) => `batch-key/${batchId}`

export const keyOf = (
  vault: Pick<Vault, 'openDataKey'>,
  row: { readonly batch_id: BatchId; readonly sealed_key: Uint8Array },
) => vault.openDataKey(row.sealed_key, keyContext(row.batch_id))

/** Where a sealed column belongs, authenticated with it: what was moved elsewhere does not open. */
export const placeOf = (
  batchId: BatchId,
  number: number,
  part: 'body' | 'facts' | 'outcome' | 'interchange',
) => `batches/${batchId}/${number}/${part}`

export const sealJson = (key: DataKey, value: object, place: string) =>
  key.seal(Buffer.from(JSON.stringify(value), 'utf8'), place)

export const openJson = (key: DataKey, sealed: Uint8Array, place: string): unknown =>
  JSON.parse(Buffer.from(key.open(sealed, place)).toString('utf8'))
