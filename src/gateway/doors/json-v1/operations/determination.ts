import { type DeterminationAnswer, patientBirthDate } from '../../../../core/determination/index.ts'
import {
  type DeterminationRequest,
  decodeDetermination,
  encodeDeterminationRules,
  encodeDeterminationAnswer as encodeJson,
} from '../../../../formats/json/index.ts'
import { encodeDeterminationAnswer as encodeX12 } from '../../../../formats/x12/index.ts'
import { type Determined, determinationOf, noteOf, type Question } from '../../../exchange/index.ts'
import type { Onward } from '../../../idempotency/index.ts'
import { readDeterminationX12 } from '../x12-body.ts'
import { type Operation, type Told, type WriteBoth, withRules } from './model.ts'

/** What the rules say, and the answer that is made of it. */
interface DeterminationTold extends Told {
  readonly determined: Determined
  readonly answer: DeterminationAnswer
}

/**
 * "Does this need authorization?" It is asked of a payer's rules, about nobody: so it is asked in nobody's name, is answered
 * anew each time, and keeps no case. @see 005010X215
 */
export const DETERMINATION: Operation<DeterminationRequest, DeterminationTold> = {
  name: 'determination',
  act: 'authorization.determine',
  scope: 'pa:determine',
  readJson: decodeDetermination,
  readX12: readDeterminationX12,
  inNameOf: 'nobody',
  knownAgain: () => 'by-key',
  answer: async (exchange, tx, { asked }) => told(await exchange.determine(tx, questionOf(asked)), asked),
  answerApart: async (exchange, { asked }) =>
    told(await exchange.determineTogether(questionOf(asked)), asked),
  // A payer that could not be asked may answer the next time.
  mayComeToMore: ({ determined }) => determined.rejections !== undefined,
  envelope: ({ answer }, write) => `{${determinationMember(answer, write)}}`,
  note: ({ determined }) => noteOf(determined),
}

function told(determined: Determined, asked: DeterminationRequest): DeterminationTold {
  const { payer, elsewhere } = determined
  return {
    determined,
    answer: determinationOf(determined, asked, questionOf(asked)),
    ...(payer && { payer }),
    ...(elsewhere && { onward: onwardOf(determined, elsewhere, asked) }),
  }
}

function onwardOf(
  outage: Determined,
  { mostMs, ask }: NonNullable<Determined['elsewhere']>,
  asked: DeterminationRequest,
): Onward<DeterminationTold> {
  const { elsewhere: _, ...unanswered } = outage
  let said: Determined = unanswered
  return {
    mostMs,
    ask: async () => {
      said = await ask()
    },
    tell: async () => told(said, asked),
  }
}

/** `"determination":{"x12":…,"json":…,"rules":[…]}` */
export function determinationMember(answer: DeterminationAnswer, write: WriteBoth): string {
  const spelt = write(
    answer,
    (it, envelope) => encodeX12(it, envelope),
    (it) => encodeJson(it),
  )
  return `"determination":${withRules(spelt, encodeDeterminationRules(answer))}`
}

export function questionOf(asked: DeterminationRequest): Question {
  const birthDate = patientBirthDate(asked)
  return {
    payerId: asked.payer.id,
    ...(asked.globalPayerId !== undefined && { globalPayerId: asked.globalPayerId }),
    ...(asked.plan !== undefined && { plan: asked.plan }),
    event: asked.event,
    ...(birthDate !== undefined && { birthDate }),
  }
}
