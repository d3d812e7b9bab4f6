import type { AuditEntry } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Rules } from '../../utilization/rules/index.ts'
import type { Connectors } from '../connectors/index.ts'
import { findPayer, goesBy, isAskedElsewhere, type Payer } from '../payers/index.ts'
import { determineAtPayer } from './determine-at-payer.ts'
import type { Determined, Question } from './question.ts'

export interface DetermineDeps {
  readonly clock: Clock
  readonly rules: Pick<Rules, 'determineLines'>
  readonly connectors: Connectors
}

/** The most service lines of one question: as many as an inquiry may have. */
const MOST_LINES = 999

/**
 * Says of each service line whether it needs prior authorization, by the payer's rules or by its own system. Nothing is kept: no case comes of
 * it, and the caller has its entry recorded once it has answered.
 *
 * @param find  looks a payer up; handed in by whoever answers many questions at once
 * @throws Problem `request/invalid` the two ids are of two payers, or there are more than 999 lines
 */
export async function determine(
  deps: DetermineDeps,
  tx: Tx,
  question: Question,
  find: typeof findPayer = findPayer,
): Promise<Determined> {
  const { rules, clock } = deps
  const at = clock.now()
  requireFewEnough(question)
  const payer = await payerMeant(tx, question, find)
  if (!payer) return { at, lines: [] }
  if (isAskedElsewhere(payer, 'determination')) return determineAtPayer(deps, tx, payer, question, at)
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
