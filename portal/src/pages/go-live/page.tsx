import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, Refusal } from '../../api.ts'
import { ProblemNote } from '../../problem-note.tsx'
import { Ask } from './ask.tsx'
import { OpenRequest } from './open-request.tsx'

const OVER = new Set(['declined', 'withdrawn'])

/** The way into production: what is asked for, who holds it now, and the contract that both sign. */
export function GoLive() {
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, retry: false })
  const requests = useQuery({ queryKey: ['requests'], queryFn: api.requests, enabled: session.isSuccess })
  if (session.isError && session.error instanceof Refusal && session.error.problem.status === 401)
    return (
      <div className="opening">
        <h1>You are signed out</h1>
        <p className="lead">
          <Link to="/sign-in">Sign in</Link> to ask for production.
        </p>
      </div>
    )
  const all = requests.data?.requests
  const open = all?.find(({ state }) => !OVER.has(state))
  const last = all?.find(({ state }) => OVER.has(state))
  return (
    <>
      <div className="opening">
        <h1>Go live</h1>
        <p className="lead">
          {open
            ? open.next.what
            : 'Choose what you need in production. Nothing is owed before both sides have signed.'}
        </p>
      </div>
      <ProblemNote error={session.error ?? requests.error} />
      {requests.isPending && !session.isError && <div className="sheet skeleton" aria-hidden="true" />}
      {open && <OpenRequest key={open.id} request={open} />}
      {requests.isSuccess && !open && (
        <div className="stack">
          {last && (
            <p className="quiet">
              Your last request was {last.state}
              {last.reason === undefined ? '.' : `: ${last.reason}`}
            </p>
          )}
          <Ask />
        </div>
      )}
    </>
  )
}
