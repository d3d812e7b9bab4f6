import type { Id, OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** By what a company may be in production: a contract that both sides have signed, or a subscription. */
export interface Entitlement {
  readonly id: Id<'entitlement'>
  readonly organizationId: OrganizationId
  readonly basis: 'contract' | 'subscription'
  /** The id of the contract or subscription. */
  readonly basisId: string
  /** Ids of products. */
  readonly products: readonly string[]
  readonly from: Instant
  /** Exclusive; absent: until further notice. */
  readonly until?: Instant
}

/** What a grant for production says of products and time. */
export interface Entitled {
  readonly products: readonly string[]
  readonly from: Instant
  /** Exclusive. */
  readonly until?: Instant
}

type Period = Pick<Entitlement, 'products' | 'from' | 'until'>

const holdsAt = ({ from, until }: Period, at: Instant) => from <= at && (until === undefined || at < until)

/** The products that a company is entitled to at a moment, each once. */
export function productsAt(entitlements: readonly Period[], at: Instant): readonly string[] {
  return [...new Set(entitlements.filter((each) => holdsAt(each, at)).flatMap(({ products }) => products))]
}

/**
 * What the grant of a company must say now. It ends at the first moment at which one of its products does: the gateway
 * holds to that by itself, so that nothing is allowed a moment longer than it was agreed, even while nobody can be told. What
 * goes on beyond is granted anew then.
 *
 * @returns undefined when the company is entitled to nothing, now or later
 */
export function entitledAt(all: readonly Period[], now: Instant): Entitled | undefined {
  // One of which every product was taken away entitles to nothing, and begins nothing.
  const entitlements = all.filter(({ products }) => products.length > 0)
  const inForce = productsAt(entitlements, now)
  if (inForce.length === 0) {
    const later = entitlements
      .filter(({ from, until }) => from > now && from !== until)
      .map(({ from }) => from)
    const next = later.length === 0 ? undefined : (Math.min(...later) as Instant)
    return next === undefined ? undefined : entitledAt(entitlements, next)
  }
  const from = Math.min(...entitlements.filter((each) => holdsAt(each, now)).map((each) => each.from))
  const ends = entitlements.flatMap(({ until }) => (until !== undefined && until > now ? [until] : []))
  const until = ends
    .toSorted((a, b) => a - b)
    .find((end) => {
      const left = productsAt(entitlements, end)
      return inForce.some((product) => !left.includes(product))
    })
  return { products: inForce, from: from as Instant, ...(until === undefined ? {} : { until }) }
}
