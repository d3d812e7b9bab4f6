/** How a case stands, in the terms of an answer: what was decided, and what became of it since. */
import type { Authorization } from '../../core/authorization.ts'
import type { CertificationAction, Decided, LineOutcome, PendReason } from '../../core/decision.ts'
import { isAdverse } from '../../core/lifecycle.ts'
import { rollUp } from '../../core/roll-up.ts'
import type { Instant } from '../../kernel/time.ts'

export type AnsweredCase = Extract<Authorization, { readonly decided: Decided }>

export interface Standing {
  readonly action: CertificationAction
  readonly lines: readonly LineOutcome[]
  /** Whether something is certified now, so that the days that it is good for are told. */
  readonly isCertified: boolean
  /** When the last word was said; absent while a decision is owed. */
  readonly issuedAt?: Instant
  readonly message?: string
}

export function standing(authorization: AnsweredCase): Standing {
  const { decided, decidedAt } = authorization
  const { action, lines } = decided
  switch (authorization.state) {
    case 'pended':
      return { action, lines, isCertified: false, message: authorization.pending.text }
    case 'appealed':
      return { ...contested(lines), isCertified: authorization.authorizationNumber !== undefined }
    case 'withdrawn':
    case 'cancelled':
      return {
        action: 'cancelled',
        lines: lines.map(ended),
        isCertified: false,
        issuedAt: authorization.endedAt,
      }
    case 'revised':
    case 'extended': {
      const { authorizationNumber } = authorization.successor
      const message = `This authorization was ${authorization.state}. The number in force is ${authorizationNumber}.`
      return { action, lines, isCertified: true, issuedAt: decidedAt, message }
    }
    case 'not-required':
    case 'denied':
      return { action, lines, isCertified: false, issuedAt: decidedAt }
    case 'approved':
    case 'modified':
    case 'partially-approved':
      return { action, lines, isCertified: true, issuedAt: decidedAt }
  }
}

const APPEAL: PendReason = {
  waitingFor: 'reviewer',
  text: 'An appeal is decided by a reviewer who had no part in the first decision.',
}

/** What was refused or reduced is open again; what is certified of it stands. */
function contested(lines: readonly LineOutcome[]): Pick<Standing, 'action' | 'lines' | 'message'> {
  const now = lines.map((line): LineOutcome => {
    if (!isAdverse(line.action)) return line
    const { message: _, ...rest } = line
    return { ...rest, action: 'pended', pend: APPEAL }
  })
  return { action: rollUp(now.map(({ action }) => action)), lines: now, message: APPEAL.text }
}

function ended({ line, action }: LineOutcome): LineOutcome {
  return { line, action: action === 'no-action-required' ? action : 'cancelled', grounds: [] }
}
