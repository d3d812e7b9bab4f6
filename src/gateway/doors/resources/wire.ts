import type { Authorization } from '../../../core/authorization.ts'
import type { LineOutcome } from '../../../core/decision.ts'
import { type FollowUp, isExpired, isOverdue, possibleFollowUps } from '../../../core/lifecycle.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { Reading } from '../../exchange/index.ts'

/**
 * An authorization as `GET /v1/authorizations/{id}` answers it. Moments are ISO 8601 in UTC; what is absent is left out.
 */
export interface AuthorizationResource {
  readonly id: string
  readonly state: Authorization['state']
  readonly payer: { readonly id: string; readonly name: string }
  readonly receivedAt: string
  readonly decidedAt?: string
  /** When it was withdrawn, cancelled, revised or extended. */
  readonly endedAt?: string
  /** By when the payer owes its decision; on a pended or an appealed case. */
  readonly dueAt?: string
  /** The payer owes a decision, and its moment has passed. */
  readonly overdue?: true
  /** Everything that is certified lies in the past. */
  readonly expired?: true
  readonly authorizationNumber?: string
  readonly administrativeReference?: string
  readonly decision?: {
    readonly by: string
    readonly action: string
    readonly lines: readonly LineOutcome[]
  }
  readonly pending?: { readonly waitingFor: string; readonly reason: string }
  readonly appeal?: { readonly kind: string; readonly receivedAt: string }
  /** The case that this one revises, extends or renews; and the one that took its own place. */
  readonly follows?: string
  readonly successor?: { readonly id: string; readonly authorizationNumber: string }
  /** What may be asked about it now. */
  readonly possible: readonly FollowUp[]
  readonly rejections?: Extract<Authorization, { state: 'rejected' }>['rejections']
  readonly request: Authorization['request']
  readonly events: readonly { readonly sequence: number; readonly type: string; readonly at: string }[]
  /** What was tolerated while the request was read. */
  readonly notes: readonly Fault[]
}

export function authorizationResource({
  authorization,
  payer,
  events,
  notes,
  at: now,
}: Reading): AuthorizationResource {
  return {
    id: authorization.id,
    state: authorization.state,
    payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name },
    receivedAt: moment(authorization.receivedAt),
    ...decisionOf(authorization),
    ...afterDecision(authorization),
    ...(isOverdue(authorization, now) ? { overdue: true } : {}),
    ...(isExpired(authorization, now) ? { expired: true } : {}),
    possible: possibleFollowUps(authorization, now),
    request: authorization.request,
    events: events.map(({ sequence, type, at }) => ({ sequence, type, at: moment(at) })),
    notes,
  }
}

function decisionOf(authorization: Authorization): Partial<AuthorizationResource> {
  if (authorization.state === 'rejected')
    return { decidedAt: moment(authorization.rejectedAt), rejections: authorization.rejections }
  if (!('decided' in authorization)) return {}
  const { decided, decidedAt, administrativeReference } = authorization
  return {
    administrativeReference,
    decidedAt: moment(decidedAt),
    decision: { by: decided.by, action: decided.action, lines: decided.lines },
    ...('authorizationNumber' in authorization
      ? { authorizationNumber: authorization.authorizationNumber }
      : {}),
    ...(authorization.state === 'pended'
      ? {
          dueAt: moment(authorization.pending.dueAt),
          pending: { waitingFor: authorization.pending.waitingFor, reason: authorization.pending.text },
        }
      : {}),
  }
}

/** What became of a case since it was answered, and what it goes on from. */
function afterDecision(authorization: Authorization): Partial<AuthorizationResource> {
  return {
    ...(authorization.follows === undefined ? {} : { follows: authorization.follows }),
    ...('endedAt' in authorization ? { endedAt: moment(authorization.endedAt) } : {}),
    ...('successor' in authorization ? { successor: authorization.successor } : {}),
    ...('appeal' in authorization
      ? {
          dueAt: moment(authorization.appeal.dueAt),
          appeal: {
            kind: authorization.appeal.kind,
            receivedAt: moment(authorization.appeal.receivedAt),
          },
        }
      : {}),
  }
}

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
