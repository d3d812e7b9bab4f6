import type { AdmissionMoved, AdmissionState } from '../../core/admission.ts'
import { memberKey } from '../record/index.ts'
import { numberKey, stayKey } from './lookup.ts'
import type { AdmissionDeps, AdmissionRecord } from './model.ts'
import { admissionOf, eventOf, exchangeOf, keptOf } from './rows.ts'
import * as store from './store.ts'

const LIVE: readonly AdmissionState[] = ['received', 'matched', 'unmatched']
const ANY: readonly AdmissionState[] = [...LIVE, 'cancelled']

/** Opens the record of one environment's admissions. Holds nothing itself. */
export function openAdmissions(deps: AdmissionDeps): AdmissionRecord {
  const { vault, keyOf } = deps
  return {
    save: async (tx, moved, exchanges) => {
      requireWhole(moved, moved.admission.lastSequence)
      const key = await keyOf(tx, moved.admission.payerId)
      await store.insertAdmission(tx, keptOf(moved, exchanges, deps, key))
    },
    change: async (tx, moved, exchanges) => {
      requireWhole(moved, moved.events.length)
      const key = await keyOf(tx, moved.admission.payerId)
      const isChanged = await store.updateAdmission(tx, keptOf(moved, exchanges, deps, key))
      if (!isChanged) throw new Error(`admission ${moved.admission.id} was changed by another meanwhile`)
    },
    find: async (tx, id) => {
      const row = await store.selectAdmission(tx, id)
      if (!row) return undefined
      const admission = admissionOf(row, await keyOf(tx, row.payer_id))
      return { admission, ...(row.case_id && row.sees_case ? { visibleCase: row.case_id } : {}) }
    },
    findSent: async (tx, by, payerId, referenceNumber) => {
      const row = await store.selectSent(tx, numberKey(vault, payerId, referenceNumber), by, ANY)
      return row && admissionOf(row, await keyOf(tx, row.payer_id))
    },
    findSameStay: async (tx, by, payerId, notice) => {
      const way = stayKey(vault, payerId, notice)
      if (!way) return undefined
      await store.lockStay(tx, way)
      const row = await store.selectSent(tx, way, by, LIVE)
      return row && admissionOf(row, await keyOf(tx, row.payer_id))
    },
    admissionsOfMember: (tx, payerId, memberId) =>
      store.selectIdsByKey(tx, memberKey(vault, payerId, memberId), payerId),
    events: async (tx, id) => (await store.selectEvents(tx, id)).map(eventOf),
    exchanges: async (tx, id) => {
      const rows = await store.selectExchanges(tx, id)
      if (!rows[0]) return []
      const key = await keyOf(tx, rows[0].payer_id)
      return rows.map((row) => exchangeOf(row, id, key))
    },
  }
}

/** Events are the admission: a gap or a missing one would be a change that nobody can read. */
function requireWhole({ admission, events }: AdmissionMoved, count: number): void {
  const first = admission.lastSequence - count + 1
  const isWhole = events.length === count && events.every((event, i) => event.sequence === first + i)
  if (!isWhole) throw new Error('the events of an admission must be numbered up to its last, without gaps')
}
