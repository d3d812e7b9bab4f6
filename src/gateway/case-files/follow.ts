import { setTimeout as timer } from 'node:timers/promises'
import type { EventPlace, FollowedEvent } from '../../cases/record/index.ts'
import { readId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { sessionOf } from '../access/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { Follow, FollowedPage, Reader } from './model.ts'
import { note } from './noting.ts'

/** How often somebody who waits looks. */
const LOOKS_EVERY_MS = 1_000

/** @see CaseFiles.follow */
export async function follow(deps: CaseFilesDeps, reader: Reader, asked: Follow): Promise<FollowedPage> {
  const { organizationId } = reader.caller
  const { limit, types, waitSeconds, gone } = asked
  const after = asked.after === undefined ? undefined : opened(deps, asked.after, organizationId)
  const pause = deps.pause ?? forSoLong
  for (let looked = 0; ; looked++) {
    const events = await look(deps, reader, {
      limit,
      ...(types && { types }),
      ...(after && { after }),
    })
    const last = events.at(-1) ?? after
    const isOver = events.length > 0 || looked * LOOKS_EVERY_MS >= waitSeconds * 1_000 || gone.aborted
    if (isOver) return { events, ...(last ? { next: sealed(deps, last, organizationId) } : {}) }
    // Outside of any transaction: whoever waits holds no connection.
    await pause(LOOKS_EVERY_MS, gone)
  }
}

/** One look, with its entry on the record where it showed something. */
function look(
  deps: CaseFilesDeps,
  reader: Reader,
  from: Parameters<CaseFilesDeps['record']['follow']>[1],
): Promise<readonly FollowedEvent[]> {
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const events = await deps.record.follow(tx, from)
    if (events.length > 0)
      await note(deps, tx, reader, {
        act: 'authorization.follow-events',
        detail: {
          events: events.length,
          cases: [...new Set(events.map(({ caseId }) => caseId))].join(' '),
        },
      })
    return events
  })
}

const forSoLong = (ms: number, signal: AbortSignal) => timer(ms, undefined, { signal }).catch(() => undefined)

const contextOf = (organizationId: string) => `cursor/events/${organizationId}`

/** Where a reader is, sealed: the numbers of transactions are nobody's business. */
function sealed({ vault }: CaseFilesDeps, place: EventPlace, organizationId: string): string {
  const { writtenIn, caseId, sequence } = place
  const text = `${writtenIn} ${caseId} ${sequence}`
  return Buffer.from(vault.seal(Buffer.from(text, 'utf8'), contextOf(organizationId))).toString('base64url')
}

/** @throws Problem `request/invalid` */
function opened({ vault }: CaseFilesDeps, cursor: string, organizationId: string): EventPlace {
  try {
    const text = vault.open(Buffer.from(cursor, 'base64url'), contextOf(organizationId))
    const [writtenIn = '', id = '', sequence = ''] = Buffer.from(text).toString('utf8').split(' ')
    const caseId = readId('authorization', id)
    if (caseId) return { writtenIn, caseId, sequence: Number(sequence) }
  } catch {
    // Whatever is wrong with it, its bearer is told one thing.
  }
  throw new Problem(
    'request/invalid',
    'Events cannot be followed from there: that is no place among yours.',
    {
      faults: [
        {
          at: '?after',
          message: 'is no `next` that your company was given',
          remedy: 'Send the `next` of the last page that you have; or begin anew without one.',
        },
      ],
    },
  )
}
