import type { Batches } from '../../batches/index.ts'
import type { DoorDeps } from '../model.ts'
import { itemLine } from './wire.ts'

type Answers = Awaited<ReturnType<Batches['answers']>>

/** A batch's answers as a file. */
export interface AnswersFile {
  readonly type: string
  readonly ending: string
  readonly text: AsyncGenerator<string>
}

/** The answers in the spelling that the batch came in, as they are so far: of what still waits, nothing. */
export function answersOf(_deps: DoorDeps, answers: Answers, problemBaseUrl: string): AnswersFile {
  return { type: 'application/x-ndjson', ending: 'ndjson', text: lines(answers, problemBaseUrl) }
}

async function* lines(answers: Answers, problemBaseUrl: string): AsyncGenerator<string> {
  for await (const ended of answers.items())
    if (ended.status !== 'waiting') yield itemLine(ended, problemBaseUrl)
}
