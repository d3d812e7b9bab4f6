import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api } from '../api.ts'
import { ProblemNote } from '../problem-note.tsx'

/** The way back in. */
export function SignIn() {
  const [form, setForm] = useState({ email: '', password: '' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const signIn = useMutation({
    mutationFn: api.signIn,
    onSuccess: async () => {
      // Of all, not of the session alone: what is remembered may be of somebody who was here before.
      await queries.resetQueries()
      await navigate({ to: '/credentials' })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate(form)
  }
  return (
    <>
      <div className="opening">
        <h1>Sign in</h1>
        <p className="lead">To your company’s sandbox and its credentials.</p>
      </div>
      <div className="columns">
        <form className="sheet form" onSubmit={submit}>
          <TextInput
            label="Work e-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={form.password}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
          />
          <ProblemNote error={signIn.error} />
          <div className="actions">
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
            <span className="quiet">
              New here? <Link to="/">Open a sandbox</Link>
            </span>
          </div>
        </form>
      </div>
    </>
  )
}
