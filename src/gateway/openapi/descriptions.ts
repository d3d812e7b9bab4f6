/** What each path is for, in words. A route without a row here fails a test. */

import type { JsonSchema } from '../../formats/json/index.ts'
import {
  ADMISSION,
  ATTACHED,
  AUTHORIZATION,
  DETERMINATION,
  DOCUMENT,
  DOCUMENT_LIST,
  EVENT_PAGE,
  EXCHANGE_LIST,
  FOUND_CASES,
  PAYER_PAGE,
} from '../doors/index.ts'
import type { Answered, Description } from './model.ts'
import { ref } from './schemas.ts'

const json = (means: string, schema: object): Answered => ({
  means,
  content: { 'application/json': schema as JsonSchema },
})
const OPEN = { type: 'object' } as const
const OF_CASES = { tag: 'Authorizations', callers: 'token', refusals: 'problem' } as const
const READS = { ...OF_CASES, scope: 'pa:read' } as const
const BATCHES = { ...READS, tag: 'Batches' } as const
const FOR_CLIENTS = { tag: 'Access', callers: 'client', refusals: 'oauth' } as const
const METADATA = { tag: 'Access', callers: 'anybody', refusals: 'problem' } as const
const TEXT = { type: 'string' } as const
const FORM_TYPE = 'application/x-www-form-urlencoded'
const KEYED = {
  'Idempotency-Key':
    'A key of 1 to 255 characters: the same request sent again with it gets the same answer for 24 hours.',
}
const OF_ENVELOPES = {
  tag: 'Envelopes',
  callers: 'token',
  refusals: 'core',
  description:
    'Which scope the token must have follows from what is within: `pa:submit` for 005010X217, `pa:inquire` for 005010X215, `pa:admit` for 005010X216. A credential in the envelope is not read.',
  headers: KEYED,
} as const

const attached = (means: string): Answered => ({
  means,
  content: {
    'application/json': ATTACHED as unknown as JsonSchema,
    'application/edi-x12': { type: 'string', description: 'TA1 and 999.' },
  },
})

