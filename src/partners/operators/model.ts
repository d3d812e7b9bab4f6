import type { PayersInScope } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Id, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** What somebody may be at the operator; the last four decide what the rules cannot. */
export const OPERATOR_ROLES = [
  'partner-desk',
  'engineer',
  'auditor',
  'intake',
  'nurse',
  'physician',
  'appeals',
] as const
export type OperatorRole = (typeof OPERATOR_ROLES)[number]

export const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'production']

/** A role in force: what a person may be in an environment, and for which payers. */
export interface Authority {
  readonly role: OperatorRole
  readonly environment: Environment
  /** By the ids of the environment; never an empty list. */
  readonly payers: PayersInScope
}

/** A role as it was given to a person, and perhaps taken away again. */
export interface GrantedRole extends Authority {
  readonly id: Id<'operatorRole'>
  readonly personId: PersonId
  readonly grantedAt: Instant
  /** Absent: the operator, at the machine's own command line. */
  readonly grantedBy?: PersonId
  /** Absent while it is in force. */
  readonly withdrawnAt?: Instant
  readonly withdrawnBy?: PersonId
}

/** Whether two scopes are the same, in whichever order they name their payers. */
export function isSameScope(one: PayersInScope, other: PayersInScope): boolean {
  if (one === 'all' || other === 'all') return one === other
  return one.length === other.length && one.every((id) => other.includes(id))
}
