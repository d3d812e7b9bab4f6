/** Which state follows which. */
import type { AuthorizationState } from '../authorization.ts'

/** Which states may follow each; a state without followers is an end. */
export const TRANSITIONS: Readonly<Record<AuthorizationState, readonly AuthorizationState[]>> = {
  received: ['not-required', 'rejected', 'submitted'],
  'not-required': [],
  rejected: [],
  submitted: ['approved', 'pended', 'forwarding'],
  // Abandoned before the payer had it: AAA 80 as an intermediary, 42 as the payer.
  forwarding: ['payer-unconfirmed', 'payer-received', 'rejected'],
  'payer-unconfirmed': ['payer-received', 'rejected'],
  'payer-received': [
    'approved',
    'pended',
    'modified',
    'partially-approved',
    'denied',
    'not-required',
    'rejected',
    'withdrawn',
    'cancelled',
  ],
  pended: [
    'approved',
    'modified',
    'partially-approved',
    'denied',
    // By the payer that it was passed on to alone: it may find so late.
    'not-required',
    'withdrawn',
    'cancelled',
    'dismissed',
  ],
  approved: ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired'],
  modified: ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired', 'appealed'],
  'partially-approved': ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired', 'appealed'],
  // Never revised or extended.
  denied: ['appealed'],
  appealed: [
    'upheld',
    'overturned',
    'partially-overturned',
    'dismissed',
    'withdrawn',
    'forwarded-to-external-review',
  ],
  revised: [],
  extended: [],
  withdrawn: [],
  cancelled: [],
  dismissed: [],
  voided: [],
  exhausted: [],
  expired: [],
  upheld: [],
  overturned: [],
  'partially-overturned': [],
  'forwarded-to-external-review': [],
}

/** States in which nobody has answered yet. */
export const OPEN_STATES = [
  'received',
  'submitted',
  'forwarding',
  'payer-unconfirmed',
  'payer-received',
  'pended',
] as const satisfies readonly AuthorizationState[]

/** @throws Error when no case may go from the one state to the other: a bug, never a caller's fault */
export function requireMove(from: AuthorizationState, to: AuthorizationState): void {
  if (!TRANSITIONS[from].includes(to)) throw new Error(`a case that is ${from} cannot become ${to}`)
}
