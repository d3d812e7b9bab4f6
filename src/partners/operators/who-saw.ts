import { record } from '../../audit/index.ts'
import type { WhoSaw } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Person } from '../people/index.ts'
import { authorityOf } from './authority.ts'
import type { OperatorsDeps } from './deps.ts'
import type { Authority } from './model.ts'

/** Whose record is looked through. The member id is personal: it is in no entry, no log and no URL. */
export interface Search {
  readonly environment: Environment
  /** Its id, or one that senders know it by. */
  readonly payer: string
  readonly memberId: string
  readonly requestId: string
}

/**
 * Who saw or touched the cases of a member, for an auditor of that payer. The payers that they may look through go with the
 * question: the environment's own database shows no others.
 *
 * A search that is refused is on the record of the control plane, by whom and why; one that is made, on that of the environment.
 *
 * @throws Problem `state/not-found` the person has no role at the operator, or none of their payers goes by that id: which
 *         payers there are is not told; `access/role-missing` they have one, and are no auditor there; `system/unavailable`
 */
export async function whoSaw(deps: OperatorsDeps, person: Person, search: Search): Promise<WhoSaw> {
  try {
    const { environment, ...question } = search
    const auditor = requireAuditor(await requireAuthority(deps, person), environment)
    const actor = { kind: 'person', personId: person.id } as const
    return await deps.gateways[environment].whoSaw({ ...question, payers: auditor.payers }, actor)
  } catch (error) {
    if (error instanceof Problem) await recordRefusal(deps, person, search, error)
    throw error
  }
}

/**
 * What a person may do at the operator.
 *
 * @throws Problem `state/not-found` nothing: the same for a partner's people and for whoever was somebody once
 */
export async function requireAuthority(
  deps: Pick<OperatorsDeps, 'database'>,
  person: Person,
): Promise<readonly Authority[]> {
  const held = await authorityOf(deps, person.id)
  if (held.length === 0) throw new Problem('state/not-found', 'There is nothing here for you.')
  return held
}

function requireAuditor(held: readonly Authority[], environment: Environment): Authority {
  const auditor = held.find((each) => each.role === 'auditor' && each.environment === environment)
  if (!auditor) throw new Problem('access/role-missing', `An auditor of the ${environment} may do this.`)
  return auditor
}

/** Which payer was asked about is not put down: it is what somebody typed. */
function recordRefusal(
  { database, clock }: OperatorsDeps,
  person: Person,
  { environment, requestId }: Search,
  { code }: Problem,
): Promise<void> {
  return database.transaction({ role: 'staff' }, (tx) =>
    record(tx, {
      at: clock.now(),
      actor: { kind: 'person', personId: person.id },
      act: 'audit.who-saw',
      on: person.id,
      outcome: 'refused',
      problem: code,
      requestId,
      detail: { environment },
    }),
  )
}
