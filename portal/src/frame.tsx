import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { api } from './api.ts'
import { ProblemNote } from './problem-note.tsx'
import { Seal } from './seal.tsx'

/** What is on every page: the sandbox's band, the house's name, who is signed in. */
export function Frame() {
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, retry: false, staleTime: 60_000 })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' })
      // Not cleared: what is on the page would go on showing what it showed.
      await queries.resetQueries()
    },
  })
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <div className="band" aria-hidden="true" />
      <div className="frame">
        <header className="masthead">
          <Link to="/" className="name">
            <Seal /> Countersign
          </Link>
          <span className="place">SANDBOX</span>
          <nav className="who" aria-label="Account">
            {session.data ? (
              <>
                <Link to="/credentials">Credentials</Link>
                <Link to="/go-live">Go live</Link>
                <span>{session.data.organization?.name ?? session.data.person.email}</span>
                <button type="button" className="linklike" onClick={() => signOut.mutate()}>
                  Sign out
                </button>
              </>
            ) : (
              <Link to="/sign-in">Sign in</Link>
            )}
          </nav>
        </header>
        <main id="content" tabIndex={-1}>
          <ProblemNote error={signOut.error} />
          <Outlet />
        </main>
      </div>
    </>
  )
}
