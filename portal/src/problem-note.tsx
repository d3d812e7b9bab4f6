import { type ProblemDetails, Refusal } from './api.ts'

const UNEXPECTED: ProblemDetails = {
  code: 'system/unexpected',
  title: 'Something went wrong on this page',
  detail: 'Reload the page and try again.',
  status: 0,
}

export function problemOf(error: unknown): ProblemDetails | undefined {
  if (!error) return undefined
  return error instanceof Refusal ? error.problem : UNEXPECTED
}

/** What the server said about one field, for the place where it was typed. */
export function faultAt(error: unknown, pointer: string): string | undefined {
  const fault = problemOf(error)?.faults?.find(({ at }) => at === pointer)
  return fault && [fault.message, fault.remedy].filter(Boolean).join('. ')
}

/** What happened, why, what to do now, and the number to quote. */
export function ProblemNote({ error }: { readonly error: unknown }) {
  const problem = problemOf(error)
  if (!problem) return null
  return (
    <div className="problem settle" role="alert">
      <strong>{problem.title}</strong>
      <p>{problem.detail}</p>
      {problem.requestId && (
        <p className="quiet">
          Request <code>{problem.requestId}</code>{' '}
          <button
            type="button"
            className="linklike"
            onClick={() => navigator.clipboard.writeText(problem.requestId ?? '')}
          >
            Copy
          </button>
        </p>
      )}
    </div>
  )
}
