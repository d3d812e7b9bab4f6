import type { CertificationAction } from '../../core/decision.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { administrativeReferenceKey, authorizationNumberKey, memberKey } from './lookup.ts'
import type { CaseFilter, CaseSummary } from './model.ts'
import { instantOf, momentOf } from './sealing.ts'
import { type SummaryRow, selectSummaries } from './search-store.ts'

/** @see CaseRecord.search */
export async function search(
  vault: Pick<Vault, 'keyedHash'>,
  tx: Tx,
  filter: CaseFilter,
): Promise<readonly CaseSummary[]> {
  const { receivedFrom, receivedBefore, payerIds, isEveryPayer, ...conditions } = filter
  const rows = await selectSummaries(tx, {
    ...conditions,
    keys: waysIn(vault, filter),
    ...(isEveryPayer ? {} : { payerIds }),
    ...(receivedFrom === undefined ? {} : { receivedFrom: momentOf(receivedFrom) }),
    ...(receivedBefore === undefined ? {} : { receivedBefore: momentOf(receivedBefore) }),
  })
  return rows.map(summaryOf)
}

/** A number means a case at one payer, and another case or none at the next: each has keys of its own. */
function waysIn(
  vault: Pick<Vault, 'keyedHash'>,
  { payerIds, authorizationNumber, administrativeReference, memberId }: CaseFilter,
): readonly (readonly Uint8Array[])[] {
  const named = [
    [authorizationNumber, authorizationNumberKey],
    [administrativeReference, administrativeReferenceKey],
    [memberId, memberKey],
  ] as const
  return named.flatMap(([value, keyOf]) =>
    value === undefined ? [] : [payerIds.map((payerId) => keyOf(vault, payerId, value))],
  )
}

function summaryOf(row: SummaryRow): CaseSummary {
  return {
    id: row.case_id,
    payerId: row.payer_id,
    state: row.state,
    purpose: row.purpose,
    receivedAt: instantOf(row.received_at),
    ...(row.action === null ? {} : { action: row.action as CertificationAction }),
    ...(row.urgency === null ? {} : { urgency: row.urgency }),
    ...(row.care_from === null || row.care_until === null
      ? {}
      : { care: { from: row.care_from, until: row.care_until } as DatePeriod }),
    ...(row.authorization_number === null ? {} : { authorizationNumber: row.authorization_number }),
    ...(row.administrative_reference === null
      ? {}
      : { administrativeReference: row.administrative_reference }),
    ...(row.decided_at === null ? {} : { decidedAt: instantOf(row.decided_at) }),
    ...(row.due_at === null ? {} : { dueAt: instantOf(row.due_at) }),
  }
}
