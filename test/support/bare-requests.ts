/** Requests with nothing in them but what a test states: for rules, where every further fact could matter. */
import type { ReviewRequest, ServiceLine } from '../../src/core/request.ts'
import { type PlainDate, plainDate } from '../../src/kernel/time.ts'

/** A calendar day from its text. */
export function day(text: string): PlainDate {
  const date = plainDate(text)
  if (!date) throw new Error(`${text} is no day`)
  return date
}

/** A service line with nothing in it but what a test states. */
export function aLine(code: string | undefined, fields: Partial<ServiceLine> = {}): ServiceLine {
  return {
    number: 1,
    kind: 'professional',
    ...(code !== undefined && { procedure: { system: 'HC', code, modifiers: [] } }),
    providers: [],
    ...fields,
  }
}

interface Fields extends Partial<Omit<ReviewRequest, 'event'>> {
  readonly event?: Partial<ReviewRequest['event']>
}

/** A request for an invented adult; lines are numbered in their order. */
export function aRequest({ event, ...fields }: Fields = {}): ReviewRequest {
  return {
    correspondence: { senderId: 'SENDER', receiverId: 'RECEIVER', transactionIdentifier: '1' },
    payer: { id: 'QUILLFEATHER' },
    requester: { kind: 'provider', references: [] },
    subscriber: { memberId: 'QF10001', birthDate: day('1980-02-29'), references: [] },
    ...fields,
    event: {
      category: 'health-services',
      purpose: 'initial',
      diagnoses: [],
      conditions: [],
      transportStops: [],
      providers: [],
      ...event,
      lines: (event?.lines ?? []).map((line, i) => ({ ...line, number: i + 1 })),
    },
  }
}
