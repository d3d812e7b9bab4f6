/** Something wrong, or worth noting, in a document that somebody sent. */
export interface Fault {
  /**
   * Where, in the coordinates of the sender's own document: a JSON pointer (`/subscriber/memberId`) or an X12
   * position (`2010C/NM1-09, segment 12`). Empty when it concerns the document as a whole.
   */
  readonly at: string
  /** What was found and what was expected. Goes back to the sender alone: it may quote what they sent. */
  readonly message: string
  /** What to do about it, when the message does not already say so. */
  readonly remedy?: string
}

/**
 * What reading a document came to. A codec never throws: it returns the value, or every fault at once.
 *
 * `notes` are departures that were tolerated; a document with notes alone was read.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T; readonly notes: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }
