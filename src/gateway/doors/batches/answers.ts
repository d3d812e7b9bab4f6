import {
  acknowledgeGroup,
  acknowledgeInterchange,
  openAnswersFile,
  type ReceivedTransaction,
} from '../../../formats/x12/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Batches, EndedItem } from '../../batches/index.ts'
import type { DoorDeps } from '../model.ts'
import type { InterchangeFacts, TransactionFacts } from './interchange-facts.ts'
import { itemLine } from './wire.ts'

type Answers = Awaited<ReturnType<Batches['answers']>>

/** A batch's answers as a file. */
export interface AnswerFile {
  readonly type: string
  readonly ending: string
  readonly text: AsyncGenerator<string>
}

/**
 * The answers in the spelling that the batch came in. Lines tell what has ended so far; a file of interchanges is written
 * when all has, as each interchange of it is answered by one.
 *
 * @throws Problem `state/not-allowed` interchanges while the batch is not finished
 */
export function answersOf(deps: DoorDeps, answers: Answers, problemBaseUrl: string): AnswerFile {
  const { format, state } = answers.batch
  if (format === 'ndjson')
    return { type: 'application/x-ndjson', ending: 'ndjson', text: lines(answers, problemBaseUrl) }
  if (state === 'open')
    throw new Problem(
      'state/not-allowed',
      'The batch is not finished, and an interchange is answered whole. Ask again when it is; its items tell what has ended so far.',
    )
  return { type: 'application/edi-x12', ending: 'edi', text: interchanges(deps, answers) }
}

async function* lines(answers: Answers, problemBaseUrl: string): AsyncGenerator<string> {
  for await (const ended of answers.items())
    if (ended.status !== 'waiting') yield itemLine(ended, problemBaseUrl)
}

const CONTROL_NUMBERS = 999_999_999

/** One interchange of answers for each that came, with a TA1 and 999s where something was wrong. */
async function* interchanges({ clock, random }: DoorDeps, answers: Answers): AsyncGenerator<string> {
  const first = Buffer.from(random(4)).readUInt32BE()
  for (const { interchange, facts } of await answers.interchanges()) {
    const number = String(((first + interchange) % CONTROL_NUMBERS) + 1).padStart(9, '0')
    yield* oneInterchange(answers, interchange, facts as InterchangeFacts, clock.now(), number)
  }
}

async function* oneInterchange(
  answers: Answers,
  interchange: number,
  { header, groups, faults }: InterchangeFacts,
  at: ReturnType<DoorDeps['clock']['now']>,
  controlNumber: string,
): AsyncGenerator<string> {
  const file = openAnswersFile(header, at, controlNumber)
  const told = acknowledgeInterchange({ header, faults }, false)
  yield file.begin(told)
  // Of those that were refused, by group; those that were answered are only counted.
  const received = new Map<number, ReceivedTransaction[]>()
  let group = 0
  for await (const ended of answers.items({ interchange })) {
    if (!('group' in ended.place)) continue
    if (ended.place.group !== group) yield file.endGroup()
    group = ended.place.group
    const refused = received.get(group) ?? []
    refused.push(...refusedOf(ended))
    received.set(group, refused)
    if (ended.answer) yield file.answer(ended.answer.body)
  }
  // An interchange that is refused has its TA1 alone.
  if (told?.status !== 'rejected')
    yield file.acknowledge(
      groups.flatMap((each, i) => {
        const transactions = received.get(i + 1) ?? []
        if (each.header.kind === 'FA' || (transactions.length === 0 && each.faults.length === 0)) return []
        const whole = acknowledgeGroup({ ...each, transactions, notes: [] })
        if (each.faults.length > 0) return [whole]
        // Those that were answered are not listed, and count.
        const accepted = each.received - transactions.length
        return [
          {
            ...whole,
            accepted,
            status: accepted === 0 ? ('rejected' as const) : ('partially-accepted' as const),
          },
        ]
      }),
    )
  yield file.end()
}

function refusedOf({ status, facts }: EndedItem): readonly ReceivedTransaction[] {
  if (status !== 'refused' || !facts) return []
  const { faults = [], ...transaction } = facts as TransactionFacts
  return [{ ...transaction, result: { ok: false, faults } }]
}
