import type { PayerId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import * as store from './store.ts'
import type { UpstreamCredentials } from './upstream.ts'

/** What a secret is sealed for: it cannot be passed off as another payer's. */
const placeOf = (payerId: PayerId) => `payer_upstream_credentials/${payerId}/sealed_secret`

/** @param tx as `worker` */
export async function openCredentials(
  tx: Tx,
  payerId: PayerId,
  vault: Pick<Vault, 'open'>,
): Promise<UpstreamCredentials | undefined> {
  const row = await store.selectCredentials(tx, payerId)
  return (
    row && {
      tokenUrl: row.token_url,
      clientId: row.client_id,
      clientSecret: Buffer.from(vault.open(row.sealed_secret, placeOf(payerId))).toString('utf8'),
      ...(row.scope !== null && { scope: row.scope }),
    }
  )
}

/** @param tx as `staff` */
export function keepCredentials(
  tx: Tx,
  payerId: PayerId,
  { tokenUrl, clientId, clientSecret, scope }: UpstreamCredentials,
  vault: Pick<Vault, 'seal'>,
): Promise<void> {
  return store.upsertCredentials(tx, payerId, {
    token_url: tokenUrl,
    client_id: clientId,
    scope: scope ?? null,
    sealed_secret: vault.seal(Buffer.from(clientSecret, 'utf8'), placeOf(payerId)),
  })
}
