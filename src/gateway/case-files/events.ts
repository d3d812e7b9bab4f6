import type { AuthorizationId } from '../../kernel/ids.ts'
import { sessionOf } from '../access/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { EventPage, Reader } from './model.ts'
import { noSuchCase } from './no-such-case.ts'
import { note } from './noting.ts'

/** @see CaseFiles.events */
export function events(
  deps: CaseFilesDeps,
  reader: Reader,
  id: AuthorizationId,
  after: number,
  limit: number,
): Promise<EventPage> {
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const all = await deps.record.events(tx, id)
    // Every case has its first event, so one without any is none of the reader's.
    if (all.length === 0) throw noSuchCase()
    const later = all.filter(({ sequence }) => sequence > after)
    const page = later.slice(0, limit)
    await note(deps, tx, reader, {
      act: 'authorization.read-events',
      on: id,
      detail: { events: page.length },
    })
    const last = later.length > limit ? page.at(-1) : undefined
    return { events: page, ...(last ? { next: last.sequence } : {}) }
  })
}
