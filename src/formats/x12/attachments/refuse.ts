import type { X12Fault } from '../reading/index.ts'
import type { ReceivedInterchange, ReceivedTransaction } from '../received.ts'

/**
 * An interchange with what was found wrong with it after it was read: each fault belongs to the transaction that its place
 * is in, so that an acknowledgement refuses that one.
 */
export function withFaults(received: ReceivedInterchange, faults: readonly X12Fault[]): ReceivedInterchange {
  const starts = received.groups.flatMap(({ transactions }) => transactions.map(({ byte }) => byte))
  const ownerOf = ({ place }: X12Fault) => starts.findLast((byte) => byte <= (place?.byte ?? 0))
  const refused = (transaction: ReceivedTransaction): ReceivedTransaction => {
    const own = faults.filter((fault) => ownerOf(fault) === transaction.byte)
    if (own.length === 0) return transaction
    const before = transaction.result.ok ? [] : transaction.result.faults
    return { ...transaction, result: { ok: false, faults: [...before, ...own] } }
  }
  return {
    ...received,
    groups: received.groups.map((group) => ({ ...group, transactions: group.transactions.map(refused) })),
  }
}
