/** What the paths of batches, and of the events of all cases, take and answer. */
import type { JsonSchema } from '../../formats/json/index.ts'
import { closed, list, ref, string } from './schemas.ts'

const FOLLOW_UPS = ['update', 'extend', 'cancel', 'appeal'] as const

const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })
const moment = (description: string): JsonSchema => ({ type: 'string', format: 'date-time', description })
const oneOf = (values: readonly string[], description: string): JsonSchema => ({
  type: 'string',
  enum: [...values],
  description,
})
/** Closed by the path of one such request, which has its schema. */
const body = {
  type: 'object',
  additionalProperties: true,
  description: 'As the path of one such request takes it.',
}
const next = string('The `cursor` of the next page; absent at the end.')

const ITEM: Readonly<Record<string, JsonSchema>> = {
  item: count('Its number in the upload, from 1.'),
  line: count('Its line, from 1; of NDJSON.'),
  interchange: count('Its interchange, from 1; of X12, as the two that follow.'),
  group: count('Its functional group in the interchange, from 1.'),
  transaction: count('Its transaction in the group, from 1.'),
  status: oneOf(['waiting', 'answered', 'refused', 'cancelled'], 'What became of it.'),
  operation: string('What it asked for.'),
  id: string('The case or the admission that it came to.'),
  problem: ref('Problem'),
}
const ITEM_OPTIONAL = ['line', 'interchange', 'group', 'transaction', 'operation', 'id', 'problem'] as const

export const BATCH_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  BatchLine: {
    description: 'One line: a body of `POST /v1/authorizations`, or one of these.',
    anyOf: [
      closed(
        'A request of one kind, as its own path takes it.',
        {
          operation: oneOf(['authorization', 'determination', 'admission'], 'What is asked for.'),
          body,
          allowDuplicate: {
            type: 'boolean',
            description: 'Whether a case of its own is wanted, though the same care was asked for already.',
          },
        },
        'allowDuplicate',
      ),
      closed('Something that is asked of a case.', {
        operation: oneOf(FOLLOW_UPS, 'What is asked of it.'),
        authorizationId: string('The case.'),
        body,
      }),
      {
        type: 'object',
        description: 'A body of `POST /v1/authorizations`.',
        required: ['payer', 'event'],
        additionalProperties: true,
      },
    ],
  },
  Batch: closed(
    'A batch, and how far it has come.',
    {
      id: string('Its id here.'),
      format: oneOf(['ndjson', 'x12'], 'What it was uploaded as.'),
      state: oneOf(['waiting', 'running', 'finished', 'cancelled'], 'How it stands.'),
      clientId: string('The client that uploaded it.'),
      bytes: count('How long the upload was.'),
      items: closed('Its items, counted.', {
        received: count('All that came.'),
        accepted: count('Those that could be read when they came.'),
        answered: count('Those that were answered.'),
        refused: count('Those that were refused.'),
        cancelled: count('Those that were not begun when it was cancelled.'),
        remaining: count('Those that wait.'),
      }),
      receivedAt: moment('When its upload was kept.'),
      startedAt: moment('When its first item was taken up.'),
      finishedAt: moment('When its last item ended, or it was cancelled.'),
      expiresAt: moment('When it and its answers are removed.'),
      links: closed(
        'Paths of what belongs to it.',
        Object.fromEntries(
          ['self', 'items', 'answers', 'cancel'].map((name) => [name, string(`The path of its ${name}.`)]),
        ),
        'cancel',
      ),
    },
    'startedAt',
    'finishedAt',
  ),
  BatchPage: closed('A page of batches.', { batches: list(ref('Batch'), 'Newest first.'), next }, 'next'),
  BatchItem: closed('An item of a batch.', ITEM, ...ITEM_OPTIONAL),
  BatchItemPage: closed(
    'A page of the items of a batch.',
    { items: list(ref('BatchItem'), 'In the order of the upload.'), next },
    'next',
  ),
  BatchItemAnswer: closed(
    'A line of the answers of a batch.',
    {
      ...ITEM,
      httpStatus: count('What the path of one request would have answered with.'),
      answer: { type: 'object', additionalProperties: true, description: 'What it would have answered.' },
    },
    ...ITEM_OPTIONAL,
    'httpStatus',
    'answer',
  ),
  FollowedPage: closed(
    'What happened to any of the cases, in the order in which it was written.',
    {
      events: list(
        closed('Something that happened to a case.', {
          authorizationId: string('The case that it happened to.'),
          sequence: count('From 1 up, without gaps, per case.'),
          type: string('Such as `authorization.decided`.'),
          at: moment('When it happened.'),
          by: oneOf(['client', 'person', 'operator', 'anonymous', 'system'], 'Who did it, by kind alone.'),
          facts: {
            type: 'object',
            additionalProperties: { type: ['string', 'number'] },
            description: 'Ids, states, codes and moments, by their names.',
          },
        }),
        'At most as many as were asked for.',
      ),
      next: string('The `after` of the next page, whether or not there is one yet.'),
    },
    'next',
  ),
}
