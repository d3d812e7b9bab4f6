import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { currentTemplates, packFor } from '../agreements/index.ts'
import { choose, type Plan, type Price } from '../catalogue/index.ts'
import type { Organization } from '../organizations/index.ts'
import type { ContractsDeps } from './deps.ts'
import type { Terms } from './model.ts'
import { contractText } from './text.ts'

/** What the operator sets beyond what was asked for; what is left out is as usual. */
export interface Conditions {
  /** The day of the second signature when absent. */
  readonly beginsAt?: Instant
  /** 12 when absent. */
  readonly months?: number
  /** `by-notice` when absent. */
  readonly renews?: Terms['renews']
  /** 60 when absent. */
  readonly noticeDays?: number
  /** The plan's when absent. */
  readonly prices?: readonly Price[]
}

export interface Wanted {
  /** The contract's id, or what stands for it in a preview. */
  readonly id: string
  readonly organization: Organization
  readonly plan: string
  readonly products: readonly string[]
  readonly amends?: string
  readonly conditions: Conditions
}

export interface Composed {
  readonly text: string
  readonly terms: Terms
  readonly products: readonly string[]
}

/**
 * Puts a contract together from the templates that are published now.
 *
 * @throws Problem `request/invalid` the plan is offered no more, or the conditions cannot be
 */
export async function compose(
  { operator }: Pick<ContractsDeps, 'operator'>,
  tx: Tx,
  { id, organization, amends, conditions, ...wish }: Wanted,
  now: Instant,
): Promise<Composed> {
  const { plan, products } = await choose(tx, wish, 'contract')
  const terms = termsOf(plan, conditions, operator.kind)
  requireFit(terms, plan, operator.kind, now)
  const templates = await currentTemplates(tx, packFor(operator.kind, organization.type))
  const parts = { id, operator, partner: organization, plan, products, terms, templates }
  const text = contractText({ ...parts, ...(amends === undefined ? {} : { amends }) })
  return { text, terms, products: products.map((product) => product.id) }
}

function termsOf(plan: Plan, conditions: Conditions, operatorKind: string): Terms {
  const { beginsAt, months = 12, renews = 'by-notice', noticeDays = 60 } = conditions
  const usual = operatorKind === 'health-plan' ? [] : plan.prices
  const { prices = usual } = conditions
  return { ...(beginsAt === undefined ? {} : { beginsAt }), months, renews, noticeDays, prices }
}

function requireFit({ beginsAt, prices }: Terms, plan: Plan, operatorKind: string, now: Instant): void {
  const faults: Fault[] = []
  if (beginsAt !== undefined && beginsAt < now)
    faults.push({ at: '/beginsAt', message: 'it is past already' })
  // 45 CFR 162.925(a)(5): a health plan takes no fee for the standard transactions.
  if (operatorKind === 'health-plan' && prices.length > 0)
    faults.push({ at: '/prices', message: 'a health plan charges nothing for standard transactions' })
  for (const [i, { product }] of prices.entries())
    if (product !== undefined && !plan.products.includes(product))
      faults.push({ at: `/prices/${i}/product`, message: 'expected a product of the plan' })
  if (faults.length > 0) throw new Problem('request/invalid', 'This cannot be offered.', { faults })
}
