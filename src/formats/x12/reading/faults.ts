import type { Fault } from '../../../kernel/result.ts'

/**
 * What sort of thing is wrong. An acknowledgement spells it as a code: see `acknowledgements/codes.ts`.
 *
 * `trailer-missing` and `segment-missing` name in `place.missing` what is not there; their place is where it was expected.
 */
export type FaultKind =
  | 'no-interchange'
  | 'cut-off'
  | 'stray'
  | 'trailer-missing'
  | 'header-missing'
  | 'budget'
  | 'segment-id'
  | 'segment-unexpected'
  | 'segment-missing'
  | 'segment-order'
  | 'segment-repeated'
  | 'loop-missing'
  | 'loop-repeated'
  | 'element-missing'
  /** Missing because of what another element says. */
  | 'element-dependent'
  | 'element-unused'
  | 'value'
  | 'code'
  | 'date'
  | 'time'
  | 'length'
  | 'characters'
  | 'pattern'
  | 'count'
  | 'control-number'
  | 'content'

/** Where a fault stands, as parts. */
export interface FaultPlace {
  readonly segmentId: string
  /** Counted in its interchange; the ISA is 1. */
  readonly segmentNumber: number
  /** Bytes before the segment, in the text or stream. */
  readonly byte: number
  readonly loop?: string
  readonly element?: number
  readonly component?: number
  /** What stood in the element, as received. */
  readonly value?: string
  /** The id of the segment that was expected, where it is one that is missing. */
  readonly missing?: string
}

/** A fault that says where its rule stands: `X12.6, trailing separators`. In strict reading nearly every one does. */
export interface CitedFault extends Fault {
  readonly rule?: string
}

/** As `Decoded`, with faults that may say where their rules stand. */
export type CitedDecoded<T> =
  | { readonly ok: true; readonly value: T; readonly notes: readonly CitedFault[] }
  | { readonly ok: false; readonly faults: readonly CitedFault[] }

/** A fault of an interchange with everything that an acknowledgement says about it. */
export interface X12Fault extends CitedFault {
  readonly kind: FaultKind
  readonly place?: FaultPlace
}

/** What reading came to, as `Decoded` says it, with faults that carry their parts. */
export type X12Decoded<T> =
  | { readonly ok: true; readonly value: T; readonly notes: readonly X12Fault[] }
  | { readonly ok: false; readonly faults: readonly X12Fault[] }
