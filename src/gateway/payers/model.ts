import type { LineOfBusiness } from '../../core/deadlines.ts'
import type { Contact } from '../../core/request.ts'
import type { PayerId } from '../../kernel/ids.ts'

/** A health plan, or another who answers in its name. */
export interface Payer {
  readonly id: PayerId
  readonly name: string
  /** The ids that senders know it by, in capitals; the first is the one that we write. At least one. */
  readonly wireIds: readonly string[]
  readonly contact?: Contact
  /** Under which law its members are covered: it picks the clocks. */
  readonly lineOfBusiness: LineOfBusiness
  /** Hours from an admission to its notice, after which a notice is late. */
  readonly admissionNoticeHours: number
  /** Whether it answers for ids that nobody knows. In the sandbox one payer does; in production none. */
  readonly standsInForUnknown: boolean
  /** How an orchestration inquires after what needs authorization: a service line at a time, or all that one reviews. */
  readonly inquirySplit: InquirySplit
}

export type InquirySplit = 'line' | 'reviewer'

/** A wire id as it is compared and kept: capitals, no blanks around it. */
export function wireIdOf(text: string): string {
  return text.trim().toUpperCase()
}

/** Whether the payer is known by the id, and does not merely stand in for it. */
export function goesBy(payer: Payer, wireId: string): boolean {
  return payer.wireIds.includes(wireIdOf(wireId))
}
