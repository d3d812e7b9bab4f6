/** The schemas that answers are told by. Those of request bodies are the ones that the routes check. */
import { TRANSITIONS } from '../../core/lifecycle.ts'
import { type JsonSchema, WIRE_SCHEMAS } from '../../formats/json/index.ts'
import { PROBLEMS } from '../../kernel/problem.ts'

const string = (description: string): JsonSchema => ({ type: 'string', description })
const moment = (description: string): JsonSchema => ({ type: 'string', format: 'date-time', description })
const integer = (description: string): JsonSchema => ({ type: 'integer', description })
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** @param optional the properties that may be absent */
function object(properties: Record<string, JsonSchema>, ...optional: readonly string[]): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
}

const PAYER = object({ id: string('The id that the payer goes by on the wire.'), name: { type: 'string' } })
const PERIOD = object({ from: { type: 'string', format: 'date' }, until: { type: 'string', format: 'date' } })
const STATE: JsonSchema = { type: 'string', enum: Object.keys(TRANSITIONS) }
const NUMBERS = {
  authorizationNumber: string("The payer's number of the certification."),
  administrativeReference: string("The payer's number of the request."),
}

const envelope = (answer: string): JsonSchema =>
  object({ x12: string('The answer as an X12 278 interchange.'), json: ref(answer) })

const COUNT = { type: 'integer', minimum: 0 } as const
const FOLLOW_UPS = ['update', 'extend', 'cancel', 'appeal'] as const
const ITEM = {
  item: integer('Its number in the upload, from 1.'),
  line: integer('Its line, from 1; of NDJSON.'),
  interchange: integer('Its interchange, from 1; of X12, as the two that follow.'),
  group: integer('Its functional group in the interchange, from 1.'),
  transaction: integer('Its transaction in the group, from 1.'),
  status: { type: 'string', enum: ['waiting', 'answered', 'refused', 'cancelled'] },
  operation: string('What it asked for.'),
  id: string('The case or the admission that it came to.'),
  problem: ref('Problem'),
} as const
const ITEM_OPTIONAL = ['line', 'interchange', 'group', 'transaction', 'operation', 'id', 'problem'] as const

