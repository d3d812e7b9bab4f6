import { record, type Touch, touchesOf } from '../../audit/index.ts'
import type { AdmissionRecord } from '../../cases/admissions/index.ts'
import type { CaseRecord } from '../../cases/record/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { AuthorizationId, PayerId, Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { findByOwnId } from '../payers/index.ts'

export interface WhoSawDeps {
  readonly database: Database
  readonly record: CaseRecord
  readonly admissions: Pick<AdmissionRecord, 'admissionsOfMember'>
  readonly clock: Clock
  readonly random: Random
}

/** The payers whose record somebody may look through. */
export type PayersInScope = readonly PayerId[] | 'all'

/** Whose record is looked through. The member id is personal: it is in no entry, no log and no URL. */
export interface MemberQuestion {
  /** Our id of the payer, or one that senders know it by. */
  readonly payer: string
  /** In any spelling: case, spaces and punctuation do not matter. */
  readonly memberId: string
  /** Those of the asker; the payer that is asked about must be one of them. */
  readonly payers: PayersInScope
  readonly actor: Actor
  readonly requestId: string
}

export interface WhoSaw {
  /** The member's cases, and those of a family that shares the id; newest first. */
  readonly cases: readonly AuthorizationId[]
  /** Who touched one of them, or a stay that a notice told of, when and by which act; oldest first. */
  readonly touches: readonly Touch[]
}

/**
 * Who saw or touched the cases and stays of a member, with the entry that this search is itself.
 *
 * @throws Problem `state/not-found` no payer that the asker may look through goes by that id. The one that stands in for
 *         unknown ids must be named itself
 */
export async function whoSaw(deps: WhoSawDeps, question: MemberQuestion): Promise<WhoSaw> {
  const { database, clock, random } = deps
  const payer = await database.transaction({ role: 'staff' }, (tx) => findByOwnId(tx, question.payer))
  // A payer that the asker may not see and one that never was are told apart by nothing.
  if (!payer || scopeOf(question.payers, payer.id).length === 0)
    throw new Problem('state/not-found', 'No payer of this environment goes by this id.')
  // The database is told whom the asker may see, not whom they asked about: were the line above wrong, it shows no case.
  return database.transaction({ role: 'staff', payers: scopeOf(question.payers, payer.id) }, async (tx) => {
    const cases = await deps.record.casesOfMember(tx, payer.id, question.memberId)
    const stays = await deps.admissions.admissionsOfMember(tx, payer.id, question.memberId)
    const touches = await touchesOf(tx, [...cases, ...stays])
    await record(
      tx,
      {
        at: clock.now(),
        actor: question.actor,
        act: 'audit.who-saw',
        on: payer.id,
        outcome: 'done',
        requestId: question.requestId,
        detail: { cases: cases.length, entries: touches.length },
      },
      random,
    )
    return { cases, touches }
  })
}

/** What of the asker's payers the answer is about: one payer, or none. */
const scopeOf = (payers: PayersInScope, asked: PayerId): readonly PayerId[] =>
  payers === 'all' ? [asked] : payers.filter((id) => id === asked)
