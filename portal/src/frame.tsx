import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { api } from './api.ts'
import { Seal } from './seal.tsx'

/** What is on every page: the sandbox's band, the house's name, who is signed in. */
export function Frame() {
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, retry: false, staleTime: 60_000 })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const signOut = async () => {
    await api.signOut()
    queries.clear()
    await navigate({ to: '/sign-in' })
  }
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
                <span>{session.data.organization?.name ?? session.data.person.email}</span>
                <button type="button" className="linklike" onClick={signOut}>
                  Sign out
                </button>
              </>
            ) : (
              <Link to="/sign-in">Sign in</Link>
            )}
          </nav>
        </header>
        <main id="content">
          <Outlet />
        </main>
      </div>
    </>
  )
}
