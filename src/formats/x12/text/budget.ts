/**
 * How much one document may make us hold. Nothing that is read is kept beyond it, so that memory stays bounded whatever is
 * sent; what goes beyond is one fault, which names the limit.
 */
export interface Budget {
  /** Characters in one segment, its terminator excluded. */
  readonly segmentLength: number
  /** Segments between ST and SE. */
  readonly segments: number
  /** HL segments in one transaction. */
  readonly levels: number
}

/**
 * No segment of the guides comes near 4000 characters: a longer one has lost its terminator. A request with 900 service
 * lines, more than anybody reviews in one case, keeps to the rest.
 */
export const USUAL_BUDGET: Budget = { segmentLength: 4000, segments: 20_000, levels: 1_100 }