export const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  'GET /healthz': {
    tag: 'Service',
    callers: 'anybody',
    refusals: 'problem',
    operationId: 'isAlive',
    summary: 'Whether this process is alive',
    answers: { 200: json('It is.', ref('Alive')) },
  },
  'GET /readyz': {
    tag: 'Service',
    callers: 'anybody',
    refusals: 'problem',
    operationId: 'isReady',
    summary: 'Whether this process can serve',
    answers: {
      200: json('It can.', ref('Ready')),
      503: json('It cannot; `waitingFor` says which part.', ref('NotReady')),
    },
  },
  'GET /openapi.json': {
    tag: 'Service',
    callers: 'anybody',
    refusals: 'problem',
    operationId: 'describeApi',
    summary: 'This description',
    answers: { 200: json('An OpenAPI 3.1 document.', OPEN) },
  },
  'GET /rcm/prior-authorization/v1/healthcheck': {
    tag: 'Compatible',
    callers: 'token',
    refusals: 'compatible',
    operationId: 'healthcheck',
    summary: 'Whether the compatible API serves, and its version',
    answers: { 200: json('It serves.', ref('Health')) },
  },

  'POST /oauth2/token': {
    ...FOR_CLIENTS,
    operationId: 'requestToken',
    summary: 'Get an access token (client_credentials)',
    body: { [FORM_TYPE]: ref('TokenRequest') },
    answers: { 200: json('RFC 6749 section 5.1.', ref('Token')) },
  },
  'POST /apip/auth/v2/token': {
    ...FOR_CLIENTS,
    operationId: 'requestTokenApipV2',
    summary: 'Get an access token, as existing clients do',
    body: { 'application/json': ref('TokenRequestApip') },
    answers: { 200: json('A token.', ref('Token')) },
  },
  'POST /apip/auth/sntl/v1/token': {
    ...FOR_CLIENTS,
    operationId: 'requestTokenApipSntl',
    summary: 'Get an access token, as existing clients do',
    body: { [FORM_TYPE]: ref('TokenRequestApip') },
    refusals: 'sntl',
    answers: { 200: json('A token.', ref('TokenApipSntl')) },
  },
  'POST /oauth2/revoke': {
    ...FOR_CLIENTS,
    operationId: 'revokeToken',
    summary: 'End an access token of your own (RFC 7009)',
    body: { [FORM_TYPE]: ref('TokenQuestion') },
    answers: { 200: { means: 'It has ended, or never was.' } },
  },
  'POST /oauth2/introspect': {
    ...FOR_CLIENTS,
    operationId: 'introspectToken',
    summary: 'How an access token of your company stands (RFC 7662)',
    body: { [FORM_TYPE]: ref('TokenQuestion') },
    answers: { 200: json('How it stands.', ref('Introspection')) },
  },
  'GET /oauth2/jwks': {
    ...METADATA,
    operationId: 'signingKeys',
    summary: 'The public keys that access tokens are signed with (RFC 7517)',
    answers: {
      200: json('A JWK Set.', ref('KeySet')),
      304: { means: 'Unchanged since the ETag that was sent.' },
    },
  },
  'GET /.well-known/oauth-authorization-server': {
    ...METADATA,
    operationId: 'authorizationServerMetadata',
    summary: 'Metadata of the authorization server (RFC 8414)',
    answers: { 200: json('The metadata.', ref('AuthorizationServer')) },
  },
  'GET /.well-known/oauth-protected-resource': {
    ...METADATA,
    operationId: 'protectedResourceMetadata',
    summary: 'Metadata of the protected resource (RFC 9728)',
    answers: { 200: json('The metadata.', ref('ProtectedResource')) },
  },
  'GET /fhir/R4/.well-known/smart-configuration': {
    ...METADATA,
    operationId: 'smartConfiguration',
    summary: 'What SMART Backend Services read first',
    answers: { 200: json('The configuration.', ref('SmartConfiguration')) },
  },
  'POST /leaks': {
    ...METADATA,
    operationId: 'reportLeak',
    summary: 'Hand in a secret of ours that you found',
    description: 'Any text. The answer is the same whatever it holds.',
    body: { '*/*': { type: 'string' } },
    answers: { 202: json('Received.', ref('Received')) },
  },

  'POST /v1/authorizations': {
    ...OF_CASES,
    scope: 'pa:submit',
    operationId: 'createAuthorization',
    summary: 'Request a prior authorization',
    headers: KEYED,
    answers: {
      200: json('The same care was asked for before and is still open: that case.', AUTHORIZATION),
      201: json('The case, with its decision.', AUTHORIZATION),
    },
  },
  'POST /v1/authorizations/search': {
    ...READS,
    operationId: 'searchAuthorizations',
    summary: 'Find cases of your company',
    description:
      'Newest first, page by page. What is looked for is in the body, so that no member id is ever in a URL. The answer holds nothing that names or describes a patient.',
    answers: { 200: json('A page of cases.', FOUND_CASES) },
  },
  'GET /v1/authorizations/:id': {
    ...READS,
    operationId: 'readAuthorization',
    summary: 'Read a case',
    answers: { 200: json('The case.', AUTHORIZATION) },
  },
  'GET /v1/authorizations/:id/events': {
    ...READS,
    operationId: 'listEvents',
    summary: 'What happened to a case, in order',
    answers: { 200: json('A page of events.', EVENT_PAGE) },
  },
  'GET /v1/events': {
    ...READS,
    operationId: 'followEvents',
    summary: 'What happened to all cases of your company, in the order in which it was written',
    description:
      'Nothing is skipped: what is still being written comes on a later page, after whatever you have. With `wait` the answer waits for the next event.',
    answers: { 200: json('A page of events.', ref('FollowedPage')) },
  },
  'GET /v1/authorizations/:id/json': {
    ...READS,
    operationId: 'readAuthorizationAsJson',
    summary: 'A case in the JSON of the compatible API',
    description: 'Request and answer, written anew from what is known now, whatever they came as.',
    answers: { 200: json('The case.', ref('CaseAsJson')) },
  },
  'GET /v1/authorizations/:id/x12': {
    ...READS,
    operationId: 'readAuthorizationAsX12',
    summary: 'A case as X12 278',
    description: 'Request and answer, written anew from what is known now, whatever they came as.',
    answers: { 200: json('The case.', ref('CaseAsX12')) },
  },
  'GET /v1/authorizations/:id/exchanges': {
    ...READS,
    operationId: 'listExchanges',
    summary: 'What was sent and answered',
    description:
      'What your company sent and was answered. What another one that takes part did is not among it.',
    answers: { 200: json('Oldest first.', EXCHANGE_LIST) },
  },
  'GET /v1/authorizations/:id/exchanges/:exchangeId': {
    ...READS,
    operationId: 'readExchange',
    summary: 'What was sent or answered, byte for byte',
    answers: {
      200: {
        means: 'The bytes, to be saved.',
        content: { 'application/json': {}, 'application/edi-x12': {}, 'application/fhir+json': {} },
      },
    },
  },
  'POST /v1/authorizations/:id/documents': {
    ...OF_CASES,
    scope: 'pa:submit',
    operationId: 'addDocument',
    summary: 'Add a document to a case',
    description:
      'The body is the document: a PDF, a clinical document (CDA), a PNG, JPEG or TIFF image, of 10 MiB at most. What it is is told by its bytes. Nothing here looks for malware. The same bytes sent again are the document that is there.',
    headers: {
      'Content-Disposition': '`attachment; filename="…"`: the name of the file, which may be left out.',
      'Attachment-Control-Number':
        'By which the request names it (X12 PWK06), 2 to 80 characters; no name and no member id.',
    },
    body: {
      'application/pdf': {},
      'application/xml': {},
      'image/png': {},
      'image/jpeg': {},
      'image/tiff': {},
    },
    answers: {
      200: json('It was there already.', DOCUMENT),
      201: json('It is kept.', DOCUMENT),
    },
  },
  'POST /v1/attachments': {
    ...OF_CASES,
    scope: 'pa:submit',
    operationId: 'sendAttachments',
    summary: 'Send documents as X12 275',
    description:
      'One interchange of 275 transactions (006020X316; also the shapes of 005010X211, 006020X314 and 005010X210), of 14 MiB at most. Each object goes to the case that its numbers lead to: all of them, or none. With `Accept: application/edi-x12` the answer, and a refusal, is an interchange of TA1 and 999.',
    body: {
      'application/edi-x12': {
        type: 'string',
        format: 'binary',
        description: 'One interchange, ISA to IEA.',
      },
    },
    answers: {
      200: attached('All of them were there already.'),
      201: attached('They are kept.'),
      422: {
        means:
          'Something is wrong with the interchange, or a number of it leads to no case; nothing was kept.',
        content: {
          'application/problem+json': ref('Problem'),
          'application/edi-x12': { type: 'string', description: 'TA1 and 999.' },
        },
      },
    },
  },
  'GET /v1/authorizations/:id/documents': {
    ...READS,
    operationId: 'listDocuments',
    summary: 'The documents of a case',
    answers: { 200: json('Oldest first.', DOCUMENT_LIST) },
  },
  'GET /v1/authorizations/:id/documents/:documentId': {
    ...READS,
    operationId: 'readDocument',
    summary: 'Take a document out of a case',
    answers: {
      200: {
        means: 'The bytes, to be saved.',
        content: {
          'application/pdf': {},
          'application/xml': {},
          'image/png': {},
          'image/jpeg': {},
          'image/tiff': {},
        },
      },
    },
  },
  ...Object.fromEntries(
    (
      [
        ['update', 'Change what a case asks for'],
        ['extend', 'Ask for more of what a case has'],
        ['cancel', 'Take a case back'],
        ['appeal', 'Appeal against a decision'],
      ] as const
    ).map(([verb, summary]) => [
      `POST /v1/authorizations/:id/${verb}`,
      {
        ...OF_CASES,
        scope: 'pa:submit',
        operationId: `${verb}Authorization`,
        summary,
        headers: KEYED,
        answers: {
          200: json('The case.', AUTHORIZATION),
          201: json('The case that goes on from it.', AUTHORIZATION),
        },
      } satisfies Description,
    ]),
  ),
  'POST /core/soap': {
    ...OF_ENVELOPES,
    operationId: 'exchangeSoap',
    summary: 'A 278 in an envelope of SOAP 1.2 (CAQH CORE 270 and 470), in real time',
    body: { 'application/soap+xml': TEXT, 'multipart/related': TEXT },
    answers: {
      200: {
        means:
          'An envelope: the 278 that answers, a TA1 or a 999; or in `ErrorCode` what is wrong with the request.',
        content: { 'application/soap+xml': TEXT, 'multipart/related': TEXT },
      },
    },
  },
  'POST /core/mime': {
    ...OF_ENVELOPES,
    operationId: 'exchangeMime',
    summary: 'A 278 in the parts of a form (CAQH CORE 270), in real time',
    body: { 'multipart/form-data': TEXT },
    answers: {
      200: {
        means:
          'A form: the 278 that answers, a TA1 or a 999; or in `ErrorCode` what is wrong with the request.',
        content: { 'multipart/form-data': TEXT },
      },
    },
  },
  'GET /v1/payers': {
    ...READS,
    tag: 'Payers',
    operationId: 'listPayers',
    summary: 'Whom a request can be addressed to',
    description: 'By name, a hundred at a time.',
    answers: { 200: json('A page of payers.', PAYER_PAGE) },
  },
  'POST /v1/determinations': {
    ...OF_CASES,
    tag: 'Determinations',
    scope: 'pa:determine',
    operationId: 'determine',
    summary: 'Ask whether services need prior authorization',
    answers: { 200: json('What the rules say, line by line.', DETERMINATION) },
  },
  'POST /v1/admissions': {
    ...OF_CASES,
    tag: 'Admissions',
    scope: 'pa:admit',
    operationId: 'createAdmission',
    summary: 'Send a notice of admission',
    headers: KEYED,
    answers: { 200: json('The stay.', ADMISSION), 201: json('The stay.', ADMISSION) },
  },
  'GET /v1/admissions/:id': {
    ...OF_CASES,
    tag: 'Admissions',
    scope: 'pa:read',
    operationId: 'readAdmission',
    summary: 'Read a notice of admission',
    answers: { 200: json('The stay.', ADMISSION) },
  },

  'POST /v1/batches': {
    ...BATCHES,
    scope: undefined,
    operationId: 'createBatch',
    summary: 'Send many requests at once',
    description:
      'One request on each line (NDJSON): a body of `POST /v1/authorizations`, or an object with `operation` and `body`. Or a file of X12 interchanges. It is answered when all of it is kept; each item is then answered as the path of one request would, and needs the scope that this path needs.',
    headers: KEYED,
    body: {
      'application/x-ndjson': ref('BatchLine'),
      'application/edi-x12': { type: 'string', description: 'Interchanges.' },
    },
    answers: { 202: json('It is kept, and waits for its turn.', ref('Batch')) },
  },
  'GET /v1/batches': {
    ...BATCHES,
    operationId: 'listBatches',
    summary: 'The batches of your company',
    answers: { 200: json('Newest first.', ref('BatchPage')) },
  },
  'GET /v1/batches/:id': {
    ...BATCHES,
    operationId: 'readBatch',
    summary: 'How far a batch has come',
    answers: { 200: json('The batch.', ref('Batch')) },
  },
  'GET /v1/batches/:id/items': {
    ...BATCHES,
    operationId: 'listBatchItems',
    summary: 'What became of each item, and what was wrong with it',
    answers: { 200: json('In the order of the upload.', ref('BatchItemPage')) },
  },
  'GET /v1/batches/:id/answers': {
    ...BATCHES,
    operationId: 'readBatchAnswers',
    summary: 'All answers of a batch, as a file',
    description: 'In the spelling that it came in.',
    answers: {
      200: {
        means: 'One line for each item that has ended; or one interchange of answers for each that came.',
        content: {
          'application/x-ndjson': ref('BatchItemAnswer'),
          'application/edi-x12': { type: 'string', description: 'Interchanges.' },
        },
      },
      409: {
        means: 'It came as X12, and has not ended: its answers are one file.',
        content: { 'application/problem+json': ref('Problem') },
      },
    },
  },
  'POST /v1/batches/:id/cancel': {
    ...BATCHES,
    scope: undefined,
    operationId: 'cancelBatch',
    summary: 'Stop what has not begun',
    answers: { 200: json('The batch.', ref('Batch')) },
  },
}

