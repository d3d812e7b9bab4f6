/**
 * The JSON of a request at `/v1`: the core's own shape, as `request` of `GET /v1/authorizations/{id}` shows it. Strict:
 * a member that is not known here is refused. Lists that are empty may be left out, and who wrote to whom.
 */
import { type Static, Type } from 'typebox'
import type {
  PatientEvent,
  Purpose,
  ReviewCategory,
  ReviewRequest,
  ServiceLine,
} from '../../../core/request.ts'
import { CASE, type CATEGORY, EVENT, LINE, type PURPOSE } from './request-event.ts'
import {
  ADDRESS,
  CONTACT,
  code,
  IDENTIFIER,
  MEMBER,
  maybe,
  name,
  oneOf,
  PARTY_NAME,
  part,
  partial,
  period,
  REFERENCES,
  reference,
  STRICT,
  words,
} from './request-parts.ts'

const REQUEST = {
  reservation: maybe(
    oneOf(['make', 'use', 'cancel'], 'What is wanted of a reservation of services (X12 BHT02, BHT06 `RU`).'),
  ),
  correspondence: maybe(
    partial('Correspondence', 'Who writes to whom, as an interchange names them.', {
      senderId: words(15, "The sender's own name on the wire (X12 ISA06, GS02)."),
      receiverId: words(15, 'Whom it is addressed to (X12 GS03).'),
      transactionIdentifier: reference("The sender's number of the transaction (X12 BHT03)."),
    }),
  ),
  payer: part('PayerReference', 'The payer, as the sender knows it.', {
    id: Type.String({
      minLength: 2,
      maxLength: 80,
      description: 'An id that it goes by on the wire (X12 NM109).',
    }),
    name: maybe(name('Its name (X12 NM103).')),
  }),
  requester: part('Requester', 'In whose name it is asked (X12 loop 2010B): give a name or an identifier.', {
    kind: oneOf(
      [
        'provider',
        'government-facility',
        'third-party-administrator',
        'employer',
        'facility',
        'payer',
        'utilization-management',
      ],
      'What kind of party it is (X12 NM101).',
    ),
    name: maybe(PARTY_NAME),
    identifier: maybe(IDENTIFIER),
    references: maybe(REFERENCES),
    address: maybe(ADDRESS),
    contact: maybe(CONTACT),
    role: maybe(code('The part that it plays (X12 PRV01).')),
    taxonomy: maybe(code('Its specialty by its taxonomy code (X12 PRV03).')),
  }),
  subscriber: part('Subscriber', 'The member in whose name the policy runs: give a memberId or a name.', {
    memberId: maybe(words(80, "The payer's number of the member (X12 NM109).")),
    militaryRelationship: maybe(code('How the subscriber is tied to the armed forces (X12 INS08).')),
    ...MEMBER,
  }),
  dependent: maybe(
    part('Dependent', "The patient, when covered by somebody else's policy.", {
      relationship: maybe(code('How the dependent is related to the subscriber (X12 INS02).')),
      birthSequence: maybe(words(9, 'Which of several children of one birth it is (X12 INS17).')),
      ...MEMBER,
    }),
  ),
  event: part('PatientEvent', 'The care that is asked about (X12 loop 2000E).', { ...CASE, ...EVENT }),
}

/** Body of `POST /v1/authorizations`. */
export const CREATE = part('ReviewRequest', 'A request for prior authorization.', REQUEST)

/** Body of `POST /v1/authorizations/{id}/update`: what is given takes the place of what the case says of it. */
export const UPDATE = Type.Object(EVENT, {
  ...STRICT,
  minProperties: 1,
  title: 'Update',
  description: 'What is given takes the place of what the case says of it.',
})

/** Body of `POST /v1/authorizations/{id}/extend`: for how long, or how much more; of all lines, or of those that are named. */
export const EXTEND = part(
  'Extension',
  'For how long, or how much more: of all lines, or of those that are named.',
  {
    period: maybe(period('The days that are asked for now.')),
    lines: maybe(
      Type.Array(
        part('ExtendedLine', 'A line that is asked for again.', {
          number: LINE.number,
          period: LINE.period,
          quantity: LINE.quantity,
        }),
        { minItems: 1, maxItems: 99, description: 'Those that are named alone; absent: all.' },
      ),
    ),
    urgency: EVENT.urgency,
    message: EVENT.message,
  },
)

/** Body of `POST /v1/authorizations/{id}/cancel`. */
export const CANCEL = part('Cancellation', 'A case is taken back whole.', { message: EVENT.message })

/** Body of `POST /v1/authorizations/{id}/appeal`. */
export const APPEAL = part('AppealRequest', 'A decision is asked to be looked at again.', {
  kind: oneOf(['immediate', 'standard', 'reconsideration'], 'How; `immediate` is on the expedited clock.'),
  urgency: EVENT.urgency,
  message: EVENT.message,
})

// A member, a purpose or a category that the core has and this page has not stops compiling here.
type Missing =
  | Exclude<keyof ReviewRequest, keyof typeof REQUEST>
  | Exclude<keyof PatientEvent, keyof typeof CASE | keyof typeof EVENT>
  | Exclude<keyof ServiceLine, keyof typeof LINE>
  | Exclude<Purpose, Static<typeof PURPOSE>>
  | Exclude<ReviewCategory, Static<typeof CATEGORY>>
const nothingIsMissing: [Missing] extends [never] ? true : Missing = true
void nothingIsMissing
