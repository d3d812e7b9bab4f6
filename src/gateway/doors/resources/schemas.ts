/** What `/v1` reads, as JSON Schemas: they check each call, and the API description shows them. */
import { type Static, Type } from 'typebox'
import type { AuthorizationState, CaseEventType } from '../../../core/authorization.ts'
import { TRANSITIONS } from '../../../core/lifecycle.ts'

const strict = { additionalProperties: false } as const
/** Longer than any number or id that a payer gives. */
const NUMBER = { minLength: 1, maxLength: 80 }
const MOST_OF_A_PAGE = 100

export const STATES = Object.keys(TRANSITIONS) as AuthorizationState[]
export const DAY = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  'x-expected': 'a day as YYYY-MM-DD, such as 2027-05-03',
  description: 'A calendar day, `YYYY-MM-DD`.',
})

const days = (description: string) =>
  Type.Object({ from: Type.Optional(DAY), until: Type.Optional(DAY) }, { ...strict, description })

export const SEARCH = Type.Object(
  {
    state: Type.Optional(
      Type.Array(Type.Enum(STATES), {
        minItems: 1,
        maxItems: STATES.length,
        description: 'The case is in one of these states.',
      }),
    ),
    payer: Type.Optional(
      Type.String({
        ...NUMBER,
        description: 'An id that the payer goes by on the wire; capitals do not matter.',
      }),
    ),
    memberId: Type.Optional(
      Type.String({
        ...NUMBER,
        description: "The subscriber's member id; capitals, spaces and punctuation do not matter.",
      }),
    ),
    authorizationNumber: Type.Optional(
      Type.String({ ...NUMBER, description: "The payer's number of the certification." }),
    ),
    administrativeReference: Type.Optional(
      Type.String({ ...NUMBER, description: "The payer's number of the request." }),
    ),
    procedureCode: Type.Optional(
      Type.String({ ...NUMBER, description: 'A service line asks for this code, as the request wrote it.' }),
    ),
    requesterNpi: Type.Optional(
      Type.String({
        pattern: '^\\d{10}$',
        'x-expected': 'the ten digits of an NPI, such as 1234567893',
        description: 'The request was made in the name of this provider.',
      }),
    ),
    received: Type.Optional(days('Received on one of these days, UTC; both ends included.')),
    service: Type.Optional(
      days(
        'The care overlaps these days, both ends included. A case that names no days is not found by them.',
      ),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_OF_A_PAGE,
        description: 'The most cases of a page; 25 if absent.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'The `next` of the page before, with the same search.',
      }),
    ),
  },
  { ...strict, description: 'Every condition narrows; an empty object finds all.' },
)
export type SearchBody = Static<typeof SEARCH>

export const EVENTS_QUERY = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^\\d{1,9}$',
        'x-expected': 'the sequence of an event, one to nine digits, such as 12',
        description: 'Events of a greater sequence than this one; 0 if absent.',
      }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d?|100)$',
        'x-expected': 'a number from 1 to 100, such as 25',
        description: 'The most events of a page, 1 to 100; 100 if absent.',
      }),
    ),
  },
  strict,
)
export type EventsQuery = Static<typeof EVENTS_QUERY>

/** The types of events, so that a filter that names another is told so. */
const EVENT_TYPES = [
  'received',
  'rejected',
  'submitted',
  'not-required',
  'pended',
  'decided',
  'appealed',
  'withdrawn',
  'cancelled',
  'revised',
  'extended',
].map((name) => `authorization.${name}` as CaseEventType)

export const LONGEST_WAIT_SECONDS = 30

export const FOLLOW_QUERY = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'The `next` of the page before; absent: from the first event on.',
      }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d?|100)$',
        description: 'The most events of a page, 1 to 100; 100 if absent.',
      }),
    ),
    type: Type.Optional(
      Type.Union(
        [Type.Enum(EVENT_TYPES), Type.Array(Type.Enum(EVENT_TYPES), { minItems: 1, maxItems: 20 })],
        {
          description: 'Events of this type alone; may be repeated.',
        },
      ),
    ),
    wait: Type.Optional(
      Type.String({
        pattern: '^([12]?\\d|30)$',
        description: `How many seconds to wait for an event where there is none yet, 0 to ${LONGEST_WAIT_SECONDS}; 0 if absent.`,
      }),
    ),
  },
  strict,
)
export type FollowQuery = Static<typeof FOLLOW_QUERY>
