import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type NewCredential, type NewSecret, Refusal } from '../../api.ts'
import { ProblemNote } from '../../problem-note.tsx'
import { Steps } from '../../steps.tsx'
import { Create } from './create.tsx'
import { FreshCredential, FreshSecret } from './fresh.tsx'
import { Held } from './held.tsx'

type Fresh =
  | { readonly kind: 'credential'; readonly credential: NewCredential }
  | { readonly kind: 'secret'; readonly secret: NewSecret; readonly label: string }

/** What the company holds in both environments, how each piece is guarded, and, once, the secret of what was just made. */
export function Credentials() {
  const queries = useQueryClient()
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, retry: false })
  const list = useQuery({ queryKey: ['credentials'], queryFn: api.credentials, enabled: session.isSuccess })
  const [fresh, setFresh] = useState<Fresh | undefined>(() => {
    const credential = queries.getQueryData<NewCredential | null>(['new-credential'])
    return credential ? { kind: 'credential', credential } : undefined
  })
  if (session.isError) return <SignedOut error={session.error} />
  const show = async (shown: Fresh) => {
    setFresh(shown)
    window.scrollTo({ top: 0 })
    await queries.invalidateQueries({ queryKey: ['credentials'] })
  }
  const held = list.data?.credentials
  return (
    <>
      {/* The way to a first call is over once a secret of theirs has been used. */}
      {held && !held.some(({ secrets }) => secrets.some(({ uses }) => uses > 0)) && <Steps at={2} />}
      <div className="opening">
        <h1>Credentials</h1>
        <p className="lead">
          {session.data?.organization
            ? `What ${session.data.organization.name} proves itself with. Each belongs to one environment, and to nobody else.`
            : 'Reading what your company holds.'}
        </p>
      </div>
      <div className="stack">
        {fresh?.kind === 'credential' && (
          <FreshCredential credential={fresh.credential} caFile={session.data?.sandbox.caFile} />
        )}
        {fresh?.kind === 'secret' && <FreshSecret secret={fresh.secret} label={fresh.label} />}
        <ProblemNote error={list.error} />
        <Held credentials={held} onRotated={(secret, label) => show({ kind: 'secret', secret, label })} />
        <Create onCreated={(credential) => show({ kind: 'credential', credential })} />
      </div>
    </>
  )
}

function SignedOut({ error }: { readonly error: unknown }) {
  const isSignedOut = error instanceof Refusal && error.problem.status === 401
  return (
    <div className="opening">
      <h1>{isSignedOut ? 'You are signed out' : 'This page could not be read'}</h1>
      {isSignedOut ? (
        <p className="lead">
          <Link to="/sign-in">Sign in</Link> to see your company’s credentials, or{' '}
          <Link to="/">open a sandbox</Link>.
        </p>
      ) : (
        <ProblemNote error={error} />
      )}
    </div>
  )
}
