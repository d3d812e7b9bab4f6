import { ANSWER_215 } from './answer-215.ts'
import { ANSWER_216 } from './answer-216.ts'
import { ANSWER_217 } from './answer-217.ts'
import { REQUEST_215 } from './request-215.ts'
import { REQUEST_216 } from './request-216.ts'
import { REQUEST_217 } from './request-217.ts'
import type { Direction, Guide, TransactionRule } from './rules.ts'

const TABLES: Readonly<Record<Direction, Readonly<Record<Guide, TransactionRule>>>> = {
  request: { '217': REQUEST_217, '215': REQUEST_215, '216': REQUEST_216 },
  answer: { '217': ANSWER_217, '215': ANSWER_215, '216': ANSWER_216 },
}

/** The table of a guide, for one direction. */
export function tableOf(guide: Guide, direction: Direction): TransactionRule {
  return TABLES[direction][guide]
}
