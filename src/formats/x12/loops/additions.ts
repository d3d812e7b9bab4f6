import type { ServiceLine } from '../../../core/request.ts'
import type { Draft } from '../grammar/lay-out.ts'
import type { Row } from '../text/index.ts'

/** What a request or an answer adds of its own to an event and to each of its lines. */
export interface EventAdditions {
  readonly event: readonly Row[]
  readonly line: (line: ServiceLine) => readonly Row[]
  /** Segments for a provider of the event, or of a line; `index` counts from 1. */
  readonly provider?: (index: number, line?: ServiceLine) => readonly Row[]
  /** Segments for a stop of the journey; `index` counts from 1. */
  readonly stop?: (index: number) => readonly Row[]
  readonly eventLoops?: readonly Draft[]
  readonly lineLoops?: (line: ServiceLine) => readonly Draft[]
}
