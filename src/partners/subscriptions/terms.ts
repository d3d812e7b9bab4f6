import { createHash } from 'node:crypto'
import type { Tx } from '../../platform/database/index.ts'
import { currentTemplates, renderTemplate } from '../agreements/index.ts'
import type { Plan, Price, Product } from '../catalogue/index.ts'
import type { Organization } from '../organizations/index.ts'

/** Terms as they are shown, and named by what they say. */
export interface ShownTerms {
  readonly text: string
  /** SHA-256 of the text in UTF-8, hexadecimal. */
  readonly hash: string
}

/** SHA-256 of a text in UTF-8, hexadecimal. */
export const hashOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

/** Prices in words, one after the other. */
export function pricesInWords(prices: readonly Price[], products: readonly Product[]): string {
  const nameOf = (id: string | undefined) => products.find((product) => product.id === id)?.name ?? id
  if (prices.length === 0) return 'none'
  return prices
    .map(({ per, product, amount }) =>
      product === undefined ? `USD ${amount} per ${per}` : `USD ${amount} per ${per} of ${nameOf(product)}`,
    )
    .join('; ')
}

/** What a company accepts for a self-service plan, as it stands now. */
export async function showTerms(
  tx: Tx,
  operatorName: string,
  organization: Organization,
  { plan, products }: { readonly plan: Plan; readonly products: readonly Product[] },
): Promise<ShownTerms> {
  const [template] = await currentTemplates(tx, ['self-service'])
  if (!template) throw new Error('there are no terms for self-service')
  const text = `${renderTemplate(template, {
    operator: operatorName,
    partner: organization.name,
    products: products.map(({ name }) => name).join(', '),
    prices: pricesInWords(plan.prices, products),
    begins: 'with the acceptance of these terms',
    term: 'runs until it is ended',
  })}\n\nPlan ${plan.id}, version ${plan.version}. Accepted for ${organization.name} (${organization.id}).\n`
  return { text, hash: hashOf(text) }
}
