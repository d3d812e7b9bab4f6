import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { tables, text } from './tables.ts'

/** Adds to what is kept of a secret's use. @param times how often it was used since the last note */
export async function addUses(
  tx: Tx,
  secretId: string,
  network: string,
  times: number,
  at: Instant,
): Promise<void> {
  await tables(tx)
    .updateTable('client_secrets')
    .set({
      last_used_at: sql<string>`greatest(last_used_at, ${text(at)}::timestamptz)`,
      last_used_from: network,
      uses: sql<bigint>`uses + ${times}`,
    })
    .where('secret_id', '=', secretId)
    .execute()
}

/** @returns whether the secret was used from there before, and from how many other networks */
export async function meetNetwork(
  tx: Tx,
  secret: { readonly secretId: string; readonly clientId: string },
  network: string,
  at: Instant,
): Promise<{ readonly isNew: boolean; readonly others: number }> {
  const known = await tables(tx)
    .updateTable('secret_networks')
    .set({ last_seen_at: text(at) })
    .where('secret_id', '=', secret.secretId)
    .where('network', '=', network)
    .executeTakeFirst()
  if (known.numUpdatedRows > 0n) return { isNew: false, others: 0 }
  const inserted = await tables(tx)
    .insertInto('secret_networks')
    .values({
      secret_id: secret.secretId,
      client_id: secret.clientId,
      network,
      first_seen_at: text(at),
      last_seen_at: text(at),
    })
    // Another node was faster, and has looked at whether it is news.
    .onConflict((conflict) => conflict.columns(['secret_id', 'network']).doNothing())
    .executeTakeFirst()
  const { total } = await tables(tx)
    .selectFrom('secret_networks')
    .where('secret_id', '=', secret.secretId)
    .select((count) => count.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow()
  return { isNew: (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n, others: Number(total) - 1 }
}

/** From how many networks a secret was used for the first time since a moment. */
export async function newNetworks(tx: Tx, secretId: string, since: Instant): Promise<number> {
  const row = await tables(tx)
    .selectFrom('secret_networks')
    .where('secret_id', '=', secretId)
    .where('first_seen_at', '>', text(since))
    .select((count) => count.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Keeps the networks of a secret that were used last. */
export async function keepNewest(tx: Tx, secretId: string, most: number): Promise<void> {
  await sql`
    delete from secret_networks where secret_id = ${secretId} and network not in (
      select network from secret_networks where secret_id = ${secretId}
      order by last_seen_at desc, network limit ${most})`.execute(tx)
}
