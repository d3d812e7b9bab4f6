import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Contract, Signing } from './api.ts'
import { faultAt, ProblemNote } from './problem-note.tsx'

interface SignProps {
  readonly contract: Contract
  /** "Sign", or "Countersign". */
  readonly act: string
  readonly run: (signing: Signing) => void
  readonly isRunning: boolean
  readonly error: unknown
}

const STATEMENTS = ['intent', 'consent', 'authority'] as const

/** Signing a contract: a name, three statements that are each agreed to, and the password once more. */
export function Sign({ contract, act, run, isRunning, error }: SignProps) {
  const [form, setForm] = useState({ name: '', title: '', password: '' })
  const [agreed, setAgreed] = useState<ReadonlySet<string>>(new Set())
  const isAgreed = STATEMENTS.every((name) => agreed.has(name))
  const toggle = (name: string, isOn: boolean) => {
    const next = new Set(agreed)
    if (isOn) next.add(name)
    else next.delete(name)
    setAgreed(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run({ ...form, textHash: contract.textHash, intent: true, consent: true, authority: true })
  }
  const field = (name: keyof typeof form) => ({
    value: form[name],
    required: true,
    withAsterisk: false,
    error: faultAt(error, `/${name}`),
    onChange: (event: { currentTarget: { value: string } }) =>
      setForm({ ...form, [name]: event.currentTarget.value }),
  })
  return (
    <form className="sheet form" onSubmit={submit} aria-label={act}>
      <TextInput
        label="Your full name"
        description="This is your signature."
        maxLength={200}
        {...field('name')}
      />
      <TextInput label="Your title" maxLength={200} {...field('title')} />
      {STATEMENTS.map((name) => (
        <Checkbox
          key={name}
          label={contract.statements[name]}
          checked={agreed.has(name)}
          onChange={(event) => toggle(name, event.currentTarget.checked)}
        />
      ))}
      <PasswordInput
        label="Your password"
        description="Asked again, so that nobody else signs with your open browser."
        autoComplete="current-password"
        {...field('password')}
      />
      <ProblemNote error={error} />
      <div className="actions">
        <Button type="submit" className="irreversible" disabled={!isAgreed} loading={isRunning}>
          {act}
        </Button>
        <span className="quiet">A signature cannot be taken back.</span>
      </div>
    </form>
  )
}
