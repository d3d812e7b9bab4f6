import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api } from '../api.ts'
import { faultAt, ProblemNote } from '../problem-note.tsx'
import { Steps } from '../steps.tsx'

/** The first page: an account, a company, and the terms of the sandbox. */
export function SignUp() {
  const [form, setForm] = useState({ email: '', password: '', company: '', acceptTerms: false })
  const signUp = useMutation({ mutationFn: api.signUp })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signUp.mutate(form)
  }
  if (signUp.data) return <CheckMail email={signUp.data.email} />
  return (
    <>
      <Steps at={0} />
      <div className="opening">
        <h1>Ask a health plan, and get an answer you can test</h1>
        <p className="lead">
          Open a sandbox. You hold API credentials in a minute, without a contract and without cost, and every
          request meets the real engine with synthetic members.
        </p>
      </div>
      <div className="columns">
        <form className="sheet form" onSubmit={submit} aria-labelledby="sign-up-title">
          <h2 id="sign-up-title">Sign up</h2>
          <TextInput
            label="Work e-mail"
            type="email"
            autoComplete="email"
            required
            withAsterisk={false}
            value={form.email}
            error={faultAt(signUp.error, '/email')}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            description="At least 12 characters. A few unrelated words are good."
            autoComplete="new-password"
            minLength={12}
            maxLength={128}
            required
            withAsterisk={false}
            value={form.password}
            error={faultAt(signUp.error, '/password')}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
          />
          <TextInput
            label="Company"
            description="The legal name; you can add the rest later."
            autoComplete="organization"
            required
            withAsterisk={false}
            maxLength={120}
            value={form.company}
            error={faultAt(signUp.error, '/company')}
            onChange={(event) => setForm({ ...form, company: event.currentTarget.value })}
          />
          <Checkbox
            label="I accept the sandbox terms and will send no real patient data."
            required
            checked={form.acceptTerms}
            error={faultAt(signUp.error, '/acceptTerms')}
            onChange={(event) => setForm({ ...form, acceptTerms: event.currentTarget.checked })}
          />
          <SandboxTerms />
          <ProblemNote error={signUp.error} />
          <div className="actions">
            <Button type="submit" loading={signUp.isPending}>
              Create sandbox account
            </Button>
            <span className="quiet">
              Have one already? <Link to="/sign-in">Sign in</Link>
            </span>
          </div>
        </form>
        <aside className="aside" aria-label="What you get">
          <dl>
            <div>
              <dt>The real engine</dt>
              <dd>
                The same code, validators and rules as production. Only payers, members and the clock are
                invented.
              </dd>
            </div>
            <div>
              <dt>Three spellings, one answer</dt>
              <dd>Send JSON or an X12 278; the decision is the same, and reads back as either.</dd>
            </div>
            <div>
              <dt>Nothing adverse by machine</dt>
              <dd>A rule may approve as asked or pend. Everything else is decided by a licensed person.</dd>
            </div>
          </dl>
        </aside>
      </div>
    </>
  )
}

function SandboxTerms() {
  return (
    <details className="terms">
      <summary>Read the sandbox terms</summary>
      <ul>
        <li>
          Send synthetic data only: the published members, or people you invented. Never a real patient.
        </li>
        <li>Credentials are for your company. Guard them as you would production ones.</li>
        <li>Decisions here have no effect outside the sandbox and are not a guarantee of payment.</li>
        <li>The sandbox is for building and testing, not for load tests.</li>
      </ul>
    </details>
  )
}

/** After the form: a mail is on its way. The same words whether or not the address was known. */
function CheckMail({ email }: { readonly email: string }) {
  const resend = useMutation({ mutationFn: () => api.resend(email) })
  const outbox = useQuery({ queryKey: ['outbox'], queryFn: api.outbox, retry: false })
  return (
    <>
      <Steps at={1} />
      <div className="opening settle">
        <h1>Check your mail</h1>
        <p className="lead">
          We sent a link to <strong>{email}</strong>. Open it within 24 hours and your sandbox credentials are
          ready.
        </p>
      </div>
      <div className="sheet form">
        {outbox.data && (
          <p>
            This server runs without a mail service: what it sends is kept in the{' '}
            <Link to="/outbox">development outbox</Link>.
          </p>
        )}
        <div className="actions">
          <Button variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
            Send the link again
          </Button>
          <span className="quiet" aria-live="polite">
            {resend.isSuccess
              ? 'Sent. The newest link is the one that counts.'
              : 'Nothing there? Look in the spam folder first.'}
          </span>
        </div>
        <ProblemNote error={resend.error} />
      </div>
    </>
  )
}
