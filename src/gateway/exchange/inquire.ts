import { record } from '../../audit/index.ts'
import type { CaseSearch } from '../../cases/record/index.ts'
import type { Authorization } from '../../core/authorization.ts'
import type { Inquiry } from '../../core/request.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { findPayer } from '../payers/index.ts'
import { answerOf, namedAs, refusalOf } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import { searchOf } from './inquiry-search.ts'
import type { Answered, StatusQuestion } from './model.ts'
import { canBeOfPatient, isSameDependent } from './patient.ts'

/** X12 901 79 and AA, 889 C: no payer goes by that id; there is no such authorization; correct it and ask again. */
const UNKNOWN_PAYER = { level: 'payer', reason: '79', followUp: 'C' } as const
const NONE_FOUND = { level: 'event', reason: 'AA', followUp: 'C' } as const
/** How many of a member's cases are looked at together for those of the right patient, and how often. */
const CANDIDATES = 50
const MOST_PAGES = 20

/**
 * Says what became of a request: the newest case that fits what the inquiry names, among those that the asking company
 * takes part in. Nothing tells whether another company has one.
 */
export async function inquire(deps: ExchangeDeps, tx: Tx, question: StatusQuestion): Promise<Answered> {
  const at = deps.clock.now()
  const { inquiry } = question
  const payer = await findPayer(tx, inquiry.payer.id)
  if (!payer) {
    await note(deps, tx, question, at)
    return { answer: refusalOf(inquiry, undefined, UNKNOWN_PAYER, at) }
  }
  const canned = question.scenario && deps.simulator?.answerInquiry(question.scenario, inquiry, at)
  if (canned) {
    await note(deps, tx, question, at)
    return { answer: { ...canned, payer: namedAs(payer, inquiry), answeredAt: at }, payer }
  }
  const search = searchOf(inquiry, payer)
  const found =
    search && (await newest(deps, tx, { ...search, ...(question.stands && { isStanding: true }) }, inquiry))
  await note(deps, tx, question, at, found)
  if (!found) return { answer: refusalOf(inquiry, payer, NONE_FOUND, at), payer }
  return { answer: answerOf(found, payer, inquiry, at), authorizationId: found.id, payer }
}

function note(
  deps: ExchangeDeps,
  tx: Tx,
  { caller, requestId }: StatusQuestion,
  at: Instant,
  found?: Authorization,
): Promise<void> {
  return record(
    tx,
    {
      at,
      actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
      act: 'authorization.inquire',
      outcome: 'done',
      requestId,
      ...(found ? { on: found.id } : {}),
      detail: { found: found ? 1 : 0 },
    },
    deps.random,
  )
}

/** The newest case that fits, of the right patient of a family. */
async function newest(
  { record: cases }: ExchangeDeps,
  tx: Tx,
  search: Omit<CaseSearch, 'limit'>,
  inquiry: Inquiry,
): Promise<Authorization | undefined> {
  let last: Authorization | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const candidates = await cases.findForInquiry(tx, {
      ...search,
      ...(last ? { olderThan: last.id } : {}),
      limit: CANDIDATES,
    })
    const found = candidates.find((candidate) => isOfPatient(candidate, inquiry))
    if (found || candidates.length < CANDIDATES) return found
    last = candidates.at(-1)
  }
  return undefined
}

/** A number of the case says which patient is meant; a member id alone is a whole family's. */
function isOfPatient({ request }: Authorization, inquiry: Inquiry): boolean {
  const { previousAuthorizationNumber, previousAdministrativeReference } = inquiry.event
  return previousAuthorizationNumber === undefined && previousAdministrativeReference === undefined
    ? isSameDependent(request.dependent, inquiry.dependent)
    : canBeOfPatient(request, inquiry)
}
