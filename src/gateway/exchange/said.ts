/** What was said about a case, and by whom: as it is kept, and as it goes on the audit record. */
import { record } from '../../audit/index.ts'
import type { Exchange } from '../../cases/record/index.ts'
import type { Authorization } from '../../core/authorization.ts'
import { type FollowUp, followUpOf } from '../../core/lifecycle.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Message } from '../connectors/index.ts'
import type { Payer } from '../payers/index.ts'
import type { ExchangeDeps } from './deps.ts'
import type { RefusedFollowUp, Submission } from './model.ts'

/** Who puts a payer's answer on record. */
export const UPSTREAM: Actor = { kind: 'system', part: 'upstream' }

/** A request whose payer is known. */
export interface Opening {
  readonly submission: Submission
  readonly payer: Payer
  readonly at: Instant
  /** The case that the new one goes on from. It is locked. */
  readonly follows?: Authorization
}

/** What was asked and what was answered, as kept with a case. */
export function saidBothWays(
  deps: Pick<ExchangeDeps, 'random'>,
  { format, raw, notes }: Submission,
  at: Instant,
  answer: Uint8Array,
): readonly Exchange[] {
  const said = (direction: Exchange['direction'], body: Uint8Array, noted: Exchange['notes']): Exchange => ({
    id: mintId('exchange', at, deps.random),
    direction,
    format,
    at,
    body,
    notes: noted,
  })
  return [said('inbound', raw, notes), said('outbound', answer, [])]
}

/** What was said to, or by, a payer. */
export function exchangeWithPayer(
  { random }: Pick<ExchangeDeps, 'random'>,
  direction: Exchange['direction'],
  { format, body }: Pick<Message, 'format' | 'body'>,
  at: Instant,
): Exchange {
  const id = mintId('exchange', at, random)
  return { id, direction, format, at, body, notes: [], counterpart: 'payer' }
}

export function actorOf({ caller }: Submission): Actor {
  return { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId }
}

const ACTS: Readonly<Record<FollowUp, string>> = {
  renewal: 'authorization.renew',
  revised: 'authorization.update',
  extension: 'authorization.extend',
  cancel: 'authorization.cancel',
  'appeal-immediate': 'authorization.appeal',
  'appeal-standard': 'authorization.appeal',
  reconsideration: 'authorization.appeal',
}

/** Puts on the audit record what was asked, and how the case stands that it is about. */
export function note(
  deps: ExchangeDeps,
  tx: Tx,
  submission: Submission,
  at: Instant,
  authorization?: Pick<Authorization, 'id'> & Partial<Pick<Authorization, 'state'>>,
  refused?: RefusedFollowUp['because'],
) {
  const purpose = followUpOf(submission.request.event.purpose)
  return record(
    tx,
    {
      at,
      actor: actorOf(submission),
      act: purpose === undefined ? 'authorization.submit' : ACTS[purpose],
      outcome: 'done',
      requestId: submission.requestId,
      ...(authorization ? { on: authorization.id } : {}),
      detail: {
        state: authorization?.state ?? (refused ? 'unknown' : 'unknown-payer'),
        ...(refused ? { refused } : {}),
      },
    },
    deps.random,
  )
}
