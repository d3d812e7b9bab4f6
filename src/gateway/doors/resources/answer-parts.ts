/** What the answers of `/v1` have in common. Each is closed: what is not named in its schema is not sent. */
import { Type } from 'typebox'
import { TRANSITIONS } from '../../../core/lifecycle.ts'
import type { JsonSchema } from '../../../formats/json/index.ts'
import { asKept } from './as-kept.ts'
import {
  ADDRESS,
  ATTACHMENTS,
  CONTACT,
  IDENTIFIER,
  maybe,
  oneOf,
  PARTY_NAME,
  PATTERN,
  part,
  QUANTITY,
} from './request-parts.ts'

export const text = (description: string) => Type.String({ description })
export const moment = (description: string) => Type.String({ format: 'date-time', description })
export const date = (description: string) => Type.String({ format: 'date', description })
export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const flag = (description: string) => Type.Boolean({ description })
export const several = <S extends Parameters<typeof Type.Array>[0]>(of: S, description: string) =>
  Type.Array(of, { description })
/** One of a kind, told by its prefix. */
export const id = (prefix: string, description: string) =>
  Type.String({ pattern: `^${prefix}_[0-9a-f-]{36}$`, description })
/** A part of a request, as it is told again. */
export const again = (schema: object) => Type.Unsafe<object>(asKept(schema as JsonSchema))

export const STATE = oneOf(Object.keys(TRANSITIONS), 'How the case stands.')

/** Beside what they say, faults of an interchange say where and of what kind they are, in parts. */
export const FAULT = part('Fault', 'Something that is wrong with a document, or that was put up with.', {
  at: text('Where: a JSON pointer, an X12 position, or a header. Empty: the document as a whole.'),
  message: text('What was found and what was expected.'),
  remedy: maybe(text('What to do about it.')),
  rule: maybe(text('Where the rule stands that it breaks.')),
  kind: maybe(text('What sort of fault it is, of an interchange.')),
  place: maybe(
    part('FaultPlace', 'Where it stands in an interchange, as parts.', {
      segmentId: text('The segment.'),
      segmentNumber: count('Counted in its interchange; the ISA is 1.'),
      byte: count('Bytes before the segment.'),
      loop: maybe(text('The loop that it is in.')),
      element: maybe(count('The element, from 1.')),
      component: maybe(count('The component, from 1.')),
      value: maybe(text('What stood there.')),
      missing: maybe(text('The segment that is missing here.')),
    }),
  ),
})

export const PAYER = part('CasePayer', 'The payer of a case.', {
  id: text('The id that the payer goes by on the wire.'),
  name: text('What it is called.'),
})

export const NUMBERS = {
  authorizationNumber: maybe(text("The payer's number of the certification, for a claim (X12 HCR02).")),
  administrativeReference: maybe(text("The payer's number of the request (X12 REF `NT`).")),
}

export const ACTION = oneOf(
  [
    'certified',
    'certified-partially',
    'not-certified',
    'pended',
    'modified',
    'cancelled',
    'contact-payer',
    'no-action-required',
  ],
  'What was decided (X12 306: A1, A2, A3, A4, A6, C, CT, NA).',
)

export const REJECTION = part('Rejection', "A payer's refusal to consider a request as sent (X12 AAA).", {
  level: oneOf(
    ['system', 'payer', 'requester', 'subscriber', 'dependent', 'event', 'line'],
    'What it is about.',
  ),
  line: maybe(count('With `line`: its number.')),
  provider: maybe(count('Which provider of the event or line, from 1.')),
  stop: maybe(count('Which stop of the journey, from 1.')),
  reason: text('Why (X12 901).'),
  followUp: text('What the sender may do next (X12 889).'),
})

const GROUND = part('Ground', 'What a decision rests on.', {
  kind: oneOf(['determination-rule', 'policy'], 'Whether a rule or a policy.'),
  id: text('Which one.'),
  version: count('Which import or version of it.'),
  text: text('What it says, in the words of its author.'),
  source: text('Where the payer says so: a document and its section.'),
})

export const WAITING_FOR = oneOf(['reviewer', 'information', 'payer'], 'For whom the case waits.')

const INFORMATION = part('InformationRequest', 'What a payer still wants to know, and where it is sent.', {
  documents: again(ATTACHMENTS),
  contact: maybe(
    part('InformationContact', 'Whom to send it to (X12 loops 2010EB and 2010FB of an answer).', {
      name: maybe(again(PARTY_NAME)),
      identifier: maybe(again(IDENTIFIER)),
      address: maybe(again(ADDRESS)),
      contact: maybe(again(CONTACT)),
    }),
  ),
})

export const LINE_OUTCOME = part('LineOutcome', 'What was decided of one service line.', {
  line: count('The number of the line; 0 is the event, where it has no lines.'),
  action: ACTION,
  grounds: several(GROUND, 'What it rests on; empty where a person decided.'),
  pend: maybe(
    part('PendReason', 'Why it waits, and for whom.', {
      waitingFor: WAITING_FOR,
      text: text('Why, in words for people.'),
    }),
  ),
  reasonCode: maybe(text('Why, in the code of the payer (X12 HCR03).')),
  secondOpinion: maybe(
    oneOf(['yes', 'no', 'unknown', 'not-applicable'], 'Whether one is asked for (X12 HCR04).'),
  ),
  certifiedQuantity: maybe(again(QUANTITY)),
  certifiedPattern: maybe(again(PATTERN)),
  certifiedPeriod: maybe(
    Type.Object(
      { from: date('The first day.'), until: date('The last day.') },
      { additionalProperties: false, description: 'The days that are certified.' },
    ),
  ),
  authorizationNumber: maybe(text('Where it differs from that of the whole.')),
  issuedOn: maybe(date('Where it differs from that of the whole.')),
  informationWanted: maybe(INFORMATION),
  message: maybe(text('A note of the payer for people.')),
})
