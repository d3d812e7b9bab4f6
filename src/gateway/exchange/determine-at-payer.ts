import type { Rejection } from '../../core/decision.ts'
import { linesAsked, understood } from '../../core/determination/index.ts'
import type { Inquiry, ServiceLine } from '../../core/request.ts'
import type { DecodedDetermination } from '../../formats/x12/index.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { type Connectors, type Reply, selectUpstream } from '../connectors/index.ts'
import type { Payer } from '../payers/index.ts'

import { givenUp, notReadThere } from './forwarded.ts'
import type { Determined, Question } from './question.ts'

/**
 * Has a payer say it whose determinations are asked elsewhere: in the name of this house, about nobody, and with nothing kept.
 * So there is nothing to try again: a payer that cannot be asked now is an outage to whoever asks.
 *
 * @returns each line `unknown`, and why; with `elsewhere` where the payer is to be asked
 */
export async function determineAtPayer(
  deps: { readonly clock: Clock; readonly connectors: Connectors },
  tx: Tx,
  payer: Payer,
  question: Question,
  at: Instant,
): Promise<Determined> {
  const connector = deps.connectors.for(payer, 'determination')
  const { plan } = question
  const request = inNobodysName(question)
  const task = { operation: 'determination', request, ...(plan !== undefined && { plan }) } as const
  const prepared = await connector.prepare(tx, payer, task, at)
  const answersAs = (await selectUpstream(tx, payer.id))?.answersAs
  const outage = unanswered(question, payer, at, NOT_REACHED, [givenUp(answersAs)])
  if (prepared.as !== 'message') return outage
  const { message } = prepared
  return {
    ...outage,
    elsewhere: {
      mostMs: message.mostMs,
      ask: async () => {
        const reply = await connector.send(message)
        const now = deps.clock.now()
        if (reply.as === 'refused')
          return unanswered(question, payer, now, NOT_READ, [notReadThere(answersAs)])
        return reply.as === 'determined' ? answered(question, payer, now, reply) : { ...outage, at: now }
      },
    },
  }
}

const NOT_REACHED =
  'The payer was asked and cannot answer just now. Ask again later, or contact the payer before the service.'
const NOT_READ = 'The payer does not take the question. Contact the payer before the service.'

/** As an inquiry: nothing of a person but a date of birth, which a payer's rules may hang on. */
function inNobodysName({ payerId, event, birthDate }: Question): Inquiry {
  const { traces: _, ...asked } = event
  // A 278 has no service that is of no kind.
  const lines = event.lines.map((line) =>
    line.kind === 'unspecified' && line.procedure ? ({ ...line, kind: 'professional' } as const) : line,
  )
  return {
    correspondence: { senderId: '', receiverId: '', transactionIdentifier: '' },
    payer: { id: payerId },
    requester: { kind: 'provider', references: [] },
    subscriber: { references: [], ...(birthDate && { birthDate }) },
    event: { ...asked, lines },
    filter: {},
  }
}

function unanswered(
  { event }: Question,
  payer: Payer,
  at: Instant,
  explanation: string,
  rejections: readonly Rejection[],
): Determined {
  const determination = { answer: 'unknown', fired: [], explanation } as const
  return {
    at,
    payer,
    lines: linesAsked(event).map(({ number }) => ({ line: number, determination })),
    rejections,
  }
}

function answered(
  question: Question,
  payer: Payer,
  at: Instant,
  { said: { request, outcome } }: Extract<Reply, { as: 'determined' }>,
): Determined {
  if (outcome.kind === 'rejected') {
    const codes = [...new Set(outcome.rejections.map(({ reason }) => reason))].join(', ')
    const why = `The payer does not answer the question (AAA ${codes}). Contact the payer before the service.`
    return unanswered(question, payer, at, why, outcome.rejections)
  }
  const { lines } = request.event
  return {
    at,
    payer,
    lines: linesAsked(question.event).map((line, i) => ({
      line: line.number,
      determination: understood(saidOf(line, i, lines, outcome)),
    })),
  }
}

/** What is said of a line, by its place; of another service nothing is taken. */
function saidOf(
  asked: ServiceLine,
  place: number,
  repeated: readonly ServiceLine[],
  { event, lines }: Extract<DecodedDetermination['outcome'], { kind: 'said' }>,
) {
  if (asked.number === 0) return event
  const isSame = repeated[place]?.procedure?.code === asked.procedure?.code
  return (isSame && lines[place]) || {}
}
