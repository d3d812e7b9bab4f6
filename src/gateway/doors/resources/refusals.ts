import type { Rejection } from '../../../core/decision.ts'
import type { Purpose } from '../../../core/request.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Answered, RefusedFollowUp } from '../../exchange/index.ts'
import { RefusedOnCase } from '../refused-on-case.ts'

/**
 * Passes an answer that tells of a case. A refusal of the payer that made none is a problem here, where the compatible API
 * answers it with AAA.
 *
 * @throws Problem `state/not-allowed` a follow-up that the case does not allow as it stands, with what it does allow;
 *                 `state/not-found`; `access/provider-not-represented` the case is another requester's to change;
 *                 `request/invalid` the number is missing or of another patient, a part of the lines, an unknown payer
 */
export function requireTaken({ refused, told, answer }: Answered, purpose: Purpose): void {
  if (refused) {
    const problem = problemOf(refused, purpose)
    throw refused.on === undefined ? problem : new RefusedOnCase(problem, refused.on, refused.because)
  }
  if (told) return
  const rejections = answer.outcome.kind === 'rejected' ? answer.outcome.rejections : []
  throw new Problem('request/invalid', 'The payer does not consider the request as sent; no case was made.', {
    faults: rejections.map(faultOf),
  })
}

function faultOf({ level, line, reason, followUp }: Rejection) {
  const at = level === 'line' ? `/event/lines/${(line ?? 1) - 1}` : (PLACES[level] ?? '')
  if (reason === '79') return { at, message: 'no payer goes by this id', remedy: 'Correct the id.' }
  return { at, message: `refused for reason ${reason} (X12 901); follow up ${followUp} (X12 889)` }
}

const PLACES: Readonly<Partial<Record<Rejection['level'], string>>> = {
  payer: '/payer/id',
  requester: '/requester',
  subscriber: '/subscriber',
  dependent: '/dependent',
  event: '/event',
}

function problemOf(refused: RefusedFollowUp, purpose: Purpose): Problem {
  switch (refused.because) {
    case 'state':
      return new Problem('state/not-allowed', stateDetail(refused, purpose))
    case 'change-pending':
      return new Problem(
        'state/not-allowed',
        `A change of the case waits for its answer: ${refused.pending?.id ?? 'another one'}. Take that one back, or wait for it, and ask again.`,
      )
    case 'not-found':
      return new Problem(
        'state/not-found',
        'No authorization of yours goes by this number. Take it from the answer to a submission or an inquiry.',
      )
    case 'not-the-requester':
      return new Problem(
        'access/provider-not-represented',
        'A case is changed by the company that sent it, or by one that acts for its requester. Yours may see it, and no more.',
      )
    case 'no-number':
      return invalid('/event/previousAuthorizationNumber', 'is required: a follow-up names an earlier case')
    case 'other-patient':
      return invalid('/subscriber', 'is not the patient of the case that the number names')
    case 'part':
      return invalid(
        '/event/lines',
        'names a part of the lines, and a case is cancelled whole',
        'Leave lines out, or ask for a revision with the lines that stay.',
      )
  }
}

function stateDetail({ state, instead = [] }: RefusedFollowUp, purpose: Purpose): string {
  const possible =
    instead.length === 0
      ? 'Nothing more can be asked of it; submit a new request.'
      : `What can be asked of it now: ${instead.join(', ')}.`
  return `The case is ${state ?? 'ended'}, and ${ASKED[purpose] ?? purpose} is not possible. ${possible}`
}

const ASKED: Readonly<Partial<Record<Purpose, string>>> = {
  revised: 'a revision',
  extension: 'an extension',
  renewal: 'a renewal',
  cancel: 'a cancellation',
  'appeal-immediate': 'an appeal',
  'appeal-standard': 'an appeal',
  reconsideration: 'a reconsideration',
}

function invalid(at: string, message: string, remedy?: string): Problem {
  return new Problem('request/invalid', 'The follow-up cannot be taken as sent; nothing was stored.', {
    faults: [{ at, message, ...(remedy === undefined ? {} : { remedy }) }],
  })
}
