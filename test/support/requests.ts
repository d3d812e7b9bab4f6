import type {
  Dependent,
  PatientEvent,
  Requester,
  ReviewRequest,
  ServiceLine,
  Subscriber,
} from '../../src/core/request.ts'
import type { PlainDate } from '../../src/kernel/time.ts'

/** A day in a test. */
export const day = (text: string) => text as PlainDate

/** What of a request matters to a test; the rest is filled in. The people in it are invented. */
export interface RequestParts {
  readonly subscriber?: Partial<Subscriber>
  readonly dependent?: Dependent
  readonly requester?: Partial<Requester>
  readonly event?: Partial<PatientEvent>
  readonly lines?: readonly Partial<ServiceLine>[]
}

/** A request for one imaging study of an invented member. */
export function aRequest(parts: RequestParts = {}): ReviewRequest {
  return {
    correspondence: { senderId: 'SENDER', receiverId: 'RECEIVER', transactionIdentifier: 'T-1' },
    payer: { id: '00001', name: 'Quillfeather Health Plan' },
    requester: {
      kind: 'provider',
      name: { kind: 'person', last: 'Okonjo', first: 'Wilhelmina' },
      identifier: { system: 'npi', value: '1234567893' },
      references: [],
      ...parts.requester,
    },
    subscriber: {
      memberId: 'QFH-7731-0042',
      name: { kind: 'person', last: 'Brambleworth', first: 'Ottoline' },
      birthDate: day('1961-04-17'),
      references: [],
      ...parts.subscriber,
    },
    ...(parts.dependent ? { dependent: parts.dependent } : {}),
    event: {
      category: 'health-services',
      purpose: 'initial',
      urgency: 'elective',
      diagnoses: [{ role: 'principal', system: 'icd-10', code: 'M5416' }],
      conditions: [],
      transportStops: [],
      providers: [],
      ...parts.event,
      lines: (parts.lines ?? [{}]).map((line, i) => aLine(i + 1, line)),
    },
  }
}

function aLine(number: number, parts: Partial<ServiceLine>): ServiceLine {
  return {
    number,
    kind: 'professional',
    period: { from: day('2026-12-01'), until: day('2026-12-31') },
    procedure: { system: 'HC', code: '72148', modifiers: [] },
    quantity: { unit: 'UN', value: '1' },
    providers: [],
    ...parts,
  }
}
