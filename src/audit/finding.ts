/** What is wrong with a log, and where. */
export interface Finding {
  readonly kind: /** The entry, or its link, is not what was sealed. */
    | 'edited'
    | 'removed'
    | 'reordered'
    /** It was put among entries that had all been sealed. */
    | 'inserted'
    /** A seal was not signed by this log's key, or was changed since. */
    | 'signature'
    /** A seal does not follow from the one before it and the rows under it. */
    | 'broken'
    /** The chain ends before a head that was anchored. */
    | 'truncated'
    /** An anchored head is not in the chain: it was sealed anew. */
    | 'replaced'
    /** A key is in the database that the vault did not seal. */
    | 'key'
    /** A line of the anchor file is none of ours. */
    | 'anchor'
  /** The place in the chain; for a seal, that of its last entry. Absent where it has none. */
  readonly ordinal?: number
  /** The last of several in a row, included. */
  readonly untilOrdinal?: number
  readonly entryId?: string
  /** For a person: one sentence. */
  readonly means: string
}
