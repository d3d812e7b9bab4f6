import { Problem } from '../../kernel/problem.ts'
import { apart, type Database } from '../../platform/database/index.ts'
import type { Rules } from '../../utilization/rules/index.ts'
import { findPayer } from '../payers/index.ts'
import type { ExchangeDeps } from './deps.ts'
import { determine } from './determine.ts'
import type { Determined, Question } from './question.ts'

interface Waiting {
  readonly question: Question
  readonly resolve: (determined: Determined) => void
  readonly reject: (reason: unknown) => void
}

/** The most questions of one transaction. */
const MOST_AT_ONCE = 200

/**
 * Answers questions in groups: whoever asks while others are being answered is answered with the next ones, in one
 * transaction that looks up each payer, and which of its imports is the newest, once. Every look is taken after the question
 * came, so that rules are in force the moment they are committed.
 *
 * Whoever's payer is asked elsewhere goes on alone, once its group is answered: nobody waits for another's payer.
 *
 * Payers and their rules belong to no company, so nothing is lost by asking for several of them together.
 *
 * @returns as `determine`, each for itself: what is wrong with one question is no other's
 */
export function determineTogether(
  deps: Pick<ExchangeDeps, 'clock' | 'connectors'> & { readonly database: Database; readonly rules: Rules },
): (question: Question) => Promise<Determined> {
  const { clock, connectors } = deps
  let waiting: Waiting[] = []
  let isAnswering = false

  const answer = async (questions: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await deps.database.transaction({ role: 'worker' }, async (tx) => {
        const rules = deps.rules.atOnce()
        const payers = new Map<string, ReturnType<typeof findPayer>>()
        const find: typeof findPayer = (inTx, wireId) => {
          const known = payers.get(wireId) ?? findPayer(inTx, wireId)
          payers.set(wireId, known)
          return known
        }
        const done: (() => void)[] = []
        for (const { question, resolve, reject } of questions)
          await determine({ clock, connectors, rules }, tx, question, find).then(
            (determined) => done.push(() => resolve(determined)),
            (error: unknown) => {
              // Anything else is the transaction's, and it takes all of them along.
              if (!(error instanceof Problem)) throw error
              done.push(() => reject(error))
            },
          )
        return done
      })
      for (const tell of answers) tell()
    } catch (error) {
      const isOfOne = questions.length > 1 && !(error instanceof Problem)
      // One question is what the database cannot take: it must not be the answer to everybody's.
      if (isOfOne) for (const one of questions) await answer([one])
      else for (const { reject } of questions) reject(error)
    }
  }

  const answerAll = async () => {
    isAnswering = true
    while (waiting.length > 0) {
      const questions = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      await answer(questions)
    }
    isAnswering = false
  }

  const together = (question: Question) =>
    new Promise<Determined>((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      // A group belongs to nobody, whatever transaction the one who began it may have open.
      if (!isAnswering) void apart(answerAll)
    })
  return async (question) => {
    const determined = await together(question)
    return determined.elsewhere ? determined.elsewhere.ask() : determined
  }
}
