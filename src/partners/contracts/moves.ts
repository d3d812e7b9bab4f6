import { Problem } from '../../kernel/problem.ts'
import type { Membership, Role } from '../organizations/index.ts'
import type { ProductionRequest, RequestStateName, Side } from './model.ts'

interface Move {
  readonly from: readonly RequestStateName[]
  readonly to: RequestStateName
  /** Who may: roles of the company; or the partner desk, in production. */
  readonly by: readonly Role[] | 'partner-desk'
}

const ASKS: readonly Role[] = ['administrator', 'signatory']

/** Every way from one state of a request to the next, and who may take it. There is no other. */
export const MOVES = {
  change: { from: ['draft', 'submitted'], to: 'draft', by: ASKS },
  submit: { from: ['draft'], to: 'submitted', by: ASKS },
  withdraw: { from: ['draft', 'submitted', 'in-review', 'offered'], to: 'withdrawn', by: ASKS },
  review: { from: ['submitted'], to: 'in-review', by: 'partner-desk' },
  offer: { from: ['in-review'], to: 'offered', by: 'partner-desk' },
  'take-back': { from: ['offered', 'partner-signed'], to: 'in-review', by: 'partner-desk' },
  decline: {
    from: ['submitted', 'in-review', 'offered', 'partner-signed'],
    to: 'declined',
    by: 'partner-desk',
  },
  // An administrator signs where the company has named no signatory.
  sign: { from: ['offered'], to: 'partner-signed', by: ASKS },
  countersign: { from: ['partner-signed'], to: 'countersigned', by: 'partner-desk' },
} as const satisfies Record<string, Move>
export type MoveName = keyof typeof MOVES

/**
 * Refuses a move that the state of a request does not allow, or that was decided on what it no longer is.
 *
 * @param seen the version that whoever acts has seen
 * @throws Problem `state/moved-on`, `state/not-allowed`
 */
export function requireMove(name: MoveName, request: ProductionRequest, seen: number | undefined): void {
  const { from }: Move = MOVES[name]
  if (!from.includes(request.state))
    throw new Problem(
      'state/not-allowed',
      `The request is ${request.state}; this takes one that is ${from.join(' or ')}.`,
    )
  if (seen !== undefined && seen !== request.version)
    throw new Problem(
      'state/moved-on',
      `The request was changed since you read it: it is version ${request.version} now. Read it again.`,
    )
}

/** @throws Problem `access/role-missing` */
export function requireMayMove(name: MoveName, { role }: Membership): void {
  const { by }: Move = MOVES[name]
  if (by !== 'partner-desk' && by.includes(role)) return
  throw new Problem(
    'access/role-missing',
    by === 'partner-desk' ? 'The operator does this.' : `This needs one of the roles ${by.join(', ')}.`,
  )
}

/** What comes next, and who holds it; nobody holds what is over. */
export interface Next {
  readonly holder: Side | 'nobody'
  /** The moves that whoever holds it may make. */
  readonly moves: readonly MoveName[]
  readonly what: string
}

const NEXT: Readonly<Record<RequestStateName, Omit<Next, 'moves'>>> = {
  draft: { holder: 'partner', what: 'Choose a plan and its products, and submit the request.' },
  submitted: { holder: 'operator', what: 'The partner desk takes the request up.' },
  'in-review': { holder: 'operator', what: 'The partner desk reads the request, asks, and makes an offer.' },
  offered: { holder: 'partner', what: 'A signatory of the company reads the contract and signs it.' },
  'partner-signed': { holder: 'operator', what: 'The partner desk countersigns.' },
  countersigned: { holder: 'partner', what: 'Make production credentials, and go live.' },
  declined: { holder: 'nobody', what: 'The request was declined. Another can be made.' },
  withdrawn: { holder: 'nobody', what: 'The request was withdrawn. Another can be made.' },
}

/** Who must act on a request now, and how they may. */
export function nextOf({ state }: Pick<ProductionRequest, 'state'>): Next {
  const next = NEXT[state]
  const isTheirs = ({ by }: Move) => (by === 'partner-desk') === (next.holder === 'operator')
  const moves = (Object.entries(MOVES) as [MoveName, Move][])
    .filter(([, move]) => next.holder !== 'nobody' && move.from.includes(state) && isTheirs(move))
    .map(([name]) => name)
  return { ...next, moves }
}
