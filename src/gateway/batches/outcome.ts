import type { Problem } from '../../kernel/problem.ts'
import type { ItemAnswer, ItemPlace, KeptProblem } from './model.ts'
import type { KeptItemRow } from './store.ts'

/** What is sealed of how an item ended. */
export type Outcome = { readonly answer: ItemAnswer } | { readonly problem: KeptProblem }

export function keptProblem(problem: Problem, requestId: string): KeptProblem {
  const { code, title, status, detail, faults } = problem
  return { code, title, status, detail, faults, requestId }
}

export function itemPlace(
  row: Pick<KeptItemRow, 'line' | 'interchange' | 'functional_group' | 'transaction'>,
): ItemPlace {
  return row.line === null
    ? {
        interchange: row.interchange ?? 0,
        group: row.functional_group ?? 0,
        transaction: row.transaction ?? 0,
      }
    : { line: row.line }
}
