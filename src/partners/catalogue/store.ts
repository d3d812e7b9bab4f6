import { sql } from 'kysely'
import type { Scope } from '../../gateway/administration/index.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Plan, PlanKind, Price, Product } from './model.ts'

type Tables = {
  products: { id: string; name: string; summary: string; scopes: Scope[]; position: number }
  plans: {
    id: string
    name: string
    summary: string
    kind: PlanKind
    products: string[]
    prices: unknown
    version: number
    is_offered: boolean
    position: number
    changed_at: string
  }
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

/** Every plan, in the order that they are shown; those that are not offered too. */
export async function plans(tx: Tx): Promise<readonly Plan[]> {
  const rows = await tx.withTables<Tables>().selectFrom('plans').selectAll().orderBy('position').execute()
  return rows.map(({ prices, is_offered, position: _, changed_at: __, ...row }) => ({
    ...row,
    // Written by `savePlan`, whose caller checked them.
    prices: prices as readonly Price[],
    isOffered: is_offered,
  }))
}

/**
 * Keeps a plan as its next version.
 *
 * @returns false when another version came between
 */
export async function savePlan(tx: Tx, plan: Plan, at: Instant): Promise<boolean> {
  const { id, isOffered, prices, ...rest } = plan
  const row = {
    ...rest,
    products: [...plan.products],
    prices: JSON.stringify(prices),
    is_offered: isOffered,
    changed_at: new Date(at).toISOString(),
  }
  const db = tx.withTables<Tables>()
  if (plan.version > 1) {
    const changed = await db
      .updateTable('plans')
      .set(row)
      .where('id', '=', id)
      .where('version', '=', plan.version - 1)
      .returning('id')
      .executeTakeFirst()
    return changed !== undefined
  }
  const made = await db
    .insertInto('plans')
    .values({ id, ...row, position: sql`(select coalesce(max(position), 0) + 1 from plans)` })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}
