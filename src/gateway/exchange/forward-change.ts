import type { Authorization, Moved } from '../../core/authorization.ts'
import type { Rejection } from '../../core/decision.ts'
import type { Tx } from '../../platform/database/index.ts'
import { insertMessage, isUnderWay } from '../connectors/index.ts'
import { isAskedElsewhere } from '../payers/index.ts'
import { refusalOf } from './answer.ts'
import type { Concluded } from './conclude.ts'
import type { ExchangeDeps } from './deps.ts'
import { askedOfPayer, cameIn, outgoingOf, sendAndConclude } from './forward.ts'
import { givenUp, RETAINED } from './forwarded.ts'
import type { Answered } from './model.ts'
import { exchangeWithPayer, note, type Opening, saidBothWays } from './said.ts'

type Spell = (answered: Answered) => Uint8Array

/**
 * Passes on what is asked of a case that its payer has decided: it is the payer's to take it back, or to look at it again.
 *
 * @param earlier locked
 * @param tell    how the case stands, as an answer to what is asked
 * @returns undefined when the payer is answered for here
 */
export async function forwardChange(
  deps: ExchangeDeps,
  tx: Tx,
  opening: Opening,
  earlier: Authorization,
  tell: (moved: Moved) => Answered,
  spell: Spell,
): Promise<Answered | undefined> {
  const { submission, payer, at } = opening
  const { request } = submission
  if (!isAskedElsewhere(payer, 'submission')) return undefined
  const as = async (
    rejections: readonly Rejection[],
    authorization = earlier,
    inTx = tx,
  ): Promise<Answered> => ({
    ...tell({ authorization, events: await deps.record.events(inTx, authorization.id) }),
    answer: { ...refusalOf(request, payer, RETAINED, at), outcome: { kind: 'rejected', rejections } },
  })
  if (await isUnderWay(tx, earlier.id, request.event.purpose)) {
    await note(deps, tx, submission, at, earlier)
    return { ...(await as([RETAINED])), standsAs: earlier.id }
  }
  const task = { operation: 'submission', request: askedOfPayer(request, earlier) } as const
  const prepared = await deps.connectors.for(payer, 'submission').prepare(tx, payer, task, at)
  await note(deps, tx, submission, at, earlier)
  if (prepared.as !== 'message') return as([givenUp(undefined)])
  const { message } = prepared
  const outgoing = exchangeWithPayer(deps, 'outbound', message, at)
  await deps.record.say(tx, earlier, [cameIn(deps, submission, at), outgoing])
  await insertMessage(tx, {
    ...outgoingOf(outgoing.id, message, earlier, at),
    caseId: earlier.id,
    purpose: request.event.purpose,
  })
  let concluded: Concluded | undefined
  return {
    ...(await as([RETAINED])),
    onward: {
      tellsOf: earlier.id,
      mostMs: message.mostMs,
      ask: async () => {
        concluded = await sendAndConclude(deps, message, outgoing.id)
      },
      tell: async (inTx) => {
        const authorization = (await deps.record.find(inTx, earlier.id)) ?? earlier
        const isOpen = concluded?.isOpen ?? true
        const rejections = isOpen ? [RETAINED] : concluded?.rejections
        const answered = rejections
          ? await as(rejections, authorization, inTx)
          : tell({ authorization, events: await deps.record.events(inTx, earlier.id) })
        const [, answer] = saidBothWays(deps, submission, deps.clock.now(), spell(answered))
        if (answer) await deps.record.say(inTx, authorization, [answer])
        return { ...answered, ...(isOpen && { standsAs: earlier.id }) }
      },
    },
  }
}
