/** What `/v1` answers of cases, admissions, determinations and payers. Tests hold every answer that they get against it. */
import { Type } from 'typebox'
import { LINES_OF_BUSINESS } from '../../../core/deadlines.ts'
import type { AdmissionResource } from './admissions.ts'
import {
  ACTION,
  again,
  count,
  date,
  FAULT,
  flag,
  id,
  LINE_OUTCOME,
  moment,
  NUMBERS,
  PAYER,
  REJECTION,
  STATE,
  several,
  text,
  WAITING_FOR,
} from './answer-parts.ts'
import type { DeterminationResource } from './determinations.ts'
import type { PayerResource } from './payers.ts'
import { CONTACT, maybe, oneOf, part } from './request-parts.ts'
import { CREATE } from './request-schema.ts'
import type { AuthorizationResource } from './wire.ts'

const POSSIBLE = oneOf(
  ['renewal', 'revised', 'extension', 'cancel', 'appeal-immediate', 'appeal-standard', 'reconsideration'],
  'A follow-up, as X12 UM02 has it.',
)

export const AUTHORIZATION = part('Authorization', 'A case of prior authorization, as it stands now.', {
  id: id('auth', 'Its id here.'),
  state: STATE,
  payer: PAYER,
  receivedAt: moment('When the request came.'),
  decidedAt: maybe(moment('When it was decided.')),
  endedAt: maybe(moment('When it was withdrawn, cancelled, revised or extended.')),
  dueAt: maybe(moment('By when the payer owes its decision; of a pended or an appealed case.')),
  overdue: maybe(
    Type.Literal(true, { description: 'The payer owes a decision, and its moment has passed.' }),
  ),
  expired: maybe(Type.Literal(true, { description: 'Everything that is certified lies in the past.' })),
  ...NUMBERS,
  decision: maybe(
    part('Decision', 'What was decided.', {
      by: oneOf(['machine', 'reviewer', 'upstream', 'imported', 'simulated'], 'Who decided.'),
      action: ACTION,
      lines: several(LINE_OUTCOME, 'Line by line.'),
    }),
  ),
  pending: maybe(
    part('Pending', 'What a pended case waits for.', {
      waitingFor: WAITING_FOR,
      reason: text('Why, in words for people.'),
    }),
  ),
  appeal: maybe(
    part('Appeal', 'A decision that is contested.', {
      kind: oneOf(['immediate', 'standard', 'reconsideration'], 'How.'),
      receivedAt: moment('When it was asked for.'),
    }),
  ),
  follows: maybe(id('auth', 'The case that this one revises, extends or renews.')),
  successor: maybe(
    part('Successor', 'The case that took its place.', {
      id: id('auth', 'That case.'),
      authorizationNumber: text('The number that holds from now on.'),
    }),
  ),
  possible: several(POSSIBLE, 'What may be asked about it now.'),
  rejections: maybe(several(REJECTION, 'Why the payer did not consider it; of a rejected case.')),
  request: again(CREATE),
  events: several(
    part('CaseEventMark', 'That something happened; `/events` tells more of it.', {
      sequence: count('From 1 up, without gaps.'),
      type: text('Such as `authorization.decided`.'),
      at: moment('When.'),
    }),
    'What happened, in order.',
  ),
  notes: several(FAULT, 'What was put up with while the request was read; empty for all but its sender.'),
})

export const ADMISSION = part('Admission', 'A stay that a payer was told of.', {
  id: id('adm', 'Its id here.'),
  state: oneOf(['received', 'matched', 'unmatched', 'cancelled'], 'Whether there is a case for the stay.'),
  kind: oneOf(['admission', 'observation', 'transfer', 'discharge'], 'What was told of last.'),
  isLate: flag("Whether the notice that opened it came after the payer's window."),
  referenceNumber: text('The number that it was acknowledged by.'),
  payer: PAYER,
  receivedAt: moment('When the first notice came.'),
  authorizationId: maybe(id('auth', 'The case for the same stay, where the reader may see it.')),
  notice: again(CREATE),
  events: several(
    part('AdmissionEvent', 'Something that happened to it.', {
      type: text('Such as `admission.matched`.'),
      at: moment('When.'),
    }),
    'What happened, in order.',
  ),
  notes: several(FAULT, 'What was put up with while its notices were read; empty for all but their sender.'),
})

