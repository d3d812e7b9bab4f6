import { type DeterminationRequest, decodeDetermination } from '../../../../formats/json/index.ts'
import { Problem } from '../../../../kernel/problem.ts'
import { type Answered, determinationOf, noteOf, type Orchestrated } from '../../../exchange/index.ts'
import { readDeterminationX12 } from '../x12-body.ts'
import { caseMember } from './case-member.ts'
import { determinationMember, questionOf } from './determination.ts'
import { spellInquiry } from './inquiry.ts'
import {
  both,
  isToBeTriedAgain,
  knownCase,
  member,
  type Operation,
  type Query,
  requesterNpi,
  type Told,
} from './model.ts'
import { spellSubmission } from './submission.ts'

interface OrchestrationTold extends Told, Omit<Orchestrated, 'onward'> {
  readonly asked: DeterminationRequest
}

/**
 * "Does this need authorization, and is there one?" With `?submit=true`: what needs one and has none is submitted. The case
 * that it tells of first is the one that was submitted, else the first that was found.
 *
 * @see reference section 2.6
 */
export const AUTHORIZATION: Operation<DeterminationRequest, OrchestrationTold> = {
  name: 'authorization',
  act: 'authorization.orchestrate',
  scope: 'pa:determine',
  alsoNeeds: (query) => ['pa:inquire', ...(submits(query) ? (['pa:submit'] as const) : [])],
  readJson: decodeDetermination,
  readX12: readDeterminationX12,
  inNameOf: requesterNpi,
  knownAgain: (query) => (submits(query) ? 'by-numbers' : 'by-key'),
  answer: async (exchange, tx, { asking, asked, query, insists, known, write, kept }) => {
    const question = questionOf(asked)
    const orchestrated = await exchange.orchestrate(
      tx,
      { ...asking, question, inquiry: asked, submits: submits(query), insists, ...knownCase(known) },
      (answered) => kept(spellSubmission(answered, write)),
    )
    return told(orchestrated, asked)
  },
  mayComeToMore: ({ determined, inquiries, submission }) =>
    submission
      ? isToBeTriedAgain(submission)
      : determined.rejections !== undefined || inquiries.some(isPutOff),
  envelope: (told, write) => {
    const { determined, inquiries, submission, asked } = told
    const members = [
      determinationMember(determinationOf(determined, asked, questionOf(asked)), write),
      `"inquiry":[${inquiries.map((answered) => both(spellInquiry(answered, write))).join(',')}]`,
      ...(submission ? [member('submission', spellSubmission(submission, write))] : []),
    ]
    return `{${caseMember(told)}${members.join(',')}}`
  },
  note: ({ determined, inquiries, submission, authorizationId }) => {
    const { on, detail } = noteOf(determined)
    const found = inquiries.filter((one) => one.authorizationId !== undefined).length
    return {
      ...((authorizationId ?? on) && { on: authorizationId ?? on }),
      detail: { ...detail, inquiries: inquiries.length, found, submitted: submission ? 1 : 0 },
    }
  },
}

function told({ onward, ...orchestrated }: Orchestrated, asked: DeterminationRequest): OrchestrationTold {
  const { determined, inquiries, submission } = orchestrated
  const first = submission ?? inquiries.find(({ authorizationId }) => authorizationId !== undefined)
  const { payer } = determined
  return {
    ...orchestrated,
    asked,
    ...(first?.authorizationId && { authorizationId: first.authorizationId }),
    ...(submission?.isDuplicate && { isDuplicate: true }),
    ...(submission?.standsAs && { standsAs: submission.standsAs }),
    ...(payer && { payer }),
    ...(onward && { onward: { ...onward, tell: async (tx) => told(await onward.tell(tx), asked) } }),
  }
}

/** Its payer could not be asked, and may answer the next time (X12 889 P). */
function isPutOff({ answer: { outcome } }: Answered): boolean {
  return outcome.kind === 'rejected' && outcome.rejections.some(({ followUp }) => followUp === 'P')
}

/** @throws Problem `request/invalid` it is neither true nor false */
function submits({ submit }: Query): boolean {
  if (submit === undefined || submit === 'false') return false
  if (submit === 'true') return true
  throw new Problem('request/invalid', 'The query of the request is not one that is understood here.', {
    faults: [
      { at: '?submit', message: 'expected true or false, once', remedy: 'Send ?submit=true, or nothing.' },
    ],
  })
}
