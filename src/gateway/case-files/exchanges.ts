import type { Exchange } from '../../cases/record/index.ts'
import type { AuthorizationId, Id } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { sessionOf } from '../access/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { Reader } from './model.ts'
import { noSuchCase } from './no-such-case.ts'
import { note } from './noting.ts'

/** @see CaseFiles.exchanges */
export function exchanges(
  deps: CaseFilesDeps,
  reader: Reader,
  id: AuthorizationId,
): Promise<readonly Exchange[]> {
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const kept = await deps.record.exchanges(tx, id)
    // Who takes part sees the case, and of what was said word for word only what they said and were answered.
    if (kept.length === 0 && !(await deps.record.find(tx, id))) throw noSuchCase()
    await note(deps, tx, reader, {
      act: 'authorization.list-exchanges',
      on: id,
      detail: { exchanges: kept.length },
    })
    return kept.toSorted(asSaid)
  })
}

/** What came stands before what was answered to it in the same moment. */
function asSaid(a: Exchange, b: Exchange): number {
  return a.at - b.at || Number(a.direction === 'outbound') - Number(b.direction === 'outbound')
}

/** @see CaseFiles.exchange */
export function exchange(
  deps: CaseFilesDeps,
  reader: Reader,
  id: AuthorizationId,
  exchangeId: Id<'exchange'>,
): Promise<Exchange> {
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const kept = (await deps.record.exchanges(tx, id)).find((one) => one.id === exchangeId)
    if (!kept)
      throw new Problem(
        'state/not-found',
        'No exchange that you sent or were answered with has this id. Take it from the list of the case.',
      )
    await note(deps, tx, reader, {
      act: 'authorization.read-exchange',
      on: id,
      detail: { exchange: kept.id, bytes: kept.body.length },
    })
    return kept
  })
}
