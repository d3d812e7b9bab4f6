import type { LineOutcome, ReviewAnswer } from '../../core/decision.ts'
import { administrativeReference, authorizationNumber, NUMBER_BYTES } from '../../core/reference-number.ts'
import type { Dependent, Inquiry } from '../../core/request.ts'
import { type DatePeriod, type Instant, type PlainDate, utcTime } from '../../kernel/time.ts'
import { UNABLE_TO_RESPOND } from './force.ts'
import type { Scenario } from './scenarios.ts'

/** What is told of a case that does not exist: what was asked, perhaps about another patient, and the outcome. */
export type CannedAnswer = Pick<ReviewAnswer, 'request' | 'outcome'>

/** X12 901 AA and 889 C: there is no such authorization; correct it and ask again. */
const NONE_FOUND = { level: 'event', reason: 'AA', followUp: 'C' } as const

/** The same at every asking, so that a client can be tested against them; of no case that ever was. */
const NUMBERS = {
  authorizationNumber: authorizationNumber(new Uint8Array(NUMBER_BYTES).fill(1)),
  administrativeReference: administrativeReference(new Uint8Array(NUMBER_BYTES).fill(1)),
} as const

/** For an inquiry that names none. */
const DEPENDENT: Dependent = {
  name: { kind: 'person', last: 'Calloway', first: 'Juniper' },
  birthDate: '2018-06-14' as PlainDate,
  gender: 'female',
  relationship: '19',
  references: [],
}

/** @returns undefined when the scenario says nothing about inquiries */
export function cannedInquiry(scenario: Scenario, asked: Inquiry, at: Instant): CannedAnswer | undefined {
  switch (scenario) {
    case 'found':
      return { request: asked, outcome: certified(asked, at) }
    case 'found-dependent':
      return { request: { ...asked, dependent: asked.dependent ?? DEPENDENT }, outcome: certified(asked, at) }
    case 'none-found':
      return { request: asked, outcome: { kind: 'rejected', rejections: [NONE_FOUND] } }
    case 'unable-to-respond':
      return { request: asked, outcome: { kind: 'rejected', rejections: [UNABLE_TO_RESPOND] } }
    default:
      return undefined
  }
}

function certified({ event }: Inquiry, at: Instant): ReviewAnswer['outcome'] {
  const today = utcTime(at).date
  const effective: DatePeriod = event.period ?? { from: today, until: today }
  const asked = event.lines.length > 0 ? event.lines : [{ number: 0, quantity: undefined, period: undefined }]
  const lines = asked.map(
    ({ number, quantity, period }): LineOutcome => ({
      line: number,
      action: 'certified',
      grounds: [],
      ...(quantity && { certifiedQuantity: quantity }),
      certifiedPeriod: period ?? effective,
    }),
  )
  return {
    kind: 'decided',
    action: 'certified',
    lines,
    ...NUMBERS,
    requestedOn: today,
    issuedOn: today,
    effective,
  }
}
