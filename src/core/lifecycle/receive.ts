/** How a case begins: with a request that came in. */
import type { Actor } from '../../kernel/actor.ts'
import type { CaseEvent, CaseFacts, Moved, Participant, ReceivedCase } from '../authorization.ts'
import type { Provider, ReviewRequest } from '../request.ts'

export interface Reception extends Omit<CaseFacts, 'participants' | 'lastSequence'> {
  readonly actor: Actor
  /** Absent: those that the request itself names. */
  readonly participants?: readonly Participant[]
}

/** Opens a case: the request is on record, and nothing has been said about it. */
export function receive({ actor, participants, ...facts }: Reception): Moved<ReceivedCase> {
  const authorization: ReceivedCase = {
    ...facts,
    state: 'received',
    participants: participants ?? participantsOf(facts.request, facts.receivedFrom),
    lastSequence: 1,
  }
  const event: CaseEvent = {
    sequence: 1,
    type: 'authorization.received',
    at: facts.receivedAt,
    actor,
    facts: { door: facts.door },
  }
  return { authorization, events: [event] }
}

/**
 * Who takes part, as far as the request says: the requester, for whom the sending company acts, and each provider that
 * it names by NPI. For these no company is known here.
 */
export function participantsOf(
  request: ReviewRequest,
  receivedFrom: CaseFacts['receivedFrom'],
): readonly Participant[] {
  const { identifier } = request.requester
  const requester: Participant = {
    role: 'requester',
    organizationId: receivedFrom,
    ...(identifier?.system === 'npi' ? { npi: identifier.value } : {}),
  }
  const named = [...request.event.providers, ...request.event.lines.flatMap((line) => line.providers)]
  const byKey = new Map<string, Participant>()
  for (const provider of named) {
    if (provider.identifier?.system !== 'npi') continue
    const participant: Participant = { role: roleOf(provider), npi: provider.identifier.value }
    byKey.set(`${participant.role} ${participant.npi}`, participant)
  }
  return [requester, ...byKey.values()]
}

function roleOf(provider: Provider): Participant['role'] {
  return provider.role === 'facility' ? 'facility' : 'servicing'
}
