import { type OperatorParty, renderTemplate, type Template } from '../agreements/index.ts'
import type { Product } from '../catalogue/index.ts'
import type { Organization } from '../organizations/index.ts'
import { pricesInWords } from '../subscriptions/index.ts'
import type { Terms } from './model.ts'

export interface Parts {
  readonly id: string
  readonly operator: OperatorParty
  readonly partner: Organization
  readonly plan: { readonly id: string; readonly name: string; readonly version: number }
  readonly products: readonly Product[]
  readonly terms: Terms
  /** The contract that it takes the place of. */
  readonly amends?: string
  /** In the order of the parts. */
  readonly templates: readonly Template[]
}

/**
 * A contract as plain text, complete: the parties, the order, and each agreement in numbered clauses. Lines end with a line
 * feed; the same parts always give the same bytes.
 */
export function contractText(parts: Parts): string {
  const { id, operator, partner, plan, products, terms, amends, templates } = parts
  const begins =
    terms.beginsAt === undefined ? 'on the day of the second signature' : `on ${day(terms.beginsAt)}`
  const values = {
    operator: operator.name,
    partner: partner.name,
    products: products.map(({ name }) => name).join(', '),
    prices: pricesInWords(terms.prices, products),
    begins,
    term: termInWords(terms),
  }
  const order = [
    'ORDER',
    `Plan: ${plan.name} (${plan.id}, version ${plan.version})`,
    `Products: ${values.products}`,
    `Prices: ${values.prices}`,
    `Begins: ${begins}`,
    `Term: ${values.term}`,
    ...(amends === undefined ? [] : [`Takes the place of: ${amends}, from its beginning on`]),
  ]
  const head = [
    `AGREEMENT ${id}`,
    `between ${operator.name} (the operator)\nand ${partner.name}, ${partner.id} (the partner)`,
    order.join('\n'),
  ]
  const agreements = templates.map((template, i) => renderTemplate(template, values, i + 1))
  return `${[...head, ...agreements].join('\n\n')}\n`
}

const day = (at: number) => new Date(at).toISOString()

function termInWords({ months, renews, noticeDays }: Terms): string {
  const length = `runs for ${months} months`
  return renews === 'never'
    ? `${length} and then ends`
    : `${length} and goes on for as long each time, unless one side gives notice at least ${noticeDays} days before such an end`
}