export const FIRED_RULE = part(
  'FiredRule',
  'A rule that an answer rests on, or that hangs on a missing fact.',
  {
    id: text('Its id, as the payer has it.'),
    version: count('Which import it came with.'),
    answer: oneOf(['required', 'not-required'], 'What it says.'),
    decides: flag('Whether it is among the most specific ones that are met.'),
    text: text('What it says, in the words of its author.'),
    source: text('Where the payer says so: a document and its section.'),
    effectiveFrom: date('The first day of service that it holds for.'),
    effectiveUntil: maybe(date('The last one.')),
    reviewer: maybe(text('Who reviews such a request.')),
    documents: several(text('A document.'), 'What to send with the request.'),
    plan: maybe(text('The plan that it is of.')),
  },
)

export const OUTCOME = oneOf(['required', 'not-required', 'conditional', 'unknown'], 'What the rules say.')

export const DETERMINATION = part('Determination', 'What the rules of a payer say, line by line.', {
  payer: part('DeterminingPayer', 'Whose rules they are.', {
    id: text('The id that the payer goes by on the wire.'),
    name: text('What it is called.'),
    standsIn: maybe(
      Type.Literal(true, { description: 'In the sandbox: it stands in for an id that nobody knows.' }),
    ),
  }),
  plan: maybe(text('The plan that was asked about.')),
  determinedAt: moment('When.'),
  lines: several(
    part('DeterminedLine', 'What they say of one service.', {
      line: count('Its place among those asked about, from 1.'),
      code: maybe(text('The code that was asked about.')),
      outcome: OUTCOME,
      explanation: text('Why, in words for people.'),
      missing: several(text('A fact.'), 'The facts that would settle a conditional one.'),
      reviewers: several(text('Who reviews.'), 'Who reviews such a request, where it is not the payer.'),
      documents: several(text('A document.'), 'What to send with the request.'),
      rules: several(FIRED_RULE, 'The most specific first; ten at most.'),
      contact: maybe(again(CONTACT)),
    }),
    'In the order asked.',
  ),
  disclaimer: text('That it is not a guarantee of payment.'),
})

const WAY = part('PayerWay', 'By which way an operation is answered.', {
  way: oneOf(['local', 'x12', 'fhir', 'none'], 'Here, over X12 or FHIR by the payer, or not at all.'),
  isAvailable: flag('Whether it can be at the moment.'),
})

export const PAYER_PAGE = part('PayerPage', 'Payers, by name, a hundred at most.', {
  data: several(
    part('Payer', 'Whom a request can be addressed to.', {
      id: id('pay', 'Its id here.'),
      name: text('What it is called.'),
      identifiers: several(
        part('PayerIdentifier', 'An id that it goes by.', {
          value: text('The id.'),
          system: maybe(text('Whose numbering it is of, such as `naic`.')),
        }),
        'The first is the one that is written.',
      ),
      lineOfBusiness: oneOf(LINES_OF_BUSINESS, 'Under which law its members are covered.'),
      plans: several(
        part('PayerPlan', 'A product that members are enrolled in.', {
          id: text('Its id.'),
          name: text('What it is called.'),
          lineOfBusiness: maybe(oneOf(LINES_OF_BUSINESS, "Where it differs from the payer's.")),
        }),
        'Its plans, where they are known.',
      ),
      operations: part('PayerOperations', 'What may be asked of it.', {
        determination: WAY,
        inquiry: WAY,
        submission: WAY,
        notice: WAY,
      }),
      outages: several(
        part('Outage', 'A time in which it cannot be reached.', {
          id: text('Its id.'),
          operation: maybe(
            oneOf(['determination', 'inquiry', 'submission', 'notice'], 'Absent: all of them.'),
          ),
          from: moment('When it begins.'),
          until: maybe(moment('When it ends; absent: not known yet.')),
          note: text('Why, in words for people.'),
        }),
        'Those that have not ended.',
      ),
    }),
    'In the order of their names.',
  ),
  after: maybe(text('The `after` of the next page.')),
})

// A member that an answer has and its schema has not, or the other way round, stops compiling here.
type Same<A, B> = [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>] extends [never, never] ? true : false
const areTheSame: [
  Same<AuthorizationResource, (typeof AUTHORIZATION)['properties']>,
  Same<AdmissionResource, (typeof ADMISSION)['properties']>,
  Same<DeterminationResource, (typeof DETERMINATION)['properties']>,
  Same<PayerResource, (typeof PAYER_PAGE)['properties']['data']['items']['properties']>,
] = [true, true, true, true]
void areTheSame
