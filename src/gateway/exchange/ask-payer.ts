import { record } from '../../audit/index.ts'
import type { ReviewAnswer } from '../../core/decision.ts'
import type { AuthorizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { openMessageOf, type Reply, selectUpstream, tracesOf } from '../connectors/index.ts'
import { findPayer, isAskedElsewhere, type Payer } from '../payers/index.ts'
import { namedAs, refusalOf } from './answer.ts'
import { isChange } from './change-at-payer.ts'
import { conclude } from './conclude.ts'
import type { ExchangeDeps } from './deps.ts'
import { isOnItsWay } from './forward.ts'
import { givenUp, notReadThere } from './forwarded.ts'
import { inquire } from './inquire.ts'
import type { Answered, StatusQuestion } from './model.ts'

/**
 * Says what became of a request: by the record of this house, or by its payer's, where that is asked elsewhere. What a payer says
 * there of a case of ours that waits is put on that case.
 *
 * Nothing of an inquiry is kept but the entry that it was made: a payer that cannot be asked now is an outage to whoever asks.
 */
export async function inquireAt(deps: ExchangeDeps, tx: Tx, question: StatusQuestion): Promise<Answered> {
  const { inquiry, scenario } = question
  const payer = await findPayer(tx, inquiry.payer.id)
  const at = deps.clock.now()
  const isCanned =
    scenario !== undefined && deps.simulator?.answerInquiry(scenario, inquiry, at) !== undefined
  if (!payer || isCanned || !isAskedElsewhere(payer, 'inquiry')) return inquire(deps, tx, question)
  const prepared = await deps.connectors
    .for(payer, 'inquiry')
    .prepare(tx, payer, { operation: 'inquiry', request: inquiry }, at)
  if (prepared.as === 'here') return inquire(deps, tx, question)
  const upstream = await selectUpstream(tx, payer.id)
  const outage: Answered = { answer: refusalOf(inquiry, payer, givenUp(upstream?.answersAs), at), payer }
  if (prepared.as !== 'message') {
    await note(deps, tx, question)
    return outage
  }
  const { message } = prepared
  let reply: Reply | undefined
  return {
    ...outage,
    onward: {
      mostMs: message.mostMs,
      ask: async () => {
        reply = await deps.connectors.for(payer, 'inquiry').send(message)
        await learn(deps, payer, reply).catch((error) => deps.onFailure?.(error))
      },
      tell: async (inTx) => {
        if (reply?.as === 'refused')
          return told(deps, inTx, question, {
            answer: refusalOf(inquiry, payer, notReadThere(upstream?.answersAs), at),
            payer,
          })
        const said =
          reply?.as === 'answered' ? relayed(reply.answer, question, payer, message.traceNumber) : undefined
        if (said?.outcome.kind === 'decided') {
          const id = await caseOf(deps, inTx, payer, said.outcome.administrativeReference)
          return told(deps, inTx, question, { answer: said, payer, ...(id && { authorizationId: id }) })
        }
        // What has not reached the payer, only we know of.
        const here = await onItsWay(deps, inTx, question)
        return here ?? told(deps, inTx, question, said ? { answer: said, payer } : outage)
      },
    },
  }
}

/** What a payer says of a case of ours that waits for it. */
async function learn(deps: ExchangeDeps, payer: Payer, reply: Reply): Promise<void> {
  if (reply.as !== 'answered' || reply.answer.outcome.kind !== 'decided') return
  const { administrativeReference } = reply.answer.outcome
  await deps.database.transaction({ role: 'worker' }, async (tx) => {
    const found = await deps.record.findForInquiry(tx, {
      payerId: payer.id,
      administrativeReference,
      limit: 2,
    })
    const [one] = found
    const waiting = found.length === 1 && one && (await openMessageOf(tx, one.id))
    // Of what was asked of a case that was there, a record says nothing certain.
    if (waiting && !isChange(waiting)) await conclude(deps, tx, waiting.id, reply)
  })
}

/** The payer's answer as one to whoever asked us: along their way, and without our number. */
function relayed(
  answer: Extract<Reply, { as: 'answered' }>['answer'],
  { inquiry }: StatusQuestion,
  payer: Payer,
  ourTrace: string,
): ReviewAnswer | undefined {
  const { outcome } = answer
  if (outcome.kind === 'acknowledged' || !tracesOf(answer).includes(ourTrace)) return undefined
  const { traces: _, ...event } = answer.request.event
  const { traces } = inquiry.event
  return {
    request: {
      ...answer.request,
      correspondence: inquiry.correspondence,
      payer: inquiry.payer,
      requester: inquiry.requester,
      event: { ...event, ...(traces && { traces }) },
    },
    payer: { ...answer.payer, ...namedAs(payer, inquiry) },
    answeredAt: answer.answeredAt,
    outcome,
  }
}

async function caseOf(
  deps: ExchangeDeps,
  tx: Tx,
  { id: payerId }: Payer,
  administrativeReference: string,
): Promise<AuthorizationId | undefined> {
  const [found] = await deps.record.findForInquiry(tx, { payerId, administrativeReference, limit: 1 })
  return found?.id
}

async function onItsWay(deps: ExchangeDeps, tx: Tx, question: StatusQuestion): Promise<Answered | undefined> {
  const here = await inquire(deps, tx, question)
  const found = here.authorizationId && (await deps.record.find(tx, here.authorizationId))
  return found && (isOnItsWay(found) || found.state === 'payer-received') ? here : undefined
}

async function told(
  deps: ExchangeDeps,
  tx: Tx,
  question: StatusQuestion,
  answered: Answered,
): Promise<Answered> {
  await note(deps, tx, question, answered.authorizationId)
  return answered
}

function note(
  { clock, random }: ExchangeDeps,
  tx: Tx,
  { caller, requestId }: StatusQuestion,
  on?: AuthorizationId,
): Promise<void> {
  const { clientId, organizationId } = caller
  return record(
    tx,
    {
      at: clock.now(),
      actor: { kind: 'client', clientId, organizationId },
      act: 'authorization.inquire',
      outcome: 'done',
      requestId,
      ...(on && { on }),
      detail: { askedOf: 'payer', found: on ? 1 : 0 },
    },
    random,
  )
}
