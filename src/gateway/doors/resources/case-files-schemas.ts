/** What `/v1` answers of the files of a case: pages of a search, events, what was said, documents. */
import { Type } from 'typebox'
import {
  ACTION,
  count,
  date,
  FAULT,
  flag,
  id,
  moment,
  NUMBERS,
  PAYER,
  STATE,
  several,
  text,
} from './answer-parts.ts'
import { EVENT, PURPOSE } from './request-event.ts'
import { maybe, oneOf, part } from './request-parts.ts'

export const FOUND_CASES = part('FoundCases', 'A page of a search, newest first.', {
  authorizations: several(
    part('Summary', 'What can be told of a case without naming or describing its patient.', {
      id: id('auth', 'Its id here.'),
      state: STATE,
      payer: PAYER,
      action: maybe(ACTION),
      purpose: PURPOSE,
      urgency: EVENT.urgency,
      service: maybe(
        Type.Object(
          { from: date('The first day.'), until: date('The last day.') },
          { additionalProperties: false, description: 'When the care is given, where the request says so.' },
        ),
      ),
      ...NUMBERS,
      receivedAt: moment('When the request came.'),
      decidedAt: maybe(moment('When it was decided.')),
      dueAt: maybe(moment('By when the payer owes its decision.')),
    }),
    'At most as many as were asked for.',
  ),
  next: maybe(text('The `cursor` of the next page; absent at the end.')),
})

export const EVENT_PAGE = part('EventPage', 'What happened to a case, in order.', {
  events: several(
    part('Event', 'Something that happened to a case.', {
      sequence: count('From 1 up, without gaps, per case.'),
      type: text('Such as `authorization.decided`.'),
      at: moment('When it happened.'),
      by: oneOf(['client', 'person', 'operator', 'anonymous', 'system'], 'Who did it, by kind alone.'),
      facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'Ids, states, codes and moments, by their names.',
      }),
    }),
    'At most as many as were asked for.',
  ),
  next: maybe(text('The `after` of the next page; absent at the end.')),
})

export const EXCHANGE_LIST = part('ExchangeList', 'What your company sent and was answered.', {
  exchanges: several(
    part('Exchange', 'Something that was sent or answered.', {
      id: id('exc', 'Its id here.'),
      direction: oneOf(['inbound', 'outbound'], 'Whether it came or went.'),
      format: oneOf(['json', 'x12', 'fhir'], 'What it was written in.'),
      at: moment('When.'),
      bytes: count('How long it is.'),
      notes: several(FAULT, 'What was put up with while it was read.'),
    }),
    'Oldest first.',
  ),
})

export const DOCUMENT = part('Document', 'A document of a case, without its bytes.', {
  id: id('doc', 'Its id here.'),
  mediaType: oneOf(
    ['application/pdf', 'application/xml', 'image/png', 'image/jpeg', 'image/tiff'],
    'What it is, told by its bytes.',
  ),
  bytes: count('How long it is.'),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of its bytes.' }),
  addedAt: moment('When it was added.'),
  isYours: flag('Whether your company added it.'),
  name: maybe(text('The name of the file, as it was sent.')),
  attachmentControlNumber: maybe(text('By which the request names it (X12 PWK06).')),
})

export const ATTACHED = part('AttachedObjects', 'What became of an interchange of 275 transactions.', {
  interchangeControlNumber: text('Of the interchange that was sent (X12 ISA13).'),
  acknowledgement: text('An interchange of ours: a 999 for each group, and a TA1 where one was asked for.'),
  documents: several(
    part('AttachedObject', 'An object, and the case that it was added to.', {
      authorizationId: id('auth', 'The case.'),
      assignedNumber: text('As its sender counts it (X12 LX01).'),
      isNew: flag('False where your company had sent these bytes to the case before.'),
      document: DOCUMENT,
    }),
    'In the order sent.',
  ),
})

export const DOCUMENT_LIST = part('DocumentList', 'The documents of a case.', {
  documents: several(DOCUMENT, 'Oldest first.'),
  awaited: several(
    part('AwaitedDocument', 'A document that the request names, and that has not come.', {
      attachmentControlNumber: text('By which the request names it (X12 PWK06).'),
      reportType: text('What kind of document it is (X12 755).'),
      line: maybe(count('The service line that names it; absent: the event.')),
    }),
    'Those that have not come.',
  ),
})
