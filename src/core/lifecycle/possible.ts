import type { Instant } from '../../kernel/time.ts'
import type { Authorization } from '../authorization.ts'
import type { Purpose } from '../request.ts'
import { isExpired } from './standing.ts'

const FOLLOW_UPS = [
  'renewal',
  'revised',
  'extension',
  'cancel',
  'appeal-immediate',
  'appeal-standard',
  'reconsideration',
] as const satisfies readonly Purpose[]

/** What a requester may ask about a case that there is already. */
export type FollowUp = (typeof FOLLOW_UPS)[number]

/** The purpose as one that is about an earlier case; undefined when it opens one of its own. */
export function followUpOf(purpose: Purpose): FollowUp | undefined {
  return FOLLOW_UPS.find((one) => one === purpose)
}

const APPEALS = ['appeal-immediate', 'appeal-standard', 'reconsideration'] as const
const OF_CERTIFIED = ['revised', 'extension', 'renewal', 'cancel'] as const
const OF_REDUCED = [...OF_CERTIFIED, ...APPEALS] as const

const POSSIBLE: Readonly<Record<Authorization['state'], readonly FollowUp[]>> = {
  received: [],
  rejected: [],
  submitted: [],
  // Until the payer has spoken there is nothing to take back that it is sure to know.
  forwarding: [],
  'payer-unconfirmed': [],
  'payer-received': [],
  'not-required': [],
  pended: ['cancel'],
  approved: OF_CERTIFIED,
  modified: OF_REDUCED,
  'partially-approved': OF_REDUCED,
  denied: APPEALS,
  appealed: ['cancel'],
  withdrawn: [],
  cancelled: [],
  // The case that took its place is the one to go on from.
  revised: [],
  extended: [],
}

/** What may still be asked of what lies in the past: another period of the same, or a look at what was refused. */
const OF_EXPIRED: ReadonlySet<FollowUp> = new Set(['renewal', ...APPEALS])

/** What may be asked about a case as it stands now. Each is a move of `TRANSITIONS`, or opens a case that follows. */
export function possibleFollowUps(authorization: Authorization, now: Instant): readonly FollowUp[] {
  const possible = POSSIBLE[authorization.state]
  return isExpired(authorization, now) ? possible.filter((one) => OF_EXPIRED.has(one)) : possible
}
