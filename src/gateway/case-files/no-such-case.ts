import { Problem } from '../../kernel/problem.ts'

/** Another company's case and one that never was are told apart by nothing. */
export function noSuchCase(): Problem {
  return new Problem(
    'state/not-found',
    'No authorization of yours has this id. Take it from the answer to a submission, an inquiry or a search.',
  )
}
