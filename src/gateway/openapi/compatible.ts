/** What the compatible API answers: each operation in an envelope of its own, with the answer in both spellings. */
import type { JsonSchema } from '../../formats/json/index.ts'
import { closed, list, ref, string } from './schemas.ts'

const CASE_ID = string('The id of the case, where there is one: a UUID without prefix.')

const both = (answer: string): JsonSchema =>
  closed('An answer in both spellings.', {
    x12: string('The answer as an X12 278 interchange.'),
    json: ref(answer),
  })

const DETERMINED = closed('What the rules say, in both spellings, and the rules themselves.', {
  x12: string('The answer as an X12 278 interchange.'),
  json: ref('InquiryAnswer'),
  rules: list(ref('DeterminedRules'), 'Line by line; empty when the payer did not consider the request.'),
})

export const COMPATIBLE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Interchange: {
    type: 'object',
    properties: { x12: string('One interchange, ISA to IEA.') },
    required: ['x12'],
    description: 'A request as an X12 278.',
  },
  DeterminationInterchange: {
    type: 'object',
    properties: {
      x12: string('One interchange, ISA to IEA, with a 005010X215.'),
      rhPayerId: {
        type: ['string', 'integer', 'null'],
        description: "The payer's id in the numbering of all payers.",
      },
      planId: {
        type: ['string', 'integer', 'null'],
        description: 'The plan, by the id that the payer gives it.',
      },
    },
    required: ['x12'],
    description: 'A question as an X12 278, and who the plan is.',
  },
  SubmissionEnvelope: closed(
    'What became of a submission.',
    { authorizationId: CASE_ID, submission: both('SubmissionAnswer') },
    'authorizationId',
  ),
  InquiryEnvelope: closed(
    'How a request stands.',
    { authorizationId: CASE_ID, inquiry: both('InquiryAnswer') },
    'authorizationId',
  ),
  DeterminationEnvelope: closed('Whether services need prior authorization.', { determination: DETERMINED }),
  AuthorizationEnvelope: closed(
    'Whether services need prior authorization, and whether there is one; with `?submit=true`, what became of asking for it.',
    {
      authorizationId: CASE_ID,
      determination: DETERMINED,
      inquiry: list(both('InquiryAnswer'), 'What is there already for what needs authorization.'),
      submission: both('SubmissionAnswer'),
    },
    'authorizationId',
    'submission',
  ),
  NoticeEnvelope: closed(
    'That a notice was received.',
    {
      authorizationId: string('The id of the admission, where it was taken: a UUID without prefix.'),
      noa: both('SubmissionAnswer'),
    },
    'authorizationId',
  ),
  DeterminedRules: closed(
    'What the rules say of one line, in the shape of the published rules service, and more.',
    {
      authorizationRequired: { type: 'boolean', description: 'False only where a rule says so.' },
      umVendor: string('Who reviews such a request.'),
      rhPayerId: string("The payer's id in the numbering of all payers, as it was sent."),
      planId: string('The plan, as it was sent.'),
      code: string('The code that was asked about.'),
      exceptions: string('Why, in words for people.'),
      payerXrefStatus: {
        type: 'string',
        enum: ['found', 'stand-in'],
        description: 'Whether the payer is the one that was named, or stands in for it (in the sandbox).',
      },
      rule: string('The rule that decides.'),
      canSubmit: { type: 'boolean', description: 'Whether a submission is taken here.' },
      vendor: string('As `umVendor`.'),
      lob: string('Under which law the members of the payer are covered.'),
      isGlobal: { type: 'boolean', description: 'Whether what decides holds for every plan.' },
      line: { type: 'integer', minimum: 0, description: 'The line; 0 is the event, where it has no lines.' },
      outcome: {
        type: 'string',
        enum: ['required', 'not-required', 'conditional', 'unknown'],
        description: 'What the rules say, exactly.',
      },
      missing: list(string('A fact.'), 'The facts that would settle a conditional one.'),
      documents: list(string('A document.'), 'What to send with the request.'),
      fired: list(ref('FiredRule'), 'The most specific first; ten at most.'),
      contact: ref('KeptContact'),
      disclaimer: string('That it is not a guarantee of payment.'),
    },
    'umVendor',
    'rhPayerId',
    'planId',
    'code',
    'rule',
    'vendor',
    'isGlobal',
    'contact',
  ),
  CompatibleErrors: { type: 'array', items: { type: 'string' }, description: 'One sentence for each fault.' },
  CaseAsJson: closed(
    'A case in the JSON of the compatible API, as it would be written now.',
    { request: ref('Submission'), answer: ref('SubmissionAnswer') },
    'answer',
  ),
  CaseAsX12: closed(
    'A case as X12 278.',
    {
      request: string('The request as an interchange, as it would be written now.'),
      answer: string('The answer as an interchange; absent while there is none.'),
    },
    'answer',
  ),
}
