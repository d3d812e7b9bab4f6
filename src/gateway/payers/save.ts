import { record } from '../../audit/index.ts'
import { USUAL_NOTICE_HOURS } from '../../core/admission.ts'
import { LINES_OF_BUSINESS, lineOfBusiness } from '../../core/deadlines.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import { mintId, type PayerId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { keyContext } from './keys.ts'
import { type InquirySplit, type Payer, wireIdOf } from './model.ts'
import * as store from './store.ts'

export interface SaveContext {
  readonly actor: Actor
  readonly environment: Environment
  /** The vault of the same environment. */
  readonly vault: Vault
  readonly at: Instant
  readonly random: Random
}

/** A payer as it is to be; without an id, a new one. */
export type PayerDraft = Omit<Payer, 'id' | 'lineOfBusiness' | 'inquirySplit' | 'admissionNoticeHours'> & {
  readonly id?: PayerId
  readonly lineOfBusiness: string
  /** A service line at a time unless said otherwise. */
  readonly inquirySplit?: InquirySplit
  /** The usual window, unless it says otherwise. */
  readonly admissionNoticeHours?: number
}

/**
 * Adds a payer, or mends one. A new payer gets its data key here; an old one keeps the key that it has.
 * Recorded for audit in the same transaction.
 *
 * @param tx as `staff` or `worker`
 * @throws Problem `request/invalid` with each fault: no name, no or an unfit wire id, one that another payer goes by, an
 *         unknown line of business, a window of no hours, a stand-in in production or beside another
 */
export async function savePayer(tx: Tx, draft: PayerDraft, context: SaveContext): Promise<Payer> {
  const business = lineOfBusiness(draft.lineOfBusiness)
  const payer = {
    ...draft,
    id: draft.id ?? mintId('payer', context.at, context.random),
    wireIds: [...new Set(draft.wireIds.map(wireIdOf))],
  }
  const faults = [...faultsOf(draft, context.environment)]
  if (business === undefined || faults.length > 0) throw refused(faults)
  const whole: Payer = {
    ...payer,
    inquirySplit: draft.inquirySplit ?? 'line',
    admissionNoticeHours: draft.admissionNoticeHours ?? USUAL_NOTICE_HOURS,
    lineOfBusiness: business,
  }
  const taken = await store.takenWireIds(tx, whole)
  for (const id of taken)
    faults.push({ at: `/wireIds/${whole.wireIds.indexOf(id)}`, message: `another payer goes by "${id}"` })
  const standIn = whole.standsInForUnknown ? await store.otherStandIn(tx, whole) : undefined
  if (standIn !== undefined)
    faults.push({ at: '/standsInForUnknown', message: `${standIn} stands in already; only one can` })
  if (faults.length > 0) throw refused(faults)
  await store.upsertPayer(tx, whole, context.at)
  const { sealed } = context.vault.newDataKey(keyContext(whole.id))
  await store.insertKey(tx, whole.id, sealed, context.at)
  const { at, actor, random } = context
  await record(tx, { at, actor, act: 'payer.save', on: whole.id, outcome: 'done' }, random)
  return whole
}

function faultsOf(draft: PayerDraft, environment: Environment): readonly Fault[] {
  const faults: Fault[] = []
  if (draft.name.trim() === '') faults.push({ at: '/name', message: 'found nothing, expected a name' })
  if (draft.wireIds.length === 0)
    faults.push({ at: '/wireIds', message: 'found none, expected at least one' })
  for (const [i, id] of draft.wireIds.entries())
    if (!/^[\x20-\x7e]{2,80}$/.test(id.trim()))
      faults.push({
        at: `/wireIds/${i}`,
        message: `found "${id}", expected 2 to 80 printable ASCII characters`,
      })
  if (lineOfBusiness(draft.lineOfBusiness) === undefined)
    faults.push({
      at: '/lineOfBusiness',
      message: `found "${draft.lineOfBusiness}", expected one of ${LINES_OF_BUSINESS.join(', ')}`,
    })
  const { admissionNoticeHours: hours } = draft
  if (hours !== undefined && !(Number.isInteger(hours) && hours > 0))
    faults.push({
      at: '/admissionNoticeHours',
      message: `found ${hours}, expected a whole number of hours above 0`,
    })
  if (draft.standsInForUnknown && environment === 'production')
    faults.push({
      at: '/standsInForUnknown',
      message: 'in production no payer answers for an id that it does not go by',
    })
  return faults
}

function refused(faults: readonly Fault[]): Problem {
  return new Problem(
    'request/invalid',
    'The payer was not saved. Mend each field named, then save it again.',
    { faults },
  )
}
