import { record } from '../../audit/index.ts'
import { mintId, type PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import * as store from './directory-store.ts'
import type { Outage } from './entry.ts'
import { findByOwnId } from './find.ts'
import type { SaveContext } from './save.ts'
import type { PayerOperation } from './ways.ts'

export interface Announcement {
  /** Our id of the payer, or one that senders know it by. */
  readonly payer: string
  /** Absent: all of them. */
  readonly operation?: PayerOperation
  /** Absent: now. */
  readonly from?: Instant
  /** Absent: not known yet. */
  readonly until?: Instant
  /** For callers to read. */
  readonly note: string
}

type Stamp = Pick<SaveContext, 'at' | 'actor' | 'random'>

/**
 * Tells that a payer, or one operation of it, cannot be reached.
 *
 * @param tx as `staff`
 * @throws Problem `state/not-found` no such payer; `request/invalid` it ends before it begins, or has no note
 */
export async function announceOutage(
  tx: Tx,
  { payer, operation, from, until, note }: Announcement,
  { at, actor, random }: Stamp,
): Promise<{ readonly id: string; readonly payerId: PayerId }> {
  const known = await findByOwnId(tx, payer)
  if (!known) throw new Problem('state/not-found', 'No payer of this environment goes by this id.')
  const begins = from ?? at
  const faults = [
    ...(until !== undefined && until <= begins
      ? [{ at: '/until', message: 'found a moment that is not after the one from which it lasts' }]
      : []),
    ...(note.trim() === '' || note.length > 500
      ? [{ at: '/note', message: 'expected what callers are to know, in at most 500 characters' }]
      : []),
  ]
  if (faults.length > 0) throw new Problem('request/invalid', 'The outage was not announced.', { faults })
  const outage: Outage = {
    id: mintId('outage', at, random),
    from: begins,
    note: note.trim(),
    ...(operation !== undefined && { operation }),
    ...(until !== undefined && { until }),
  }
  await store.insertOutage(tx, known.id, outage, at)
  const detail = { outage: outage.id, ...(operation !== undefined && { operation }) }
  await record(tx, { at, actor, act: 'payer.outage', on: known.id, outcome: 'done', detail }, random)
  return { id: outage.id, payerId: known.id }
}

/**
 * Ends an outage now.
 *
 * @param tx as `staff`
 * @throws Problem `state/not-found` there is no such outage, or it has not begun, or it has ended
 */
export async function endOutage(tx: Tx, id: string, { at, actor, random }: Stamp): Promise<void> {
  const payerId = await store.endOutage(tx, id, at)
  if (!payerId) throw new Problem('state/not-found', 'No outage that lasts has this id.')
  const detail = { outage: id }
  await record(tx, { at, actor, act: 'payer.outage-end', on: payerId, outcome: 'done', detail }, random)
}
