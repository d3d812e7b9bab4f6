import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { contractOf } from './find.ts'
import type { Contract } from './model.ts'
import { standingOf } from './term.ts'

/**
 * Refuses to take the place of a contract that is not in force when the other begins, or is none any more.
 *
 * @throws Problem `state/not-allowed`
 */
export async function requireAmendable(
  tx: Tx,
  id: string,
  beginsAt: Instant,
  now: Instant,
): Promise<Contract> {
  const amended = await contractOf(tx, id)
  const standing = standingOf(amended, now)
  if (standing !== 'active' && standing !== 'countersigned')
    throw new Problem('state/not-allowed', `The contract to amend is ${standing}.`)
  // One that was agreed or given notice of may be renewed; the others have been settled otherwise.
  if (amended.endKind !== undefined && amended.endKind !== 'notice')
    throw new Problem('state/not-allowed', `The contract to amend is to be ${amended.endKind} already.`)
  if (amended.endsAt !== undefined && amended.endsAt < beginsAt)
    throw new Problem('state/not-allowed', 'The contract to amend ends before the other would begin.')
  return amended
}
