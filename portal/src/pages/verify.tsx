import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, type Verified } from '../api.ts'
import { ProblemNote, problemOf } from '../problem-note.tsx'
import { Steps } from '../steps.tsx'

/** The token of the link stands behind the `#`, which browsers send to nobody. */
function tokenOfLink(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get('token') ?? ''
}

/** The second page, reached by the link in the mail: proves the address, and goes on to the credentials. */
export function Verify() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const started = useRef(false)
  const verify = useMutation({
    mutationFn: api.verify,
    onSuccess: async (verified: Verified) => {
      queries.setQueryData(['new-credential'], verified.credentials ?? null)
      await queries.invalidateQueries({ queryKey: ['session'] })
      await navigate({ to: '/credentials', replace: true })
    },
  })
  useEffect(() => {
    if (started.current) return
    started.current = true
    verify.mutate(tokenOfLink())
  }, [verify])
  return (
    <>
      <Steps at={1} />
      {verify.isError ? (
        <NotVerified error={verify.error} />
      ) : (
        <div className="opening" aria-live="polite">
          <h1>Verifying your address</h1>
          <p className="lead">
            Your sandbox and its first credentials are being made. This takes a second or two.
          </p>
        </div>
      )}
    </>
  )
}

/** The link itself is no good, or something else went wrong on the way: the page tells the two apart. */
function NotVerified({ error }: { readonly error: unknown }) {
  const isLink = problemOf(error)?.code === 'people/link-invalid'
  return (
    <>
      <div className="opening settle" role="alert">
        <h1>{isLink ? 'This link does not work any more' : 'Your address is not verified yet'}</h1>
        <p className="lead">
          A link is good once, for 24 hours. If you verified already, sign in; if not, ask for a new one.
        </p>
      </div>
      <div className="sheet form">
        {!isLink && <ProblemNote error={error} />}
        <AskAgain />
      </div>
    </>
  )
}

function AskAgain() {
  const [email, setEmail] = useState('')
  const navigate = useNavigate()
  const resend = useMutation({ mutationFn: () => api.resend(email) })
  if (resend.isSuccess)
    return <p role="status">A new link is on its way to {email}, if that address has signed up.</p>
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        resend.mutate()
      }}
    >
      <TextInput
        label="Work e-mail"
        type="email"
        autoComplete="email"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <ProblemNote error={resend.error} />
      <div className="actions">
        <Button type="submit" loading={resend.isPending}>
          Send a new link
        </Button>
        <Button variant="default" onClick={() => navigate({ to: '/sign-in' })}>
          Sign in
        </Button>
      </div>
    </form>
  )
}
