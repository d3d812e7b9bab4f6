import type { Scope } from '../../gateway/administration/index.ts'

/** Something a company may use. */
export interface Product {
  readonly id: string
  readonly name: string
  readonly summary: string
  /** What a token may do with it. */
  readonly scopes: readonly Scope[]
}

/** `self-service`: accepting its terms is enough. `contract`: both sides sign. */
export const PLAN_KINDS = ['self-service', 'contract'] as const
export type PlanKind = (typeof PLAN_KINDS)[number]

export interface Price {
  readonly per: 'transaction' | 'month'
  /** Absent: the same for every product of the plan. */
  readonly product?: string
  /** US dollars, as decimal text with at most four places: `0.25`. */
  readonly amount: string
}

/** Products at a price. */
export interface Plan {
  readonly id: string
  readonly name: string
  readonly summary: string
  readonly kind: PlanKind
  /** Ids of products; never empty. */
  readonly products: readonly string[]
  readonly prices: readonly Price[]
  /** Raised by each change. What was signed or accepted keeps what it said. */
  readonly version: number
  /** Whether it can be asked for. */
  readonly isOffered: boolean
}
