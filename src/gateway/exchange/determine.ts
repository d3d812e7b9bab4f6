import type { AuditEntry } from '../../audit/index.ts'
import type { LineDetermination } from '../../core/determination/index.ts'
import type { PatientEvent } from '../../core/request.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock, Instant, PlainDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Rules } from '../../utilization/rules/index.ts'
import { findPayer, goesBy, type Payer } from '../payers/index.ts'

/** "Does this need prior authorization?" Nothing in it names or describes a patient but a date of birth. */
export interface Question {
  /** The payer's id as the sender knows it. */
  readonly payerId: string
  /** Its id in the numbering of all payers, where the sender has one: it must be the same payer's. */
  readonly globalPayerId?: string
  readonly plan?: string
  readonly event: PatientEvent
  /** The patient's, who may be a dependent. */
  readonly birthDate?: PlainDate
}

/** What the rules say. `payer` is absent when nobody goes by the ids, and then there are no lines. */
export interface Determined {
  readonly at: Instant
  readonly payer?: Payer
  /** One for each line asked about, in their order; one numbered 0 for an event without lines. */
  readonly lines: readonly LineDetermination[]
}

/** The most service lines of one question: as many as an inquiry may have. */
const MOST_LINES = 999

/**
 * Says of each service line whether it needs prior authorization, by the payer's rules. Nothing is kept: no case comes of
 * it, and the caller has its entry recorded once it has answered.
 *
 * @param find  looks a payer up; handed in by whoever answers many questions at once
 * @throws Problem `request/invalid` the two ids are of two payers, or there are more than 999 lines
 */
export async function determine(
  { rules, clock }: { readonly clock: Clock; readonly rules: Pick<Rules, 'determineLines'> },
  tx: Tx,
  question: Question,
  find: typeof findPayer = findPayer,
): Promise<Determined> {
  const at = clock.now()
  requireFewEnough(question)
  const payer = await payerMeant(tx, question, find)
  if (!payer) return { at, lines: [] }
  return { at, payer, lines: await rules.determineLines(tx, payer, question, at) }
}

/**
 * The payer that goes by either id. One that merely stands in for ids that nobody knows gives way to one that is known.
 *
 * @throws Problem `request/invalid` the ids are of two payers
 */
async function payerMeant(
  tx: Tx,
  { payerId, globalPayerId }: Question,
  find: typeof findPayer,
): Promise<Payer | undefined> {
  const named = await find(tx, payerId)
  if (globalPayerId === undefined || globalPayerId === payerId) return named
  const other = await find(tx, globalPayerId)
  const isNamed = named !== undefined && goesBy(named, payerId)
  const isOther = other !== undefined && goesBy(other, globalPayerId)
  if (isNamed && isOther && named.id !== other.id) throw otherPayer()
  return isOther ? other : named
}

function otherPayer(): Problem {
  return new Problem('request/invalid', 'The request names two payers; nothing was answered.', {
    faults: [
      {
        at: '/rhPayerId',
        message: 'is the id of another payer than the one that payerId names',
        remedy: 'Send the ids of one payer, or payerId alone.',
      },
    ],
  })
}

function requireFewEnough({ event }: Question): void {
  if (event.lines.length <= MOST_LINES) return
  throw new Problem('request/invalid', 'The request asks about too many services at once.', {
    faults: [
      {
        at: '',
        message: `expected at most ${MOST_LINES} service lines, found ${event.lines.length}`,
        remedy: 'Ask about the rest in another request.',
      },
    ],
  })
}

/** What the record says of a determination: how many lines got which answer. No code, and nothing of a person. */
export function noteOf({ payer, lines }: Determined): Pick<AuditEntry, 'on' | 'detail'> {
  const counts = new Map<string, number>()
  for (const { determination } of lines)
    counts.set(determination.answer, (counts.get(determination.answer) ?? 0) + 1)
  return { ...(payer && { on: payer.id }), detail: { lines: lines.length, ...Object.fromEntries(counts) } }
}
