import type { LineOfBusiness } from '../../core/deadlines.ts'
import type { Contact } from '../../core/request.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { PayerOperation, Way } from './ways.ts'

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
  /** Who answers each operation that is not answered here; absent, all of them are. */
  readonly ways?: Readonly<Partial<Record<PayerOperation, Way>>>
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

/** Whether somebody else's system answers an operation for the payer. */
export function isAskedElsewhere({ ways }: Payer, operation: PayerOperation): boolean {
  const way = ways?.[operation]
  return way === 'x12' || way === 'fhir'
}
