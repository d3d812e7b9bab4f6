import { type LineDetermination, reviewersOf } from '../../core/determination/index.ts'
import type { Inquiry, PayerReference, ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { AuthorizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Onward } from '../idempotency/index.ts'
import { goesBy, type Payer } from '../payers/index.ts'
import { inquireAt } from './ask-payer.ts'
import type { ExchangeDeps } from './deps.ts'
import { determine } from './determine.ts'
import type { Answered, Asking, Submission } from './model.ts'
import type { Determined, Question } from './question.ts'
import { isGivenUp } from './submit.ts'

/** "Does this need authorization, and is there one?" */
export interface Orchestration extends Asking {
  readonly question: Question
  /** The same, as an inquiry. */
  readonly inquiry: Inquiry
  /** Whether what needs authorization and has none is to be submitted. */
  readonly submits: boolean
  /** As with a submission: a case of its own, though the same care was asked for already. */
  readonly insists: boolean
  /** What this very request had submitted before, where that was not the last word. */
  readonly known?: AuthorizationId
}

/** What an orchestration came to. Nothing is inquired after and nothing is submitted where no payer was found. */
export interface Orchestrated {
  readonly determined: Determined
  /** One for each part that the lines which need authorization were split into; at most 100. */
  readonly inquiries: readonly Answered[]
  /** Absent when it was not asked for, or nothing was left to submit. */
  readonly submission?: Answered
  /** The payer has to be asked first; until then the rest is what there is to say. */
  readonly onward?: Onward<Orchestrated>
}

/** What was learned in earlier transactions of the same orchestration; nothing of it is asked again. */
interface Learned {
  readonly determined?: Determined
  /** In the order asked. */
  readonly inquiries: readonly Answered[]
  /** The inquiry after those, which its payer was asked meanwhile. */
  readonly pending?: Onward<Answered>
}

/** Takes a request: `ExchangeRoom.submit`. */
type Submit = (tx: Tx, submission: Submission, spell: Spell) => Promise<Answered>
type Spell = (answered: Answered) => Uint8Array

/** As many as the published answer has room for. */
const MOST_INQUIRIES = 100

/**
 * Determines each service line, asks what became of those that need authorization, and submits what has none, if that is
 * asked for: all in the caller's transaction, or nothing of it. Where the payer is asked elsewhere, each question to it ends a
 * transaction, and the next begins from the top with what was learned: nothing is kept before the submission is.
 *
 * Only a line that a rule demands authorization for is inquired after and submitted. A line whose answer hangs on a fact,
 * or that no rule speaks of, is left to the sender: nothing is asked of a payer that may not need asking.
 *
 * @param spell the answer to the submission as it will be sent, byte for byte; kept with the case
 * @throws Problem `request/invalid` as `determine`; or nothing says who the member is and there is something to submit
 */
export async function orchestrate(
  deps: ExchangeDeps,
  tx: Tx,
  orchestration: Orchestration,
  submit: Submit,
  spell: Spell,
  learned: Learned = { inquiries: [] },
): Promise<Orchestrated> {
  const { question, inquiry, submits, insists, known, ...asking } = orchestration
  const goOn = (inTx: Tx, now: Learned) => orchestrate(deps, inTx, orchestration, submit, spell, now)
  const determined = learned.determined ?? (await determine(deps, tx, question))
  if (determined.elsewhere) return determinedElsewhere(determined, determined.elsewhere, goOn)
  const { payer } = determined
  if (!payer) return { determined, inquiries: [] }
  const request = { ...requestOf(inquiry), payer: payerAsNamed(payer, question, inquiry) }
  const submitted = async (inquiries: readonly Answered[], submission: Submission) =>
    withSubmission(determined, inquiries, await submit(tx, submission, spell))
  const before = known && (await deps.record.find(tx, known))
  if (before && !isGivenUp(before)) return submitted([], { ...asking, request, insists, known: before.id })
  const parts = splitRequired(request.event.lines, determined.lines, payer)
  const inquiries: Answered[] = []
  const missing: ServiceLine[] = []
  const asked: Answered[] = []
  const ask = async (lines: readonly ServiceLine[], stands: boolean) => {
    const was = learned.inquiries[asked.length]
    if (was) return was
    if (learned.pending && asked.length === learned.inquiries.length) return learned.pending.tell(tx)
    return inquireAt(deps, tx, {
      ...asking,
      inquiry: { ...withLines(request, lines), filter: inquiry.filter },
      ...(stands ? { stands } : {}),
    })
  }
  const waitFor = (meanwhile: Answered, onward: Onward<Answered>): Orchestrated => ({
    determined,
    inquiries: [...inquiries, meanwhile],
    onward: { ...onward, tell: (inTx) => goOn(inTx, { determined, inquiries: asked, pending: onward }) },
  })
  for (const lines of parts) {
    const answered = await ask(lines, false)
    if (answered.onward) return waitFor(answered, answered.onward)
    asked.push(answered)
    inquiries.push(answered)
    let left = isUnsaid(answered) ? [] : lines.filter((line) => !covers(answered, line))
    // The newest case is one of several: an older one may stand for what it leaves out, or has given up.
    while (left.length > 0 && answered.authorizationId !== undefined) {
      const older = await ask(left, true)
      if (older.onward) return waitFor(older, older.onward)
      asked.push(older)
      const rest = isUnsaid(older) ? [] : left.filter((line) => !covers(older, line))
      if (rest.length === left.length) break
      if (inquiries.length < MOST_INQUIRIES) inquiries.push(older)
      left = rest
    }
    missing.push(...left)
  }
  const needsEvent = determined.lines.some(
    ({ line, determination }) => line === 0 && isRequired(determination),
  )
  const isMissing =
    missing.length > 0 || (needsEvent && !inquiries.some((one) => stands(one) || isUnsaid(one)))
  if (!submits || !isMissing) return { determined, inquiries }
  requireMember(request)
  return submitted(inquiries, { ...asking, request: withLines(request, missing), insists })
}

type GoOn = (tx: Tx, learned: Learned) => Promise<Orchestrated>

function determinedElsewhere(
  outage: Determined,
  { mostMs, ask }: NonNullable<Determined['elsewhere']>,
  goOn: GoOn,
): Orchestrated {
  const { elsewhere: _, ...unanswered } = outage
  let determined: Determined = unanswered
  return {
    determined: unanswered,
    inquiries: [],
    onward: {
      mostMs,
      ask: async () => {
        determined = await ask()
      },
      tell: (inTx) => goOn(inTx, { determined, inquiries: [] }),
    },
  }
}

/** A submission that its payer decides is kept, and told of again, as one that came by itself. */
function withSubmission(
  determined: Determined,
  inquiries: readonly Answered[],
  submission: Answered,
): Orchestrated {
  const { onward } = submission
  return {
    determined,
    inquiries,
    submission,
    ...(onward && {
      onward: {
        ...onward,
        tell: async (tx) => withSubmission(determined, inquiries, await onward.tell(tx)),
      },
    }),
  }
}

/**
 * The lines that need authorization, in the parts that are inquired after one by one: a line each, or a part for each who
 * reviews, as the payer wants it. Beyond a hundred parts, neighbours share one. An event without lines is one part, without
 * lines.
 */
function splitRequired(
  lines: readonly ServiceLine[],
  determined: readonly LineDetermination[],
  { inquirySplit }: Payer,
): readonly (readonly ServiceLine[])[] {
  const required = determined.filter(({ determination }) => isRequired(determination))
  if (required.some(({ line }) => line === 0)) return [[]]
  const asked = required.flatMap(({ line, determination }) => {
    const whole = lines.find(({ number }) => number === line)
    return whole ? [{ line: whole, reviewer: reviewersOf(determination).join('\n') }] : []
  })
  const keyOf = ({ line, reviewer }: (typeof asked)[number]) =>
    inquirySplit === 'line' ? line.number : reviewer
  const parts = [...Map.groupBy(asked, keyOf).values()].map((part) => part.map(({ line }) => line))
  const together = Math.ceil(parts.length / MOST_INQUIRIES)
  return Array.from({ length: Math.ceil(parts.length / Math.max(1, together)) }, (_, i) =>
    parts.slice(i * together, (i + 1) * together).flat(),
  )
}

function isRequired({ answer }: LineDetermination['determination']): boolean {
  return answer === 'required'
}

/** Whether a case was found that was considered, and not taken back: what was refused so may be asked again. */
function stands({ answer: { outcome } }: Answered): boolean {
  return outcome.kind === 'decided' && outcome.action !== 'cancelled'
}

/** X12 901 42 and 80: the payer cannot say, or could not be asked. What may have a case is not submitted. */
function isUnsaid({ answer: { outcome } }: Answered): boolean {
  return outcome.kind === 'rejected' && outcome.rejections.some(({ reason }) => UNSAID.has(reason))
}

const UNSAID: ReadonlySet<string> = new Set(['42', '80'])

/** Whether the case that was found is one for this service: it has a line of the same code. */
function covers(found: Answered, { procedure }: ServiceLine): boolean {
  if (!stands(found)) return false
  if (procedure === undefined) return true
  return found.answer.request.event.lines.some((line) => line.procedure?.code === procedure.code)
}

/** The request with these of its lines, numbered anew. */
function withLines(request: ReviewRequest, lines: readonly ServiceLine[]): ReviewRequest {
  return {
    ...request,
    event: { ...request.event, lines: lines.map((line, i) => ({ ...line, number: i + 1 })) },
  }
}

/** Without what only an inquiry has. */
function requestOf({
  correspondence,
  payer,
  requester,
  subscriber,
  dependent,
  event,
}: Inquiry): ReviewRequest {
  return { correspondence, payer, requester, subscriber, ...(dependent && { dependent }), event }
}

/** By the sender's own id where the payer is found by it, else by the one that found it. */
function payerAsNamed(payer: Payer, { globalPayerId }: Question, { payer: named }: Inquiry): PayerReference {
  if (globalPayerId === undefined || goesBy(payer, named.id) || !goesBy(payer, globalPayerId)) return named
  return { ...named, id: globalPayerId }
}

/** An inquiry may name a case in place of the member; a case of its own cannot do without. */
function requireMember({ subscriber: { memberId, name } }: ReviewRequest): void {
  if (memberId !== undefined || name !== undefined) return
  throw new Problem('request/invalid', 'What needs authorization cannot be submitted; nothing was stored.', {
    faults: [
      {
        at: '/subscriber',
        message: 'does not say who the member is',
        remedy: 'Give memberId or lastName (X12 2010C), or leave ?submit=true out.',
      },
    ],
  })
}
