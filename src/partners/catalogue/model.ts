import type { Scope } from '../../gateway/administration/index.ts'

/** Something a company may use. */
export interface Product {
  readonly id: string
  readonly name: string
  readonly summary: string
  /** What a token may do with it. */
  readonly scopes: readonly Scope[]
}
