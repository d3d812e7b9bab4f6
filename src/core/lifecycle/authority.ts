/** Who may decide what: promise 4. */
import type { DatePeriod } from '../../kernel/time.ts'
import type { CertificationAction, Decided, LineOutcome } from '../decision.ts'
import type { Quantity, ReviewRequest } from '../request.ts'
import { rollUp } from '../roll-up.ts'

const ADVERSE: ReadonlySet<CertificationAction> = new Set([
  'certified-partially',
  'not-certified',
  'modified',
])

/** Whether an action gives less than was asked. */
export function isAdverse(action: CertificationAction): boolean {
  return ADVERSE.has(action)
}

const MACHINE_ACTIONS: ReadonlySet<CertificationAction> = new Set([
  'certified',
  'pended',
  'no-action-required',
  'contact-payer',
])

/**
 * Promise 4: a machine may approve as asked or pend; everything adverse of our own needs a reviewer, a specific reason
 * and the record it rests on. The types say so too; this catches what a cast, a rule engine or a stored row could bring.
 *
 * @throws Error when the decision breaks it
 */
export function requireAuthority(decided: Decided, request: ReviewRequest): void {
  // Another payer's answer is relayed as it came, an old one is imported as it is.
  if (decided.by === 'upstream' || decided.by === 'imported') return
  requireEveryLine(decided.lines, request)
  if (decided.by === 'machine') requireAsAsked(decided, request)
  if (decided.by === 'reviewer') requireReasons(decided)
}

/** A line without an outcome would be a reduction that nobody signed. */
function requireEveryLine(lines: readonly LineOutcome[], request: ReviewRequest): void {
  const asked = request.event.lines.length === 0 ? [0] : request.event.lines.map((line) => line.number)
  const answered = new Set(lines.map((line) => line.line))
  if (lines.length !== asked.length || !asked.every((line) => answered.has(line)))
    throw new Error('a decision must answer each service line once')
}

function requireAsAsked(decided: Extract<Decided, { by: 'machine' }>, request: ReviewRequest): void {
  const actions: readonly CertificationAction[] = [
    decided.action,
    ...decided.lines.map((line) => line.action),
  ]
  if (!actions.every((action) => MACHINE_ACTIONS.has(action)))
    throw new Error('a machine may only approve as asked or pend')
  for (const outcome of decided.lines) {
    const line = request.event.lines.find((candidate) => candidate.number === outcome.line)
    const period = line?.period ?? request.event.period
    if (isLess(outcome.certifiedQuantity, line?.quantity) || isShorter(outcome.certifiedPeriod, period))
      throw new Error('a machine may not certify less than was asked')
  }
}

/** What cannot be compared (another unit, no number) counts as less. */
function isLess(certified: Quantity | undefined, asked: Quantity | undefined): boolean {
  if (!certified || !asked) return false
  return certified.unit !== asked.unit || !(Number(certified.value) >= Number(asked.value))
}

function isShorter(certified: DatePeriod | undefined, asked: DatePeriod | undefined): boolean {
  if (!certified || !asked) return false
  return certified.from > asked.from || certified.until < asked.until
}

function requireReasons(decided: Extract<Decided, { by: 'reviewer' }>): void {
  if (decided.reviewerId === '') throw new Error('a reviewer has an id')
  const unexplained = decided.lines.filter(
    (line) => isAdverse(line.action) && (!line.message || line.grounds.length === 0),
  )
  if (unexplained.length > 0)
    throw new Error('an adverse decision needs a specific reason and the record it rests on')
}

/** Ours follow the one table; another payer's answer is relayed with the action it came with. */
export function requireOwnRollUp(decided: Decided): void {
  if (decided.by === 'upstream' || decided.by === 'imported') return
  const action = rollUp(decided.lines.map((line) => line.action))
  if (action !== decided.action)
    throw new Error(`lines that come to ${action} cannot make an event that is ${decided.action}`)
}