interface Compatible {
  readonly summary: string
  /** The schemas of its body, of its body as an interchange, and of its answer. */
  readonly body: string
  readonly interchange: string
  readonly answer: string
}

/** The operations of the compatible API, by their name: `submission`. */
const COMPATIBLE: Readonly<Record<string, Compatible>> = {
  submission: {
    summary: 'Request a prior authorization (005010X217)',
    body: 'Submission',
    interchange: 'Interchange',
    answer: 'SubmissionEnvelope',
  },
  inquiry: {
    summary: 'Ask for the status of a prior authorization (005010X215)',
    body: 'Inquiry',
    interchange: 'Interchange',
    answer: 'InquiryEnvelope',
  },
  determination: {
    summary: 'Ask whether a service needs prior authorization',
    body: 'DeterminationQuestion',
    interchange: 'DeterminationInterchange',
    answer: 'DeterminationEnvelope',
  },
  authorization: {
    summary: 'Ask whether a service needs one, and whether there is one',
    body: 'DeterminationQuestion',
    interchange: 'DeterminationInterchange',
    answer: 'AuthorizationEnvelope',
  },
  noa: {
    summary: 'Send a notice of admission (005010X216)',
    body: 'Notice',
    interchange: 'Interchange',
    answer: 'NoticeEnvelope',
  },
}

const COMPATIBLE_PATH = /^\/rcm\/prior-authorization\/v1\/([a-z]+)(?:\/(json|x12))?$/

/** @returns undefined for a route that nobody has described */
export function descriptionOf(method: string, url: string): Description | undefined {
  const own = DESCRIPTIONS[`${method} ${url}`]
  if (own || method !== 'POST') return own
  const [, name = '', spelling = ''] = COMPATIBLE_PATH.exec(url) ?? []
  const known = COMPATIBLE[name]
  if (!known) return undefined
  const { summary, body, interchange, answer } = known
  return {
    tag: 'Compatible',
    callers: 'token',
    refusals: 'compatible',
    operationId: `${name}${spelling.slice(0, 1).toUpperCase()}${spelling.slice(1)}`,
    summary: spelling === 'x12' ? `${summary}, as an X12 278` : summary,
    headers: KEYED,
    body: { 'application/json': ref(spelling === 'x12' ? interchange : body) },
    answers: { 200: json('The answer, in both spellings.', ref(answer)) },
  }
}
