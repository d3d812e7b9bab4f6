import type { Authorization } from '../../../core/authorization.ts'
import type { LineOutcome } from '../../../core/decision.ts'
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
  /** By when the payer owes its decision; on a pended case. */
  readonly dueAt?: string
  readonly authorizationNumber?: string
  readonly administrativeReference?: string
  readonly decision?: {
    readonly by: string
    readonly action: string
    readonly lines: readonly LineOutcome[]
  }
  readonly pending?: { readonly waitingFor: string; readonly reason: string }
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
}: Reading): AuthorizationResource {
  return {
    id: authorization.id,
    state: authorization.state,
    payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name },
    receivedAt: moment(authorization.receivedAt),
    ...decisionOf(authorization),
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

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
