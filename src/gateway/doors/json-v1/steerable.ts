import type { PayerReference } from '../../../core/request.ts'
import type { Steerable } from '../steer.ts'
import type { Askable } from './operations/model.ts'
import type { Asked } from './reading.ts'

type Addressed = Askable & { readonly payer?: PayerReference }

/** The ids by which a request of this door steers the sandbox, where its sender finds them. */
export function steerableOf({ name }: { readonly name: string }, asked: Asked<Addressed>): Steerable {
  const { correspondence, payer } = asked.value
  const { envelope } = asked
  const receiverId = envelope?.receiverId ?? correspondence.receiverId
  const placed = envelope
    ? {
        'ISA-06': envelope.senderId,
        'ISA-08': envelope.receiverId,
        'GS-03': envelope.applicationReceiver,
        '2010A/NM1-09': payer?.id,
      }
    : {
        '/senderId': correspondence.senderId,
        '/umClearingHouseId': correspondence.receiverId,
        '/payerId': payer?.id,
      }
  return {
    operation: name,
    receiverId,
    payerId: payer?.id ?? '',
    ids: Object.entries(placed).flatMap(([at, value]) => (value === undefined ? [] : [{ at, value }])),
  }
}
