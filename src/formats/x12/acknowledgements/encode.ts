import type { Instant } from '../../../kernel/time.ts'
import { sealGroups } from '../envelope/index.ts'
import type { InterchangeHeader, ReceivedInterchange } from '../received.ts'
import { acknowledgeGroup, acknowledgeInterchange } from './acknowledge.ts'
import { encodeGroupAcknowledgement, GUIDE_999 } from './group.ts'
import { encodeInterchangeAcknowledgement } from './interchange.ts'
import type { GroupAcknowledgement, InterchangeAcknowledgement } from './model.ts'

/** Everything that is to be said about an interchange. */
export interface Acknowledgements {
  /** The TA1; absent when nothing is to be said of the envelope. */
  readonly interchange?: InterchangeAcknowledgement
  /** A 999 for each group that holds something other than 999. */
  readonly groups: readonly GroupAcknowledgement[]
}

/**
 * What is to be said about an interchange that was read: a TA1, and a 999 for each group. One that is refused gets its TA1
 * alone; a 999 is never answered.
 *
 * @param isSeenBefore whether this sender's control number came before: TA1 note code 025, and nothing of it is to be done again
 */
export function acknowledge(received: ReceivedInterchange, isSeenBefore: boolean): Acknowledgements {
  const interchange = acknowledgeInterchange(received, isSeenBefore)
  const isRefused = interchange?.status === 'rejected'
  const groups = received.groups.filter(({ header }) => header.kind !== 'FA')
  return {
    ...(interchange === undefined ? {} : { interchange }),
    groups: isRefused ? [] : groups.map(acknowledgeGroup),
  }
}

/**
 * Writes acknowledgements as an interchange on one line, back to whoever sent what they answer.
 *
 * @param to      the header of the interchange that is answered: its names are turned round
 * @param options `at` is when it is sent, in UTC; `controlNumber` is our own number, from 1. Our TA1 and 999 ask for no TA1 themselves
 */
export function encodeAcknowledgements(
  { interchange, groups }: Acknowledgements,
  to: InterchangeHeader,
  { at, controlNumber }: { readonly at: Instant; readonly controlNumber: number },
): string {
  return sealGroups({
    at,
    controlNumber,
    usage: to.usage,
    sender: { qualifier: to.receiverQualifier, id: to.receiverId },
    receiver: { qualifier: to.senderQualifier, id: to.senderId },
    beforeGroups: interchange === undefined ? [] : [encodeInterchangeAcknowledgement(interchange)],
    group: { kind: 'FA', guide: GUIDE_999, set: '999' },
    transactions: groups.map(encodeGroupAcknowledgement),
  })
}
