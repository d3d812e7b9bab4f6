import type { Authorization, CaseEvent } from '../../core/authorization.ts'
import { requireAuthority } from '../../core/lifecycle.ts'
import { selectFollowing } from './follow-store.ts'
import { administrativeReferenceKey, authorizationNumberKey, memberKey, sameCareKey } from './lookup.ts'
import { type CaseRecord, type CaseSearch, ChangePending, type RecordDeps } from './model.ts'
import { caseOf, duplicateOf, eventOf, exchangeOf, followedOf } from './reading.ts'
import { search } from './search.ts'
import * as store from './store.ts'
import { decidedCase, exchangeRows, movedCase, newCase } from './writing.ts'

/** Opens the record of one environment's cases. Holds nothing itself. */
export function openRecord(deps: RecordDeps): CaseRecord {
  const { vault, keyOf } = deps
  const find: CaseRecord['find'] = async (tx, id) => {
    const row = await store.selectCase(tx, id)
    return row && caseOf(row, await keyOf(tx, row.payer_id))
  }
  return {
    save: async (tx, authorization, events, exchanges) => {
      requireWhole(authorization, events)
      requireDecider(authorization, deps)
      const key = await keyOf(tx, authorization.payerId)
      await store
        .insertCase(tx, newCase(authorization, events, exchanges, deps, key))
        .catch(refuseSecondChange)
    },
    move: async (tx, authorization, events, exchanges) => {
      requireConsecutive(authorization, events)
      requireDecider(authorization, deps)
      const key = await keyOf(tx, authorization.payerId)
      const isMoved = await store.updateCase(tx, movedCase(authorization, events, exchanges, deps, key))
      if (!isMoved) throw new Error(`case ${authorization.id} is not where the move begins`)
    },
    decide: async (tx, authorization, events, exchanges = []) => {
      requireConsecutive(authorization, events)
      requireDecider(authorization, deps)
      const key = await keyOf(tx, authorization.payerId)
      const isDecided = await store.updateDecision(
        tx,
        decidedCase(authorization, events, exchanges, deps, key),
      )
      if (!isDecided) throw new Error(`case ${authorization.id} is not where the decision begins`)
    },
    say: async (tx, { id, payerId, receivedFrom }, exchanges) => {
      const key = await keyOf(tx, payerId)
      await store.insertExchanges(tx, id, receivedFrom, exchangeRows(exchanges, id, key))
    },
    lock: async (tx, id) => ((await store.lockCase(tx, id)) ? find(tx, id) : undefined),
    find,
    findForInquiry: async (tx, search) => {
      const [first, ...others] = waysIn(vault, search)
      const rows = first ? await store.selectByKey(tx, [first, ...others], search) : []
      if (rows.length === 0) return []
      const key = await keyOf(tx, search.payerId)
      return rows.map((row) => caseOf(row, key))
    },
    search: (tx, filter) => search(vault, tx, filter),
    casesOfMember: (tx, payerId, memberId) =>
      store.selectIdsByKey(tx, memberKey(vault, payerId, memberId), payerId),
    findOpenDuplicate: async (tx, { id, payerId, request }) => {
      const way = sameCareKey(vault, payerId, request)
      if (!way) return undefined
      await store.lockCare(tx, way)
      const row = await store.selectOpen(tx, way, id)
      return row && duplicateOf(row)
    },
    findOpenFollowers: async (tx, id) => {
      const rows = await store.selectOpenFollowers(tx, id)
      if (!rows[0]) return []
      const key = await keyOf(tx, rows[0].payer_id)
      return rows.map((row) => caseOf(row, key))
    },
    events: async (tx, id) => {
      const rows = await store.selectEvents(tx, id)
      if (!rows[0]) return []
      const key = await keyOf(tx, rows[0].payer_id)
      return rows.map((row) => eventOf(row, id, key))
    },
    follow: async (tx, from) => (await selectFollowing(tx, from)).map(followedOf),
    exchanges: async (tx, id) => {
      const rows = await store.selectExchanges(tx, id)
      if (!rows[0]) return []
      const key = await keyOf(tx, rows[0].payer_id)
      return rows.map((row) => exchangeOf(row, id, key))
    },
  }
}

/** The index holds it where the other company's change cannot be seen. */
function refuseSecondChange(error: unknown): never {
  throw String(error).includes('one_change_of_a_case_is_pending') ? new ChangePending(error) : error
}

/** The keys of a search, the one that leads to the fewest cases first. */
function waysIn(vault: RecordDeps['vault'], search: CaseSearch): readonly Uint8Array[] {
  const { payerId, authorizationNumber, administrativeReference, memberId } = search
  const ways = [
    authorizationNumber === undefined
      ? undefined
      : authorizationNumberKey(vault, payerId, authorizationNumber),
    administrativeReference === undefined
      ? undefined
      : administrativeReferenceKey(vault, payerId, administrativeReference),
    memberId === undefined ? undefined : memberKey(vault, payerId, memberId),
  ]
  return ways.filter((way) => way !== undefined)
}

/** Events are the case: a gap or a missing one would be a change that nobody can read. */
function requireWhole(authorization: Authorization, events: readonly CaseEvent[]): void {
  const isWhole =
    events.length === authorization.lastSequence && events.every((event, i) => event.sequence === i + 1)
  if (!isWhole) throw new Error('the events of a new case must be numbered from 1 to its last, without gaps')
}

/** A move is told by the events that come right after those that are kept. */
function requireConsecutive({ lastSequence }: Authorization, events: readonly CaseEvent[]): void {
  const first = lastSequence - events.length + 1
  const isConsecutive = events.length > 0 && events.every((event, i) => event.sequence === first + i)
  if (!isConsecutive) throw new Error('the events of a move must be numbered up to its last, without gaps')
}

/** The last place before the database where promise 4 is held. */
function requireDecider(authorization: Authorization, { environment }: RecordDeps): void {
  if (!('decided' in authorization)) return
  requireAuthority(authorization.decided, authorization.request)
  if (authorization.decided.by === 'simulated' && environment === 'production')
    throw new Error('a simulated decision belongs in the sandbox alone')
}
