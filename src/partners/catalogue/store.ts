import type { Scope } from '../../gateway/administration/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Product } from './model.ts'

type Tables = {
  products: { id: string; name: string; summary: string; scopes: Scope[]; position: number }
}

/** Every product, in the order that they are shown. */
export function products(tx: Tx): Promise<readonly Product[]> {
  return tx
    .withTables<Tables>()
    .selectFrom('products')
    .select(['id', 'name', 'summary', 'scopes'])
    .orderBy('position')
    .execute()
}
