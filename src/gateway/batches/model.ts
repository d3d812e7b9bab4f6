import type { Id } from '../../kernel/ids.ts'
import type { Problem, ProblemCode } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Caller } from '../access/index.ts'

export type BatchId = Id<'batch'>
export type BatchFormat = 'ndjson' | 'x12'
export type BatchState = 'open' | 'finished' | 'cancelled'
export type ItemStatus = 'waiting' | 'answered' | 'refused' | 'cancelled'

/** What one upload may be. Published in `docs/reference/limits.md`. */
export const UPLOAD = {
  /** Bytes of an upload. */
  bytes: 32 * 1024 * 1024,
  /** Items of an upload: lines, or transactions. */
  items: 10_000,
  /** Bytes of one item. */
  itemBytes: 1024 * 1024,
  /** Interchanges of one file. */
  interchanges: 100,
} as const

/** How many batches of one company may be unfinished at one time. */
export const MOST_OPEN = 20
/** How long a batch and its answers are kept, counted from its upload. */
export const KEPT_DAYS = 30

/** Where an item stands in its upload, counted from 1. */
export type ItemPlace =
  | { readonly line: number }
  | { readonly interchange: number; readonly group: number; readonly transaction: number }

/** A batch as it stands. */
export interface Batch {
  readonly id: BatchId
  readonly format: BatchFormat
  readonly state: BatchState
  /** The client that uploaded it. */
  readonly clientId: string
  readonly bytes: number
  readonly counts: Counts
  readonly receivedAt: Instant
  readonly startedAt?: Instant
  readonly finishedAt?: Instant
  /** When it and its answers are removed. */
  readonly expiresAt: Instant
}

export interface Counts {
  /** All that came. */
  readonly received: number
  /** Those that could be read when they came. */
  readonly accepted: number
  readonly answered: number
  readonly refused: number
  readonly cancelled: number
  readonly remaining: number
}

/** An item as it comes out of an upload. */
export interface NewItem {
  readonly place: ItemPlace
  /** What is asked, to be read again when its turn comes; absent when it could not be read. */
  readonly body?: Uint8Array
  /** What was wrong with it. */
  readonly problem?: Problem
  /** What is needed to answer it, besides what it asks: of its format. */
  readonly facts?: object
}

/** An item whose turn has come. */
export interface Item {
  readonly batchId: BatchId
  readonly number: number
  readonly format: BatchFormat
  readonly body: Uint8Array
  /** By which the audit record knows it. */
  readonly requestId: string
}

/** What an item was answered: as the door of one request answers, or as an interchange. */
export interface ItemAnswer {
  readonly status: number
  readonly location?: string
  /** The text of a JSON document, or of an interchange. */
  readonly body: string
  /** The case or admission that it came to. */
  readonly on?: string
}

/** What an item asks for, and the work of answering it: for the transaction of its company, and nothing but its `tx`. */
export interface AskedItem {
  readonly operation: string
  readonly work: (tx: Tx) => Promise<ItemAnswer>
}

/**
 * Reads an item, to have it answered as the door of one request would.
 *
 * @throws Problem whatever that door refuses it with, here or in its work; nothing is kept of it then
 */
export type RunItem = (item: Item, caller: Caller) => Promise<AskedItem>

/** A problem as it is kept: all that is told of it but the page. */
export interface KeptProblem {
  readonly code: ProblemCode
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly faults: readonly Fault[]
  readonly requestId: string
}

/** What became of an item. */
export interface EndedItem {
  readonly item: number
  readonly place: ItemPlace
  readonly status: ItemStatus
  readonly operation?: string
  readonly on?: string
  readonly requestId: string
  readonly answer?: ItemAnswer
  readonly problem?: KeptProblem
  readonly facts?: object
}

export interface ItemPage {
  readonly items: readonly EndedItem[]
  /** Where the next page begins; absent at the end. */
  readonly next?: string
}

export interface BatchPage {
  readonly batches: readonly Batch[]
  readonly next?: string
}

/** Who looks, and by which request. */
export interface BatchReader {
  readonly caller: Caller
  readonly requestId: string
}

/** An upload on its way: nobody is shown it before it is received. */
export interface Upload {
  readonly id: BatchId
  /** Keeps items, sealed; a transaction of its own. */
  add(items: readonly NewItem[]): Promise<void>
  /** What an interchange says around its transactions, once it has ended. */
  addInterchange(interchange: number, facts: object, refusal?: Problem): Promise<void>
  /** Refuses the items of one group of the file, for what is wrong with the group. */
  refuseGroup(interchange: number, group: number, refusal: Problem): Promise<void>
  /** Receives it, in the transaction that answers its sender. */
  receive(tx: Tx, bytes: number): Promise<Batch>
  /** Takes it back, unless it was received. */
  discard(): Promise<void>
}
