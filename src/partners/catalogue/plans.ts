import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Plan, Product } from './model.ts'
import { plans, products, savePlan } from './store.ts'

/**
 * A plan that can be asked for, with the products chosen of it.
 *
 * @returns the products in the order of the catalogue
 * @throws Problem `request/invalid` there is no such plan, it is of another kind, or it does not hold a product
 */
export async function choose(
  tx: Tx,
  wanted: { readonly plan: string; readonly products: readonly string[] },
  kind: Plan['kind'],
): Promise<{ readonly plan: Plan; readonly products: readonly Product[] }> {
  const offered = (await plans(tx)).filter((plan) => plan.isOffered && plan.kind === kind)
  const plan = offered.find(({ id }) => id === wanted.plan)
  if (!plan)
    throw new Problem('request/invalid', 'There is no such plan to ask for here.', {
      faults: [
        { at: '/plan', message: `expected one of ${offered.map(({ id }) => id).join(', ') || 'none'}` },
      ],
    })
  const faults = wanted.products.flatMap((product, i) =>
    plan.products.includes(product)
      ? []
      : [{ at: `/products/${i}`, message: `expected one of ${plan.products.join(', ')}` }],
  )
  if (faults.length > 0) throw new Problem('request/invalid', 'The plan does not hold these.', { faults })
  const chosen = (await products(tx)).filter(({ id }) => wanted.products.includes(id))
  return { plan, products: chosen }
}

/**
 * Keeps the next version of a plan, or the first of a new one. What was signed or accepted keeps what it said.
 *
 * @param plan `version` is the version that it replaces; 0 for a new one
 * @throws Problem `request/invalid` unknown products; `state/moved-on` somebody changed it meanwhile
 */
export async function changePlan(tx: Tx, plan: Plan, actor: Actor, at: Instant): Promise<Plan> {
  const known = (await products(tx)).map(({ id }) => id)
  const faults: Fault[] = plan.products.flatMap((product, i) =>
    known.includes(product) ? [] : [{ at: `/products/${i}`, message: `expected one of ${known.join(', ')}` }],
  )
  for (const [i, { product }] of plan.prices.entries())
    if (product !== undefined && !plan.products.includes(product))
      faults.push({ at: `/prices/${i}/product`, message: 'expected a product of the plan' })
  if (faults.length > 0) throw new Problem('request/invalid', 'The plan names what it cannot.', { faults })
  const next = { ...plan, version: plan.version + 1 }
  if (!(await savePlan(tx, next, at)))
    throw new Problem('state/moved-on', 'Somebody changed this plan meanwhile. Read it again.')
  await record(tx, {
    at,
    actor,
    act: 'plan.change',
    on: plan.id,
    outcome: 'done',
    detail: { version: next.version, kind: plan.kind, offered: plan.isOffered ? 'yes' : 'no' },
  })
  return next
}