const BATCH_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  BatchLine: {
    description: 'One line: a body of `POST /v1/authorizations`, or one of these.',
    anyOf: [
      object(
        {
          operation: { type: 'string', enum: ['authorization', 'determination', 'admission'] },
          body: { type: 'object', description: 'As the path of one such request takes it.' },
          allowDuplicate: { type: 'boolean' },
        },
        'allowDuplicate',
      ),
      object({
        operation: { type: 'string', enum: [...FOLLOW_UPS] },
        authorizationId: { type: 'string' },
        body: { type: 'object' },
      }),
      { type: 'object', required: ['payer', 'event'] },
    ],
  },
  Batch: object(
    {
      id: { type: 'string' },
      format: { type: 'string', enum: ['ndjson', 'x12'] },
      state: { type: 'string', enum: ['waiting', 'running', 'finished', 'cancelled'] },
      clientId: string('The client that uploaded it.'),
      bytes: integer('How long the upload was.'),
      items: object({
        received: { ...COUNT, description: 'All that came.' },
        accepted: { ...COUNT, description: 'Those that could be read when they came.' },
        answered: COUNT,
        refused: COUNT,
        cancelled: COUNT,
        remaining: COUNT,
      }),
      receivedAt: moment('When its upload was kept.'),
      startedAt: moment('When its first item was taken up.'),
      finishedAt: moment('When its last item ended, or it was cancelled.'),
      expiresAt: moment('When it and its answers are removed.'),
      links: object(
        Object.fromEntries(['self', 'items', 'answers', 'cancel'].map((name) => [name, string('A path.')])),
        'cancel',
      ),
    },
    'startedAt',
    'finishedAt',
  ),
  BatchPage: object({ batches: list(ref('Batch')), next: string('The `cursor` of the next page.') }, 'next'),
  BatchItem: object(ITEM, ...ITEM_OPTIONAL),
  BatchItemPage: object(
    { items: list(ref('BatchItem')), next: string('The `cursor` of the next page.') },
    'next',
  ),
  BatchItemAnswer: object(
    {
      ...ITEM,
      httpStatus: integer('What the path of one request would have answered with.'),
      answer: { type: 'object', description: 'What it would have answered.' },
    },
    ...ITEM_OPTIONAL,
    'httpStatus',
    'answer',
  ),
}

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ...WIRE_SCHEMAS,
  Interchange: object({ x12: string('One interchange, ISA to IEA.') }),
  CompatibleAnswer: object(
    {
      authorizationId: string('The id of the case, where there is one: a UUID without prefix.'),
      submission: envelope('SubmissionAnswer'),
      inquiry: { oneOf: [envelope('InquiryAnswer'), list(envelope('InquiryAnswer'))] },
    },
    'authorizationId',
    'submission',
    'inquiry',
  ),
  CompatibleErrors: { type: 'array', items: { type: 'string' }, description: 'One sentence for each fault.' },
  Fault: object(
    {
      at: string('Where: a JSON pointer, an X12 position, or a header. Empty: the document as a whole.'),
      message: string('What was found and what was expected.'),
      remedy: string('What to do about it.'),
    },
    'remedy',
  ),
  Problem: object({
    type: { type: 'string', format: 'uri', description: 'The page that says what to do.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    faults: list(ref('Fault')),
    requestId: string('Finds the call in our log.'),
  }),
  OAuthError: object(
    { error: string('RFC 6749 section 5.2.'), error_description: { type: 'string' } },
    'error_description',
  ),
  Event: object({
    sequence: integer('From 1 up, without gaps, per case.'),
    type: string('Such as `authorization.decided`.'),
    at: moment('When it happened.'),
    by: { type: 'string', enum: ['client', 'person', 'operator', 'anonymous', 'system'] },
    facts: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
  }),
  EventPage: object({ events: list(ref('Event')), next: string('The `after` of the next page.') }, 'next'),
  FollowedPage: object(
    {
      events: list(
        object({
          authorizationId: string('The case that it happened to.'),
          sequence: integer('From 1 up, without gaps, per case.'),
          type: string('Such as `authorization.decided`.'),
          at: moment('When it happened.'),
          by: { type: 'string', enum: ['client', 'person', 'operator', 'anonymous', 'system'] },
          facts: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        }),
      ),
      next: string('The `after` of the next page, whether or not there is one yet.'),
    },
    'next',
  ),
  Summary: object(
    {
      id: { type: 'string' },
      state: STATE,
      payer: PAYER,
      action: string('What was decided on the whole.'),
      purpose: { type: 'string' },
      urgency: { type: 'string' },
      service: PERIOD,
      ...NUMBERS,
      receivedAt: moment('When the request came.'),
      decidedAt: moment('When it was decided.'),
      dueAt: moment('By when the payer owes its decision.'),
    },
    ...[
      'action',
      'urgency',
      'service',
      'authorizationNumber',
      'administrativeReference',
      'decidedAt',
      'dueAt',
    ],
  ),
  FoundCases: object(
    { authorizations: list(ref('Summary')), next: string('The `cursor` of the next page.') },
    'next',
  ),
  Authorization: object(
    {
      id: { type: 'string' },
      state: STATE,
      payer: PAYER,
      receivedAt: moment('When the request came.'),
      decidedAt: moment('When it was decided.'),
      dueAt: moment('By when the payer owes its decision.'),
      ...NUMBERS,
      decision: object({
        by: string('Who decided: a machine, a reviewer, another payer, a simulation.'),
        action: { type: 'string' },
        lines: list({ type: 'object' }),
      }),
      pending: object({ waitingFor: { type: 'string' }, reason: { type: 'string' } }),
      rejections: list({ type: 'object' }),
      possible: list({ type: 'string' }),
      request: { type: 'object', description: 'As it was asked, in the model behind every spelling.' },
      events: list(object({ sequence: { type: 'integer' }, type: { type: 'string' }, at: moment('When.') })),
      notes: list(ref('Fault')),
    },
    ...[
      'decidedAt',
      'dueAt',
      'authorizationNumber',
      'administrativeReference',
      'decision',
      'pending',
      'rejections',
    ],
  ),
  ...BATCH_SCHEMAS,
  CaseAsJson: object({ request: ref('Submission'), answer: ref('SubmissionAnswer') }, 'answer'),
  CaseAsX12: object(
    {
      request: string('The request as an interchange, as it would be written now.'),
      answer: string('The answer as an interchange; absent while there is none.'),
    },
    'answer',
  ),
  Exchange: object({
    id: { type: 'string' },
    direction: { type: 'string', enum: ['inbound', 'outbound'] },
    format: { type: 'string', enum: ['json', 'x12', 'fhir'] },
    at: moment('When it came or went.'),
    bytes: integer('How long it is.'),
    notes: list(ref('Fault')),
  }),
  ExchangeList: object({ exchanges: list(ref('Exchange')) }),
  Document: object(
    {
      id: { type: 'string' },
      mediaType: { type: 'string' },
      bytes: integer('How long it is.'),
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      addedAt: moment('When it was added.'),
      isYours: { type: 'boolean', description: 'Whether your company added it.' },
      name: { type: 'string' },
      attachmentControlNumber: string('By which the request names it (X12 PWK06).'),
    },
    'name',
    'attachmentControlNumber',
  ),
  DocumentList: object({
    documents: list(ref('Document')),
    awaited: list(
      object(
        {
          attachmentControlNumber: string('By which the request names it (X12 PWK06).'),
          reportType: string('What kind of document it is (X12 755).'),
          line: integer('The service line that names it; absent: the event.'),
        },
        'line',
      ),
    ),
  }),
}
