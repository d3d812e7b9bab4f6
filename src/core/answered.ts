/** How a case stands, in the terms of an answer: what was decided, and what became of it since. */
import type { DatePeriod, Instant } from '../kernel/time.ts'
import type { Authorization } from './authorization.ts'
import type { CertificationAction, Decided, LineOutcome, PendReason } from './decision.ts'
import { isAdverse } from './lifecycle.ts'
import type { PatientEvent } from './request.ts'
import { rollUp } from './roll-up.ts'

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

const CERTIFIED: ReadonlySet<CertificationAction> = new Set(['certified', 'certified-partially', 'modified'])

/**
 * The days that a line is certified for: as certified, else as asked for, else the event's. The same days by which a case
 * expires. Undefined where nothing is certified, or no day is named.
 */
export function certifiedDays(event: PatientEvent, outcome: LineOutcome): DatePeriod | undefined {
  if (!CERTIFIED.has(outcome.action)) return undefined
  const asked = event.lines.find(({ number }) => number === outcome.line)
  return outcome.certifiedPeriod ?? asked?.period ?? event.period ?? event.admission
}

/** From the first day to the last of what is certified. */
export function effectivePeriod(
  event: PatientEvent,
  outcomes: readonly LineOutcome[],
): DatePeriod | undefined {
  const periods = outcomes.flatMap((outcome) => certifiedDays(event, outcome) ?? [])
  const from = periods.map((period) => period.from).sort()[0]
  const until = periods
    .map((period) => period.until)
    .sort()
    .at(-1)
  return from && until ? { from, until } : undefined
}
