import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, type CredentialSummary, type NewCredential, Refusal } from '../api.ts'
import { Command, Copy } from '../copy.tsx'
import { envFile, firstCall } from '../first-call.ts'
import { faultAt, ProblemNote } from '../problem-note.tsx'
import { Seal } from '../seal.tsx'
import { Steps } from '../steps.tsx'

/** The third page: what the company holds, and, once, the secret of what was just made. */
export function Credentials() {
  const queries = useQueryClient()
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, retry: false })
  const list = useQuery({ queryKey: ['credentials'], queryFn: api.credentials, enabled: session.isSuccess })
  const [fresh, setFresh] = useState(
    () => queries.getQueryData<NewCredential | null>(['new-credential']) ?? null,
  )
  if (session.isError) return <SignedOut error={session.error} />
  return (
    <>
      <Steps at={2} />
      <div className="opening">
        <h1>Sandbox credentials</h1>
        <p className="lead">
          {session.data?.organization
            ? `${session.data.organization.name} may call every product of the sandbox, at once and without cost.`
            : 'Reading what your company holds.'}
        </p>
      </div>
      <div className="stack">
        {fresh && <Fresh credential={fresh} caFile={session.data?.sandbox.caFile} />}
        <Held credentials={list.data?.credentials} error={list.error} />
        <CreateAnother
          onCreated={async (credential) => {
            setFresh(credential)
            window.scrollTo({ top: 0 })
            await queries.invalidateQueries({ queryKey: ['credentials'] })
          }}
        />
      </div>
    </>
  )
}

/** The one time a secret is seen. */
function Fresh({
  credential,
  caFile,
}: {
  readonly credential: NewCredential
  readonly caFile: string | undefined
}) {
  return (
    <section className="sheet block settle" aria-labelledby="fresh-title">
      <div className="actions">
        <Seal pressed size={36} />
        <h2 id="fresh-title">Ready to call</h2>
      </div>
      <p className="once">
        <strong>The secret is shown this once.</strong> We keep only a hash of it. Store it now; if it is
        lost, create another credential.
      </p>
      <dl className="facts">
        <Fact name="Client id" value={credential.clientId} />
        <Fact name="Client secret" value={credential.clientSecret} />
        <Fact name="Token URL" value={credential.tokenUrl} />
        <Fact name="Base URL" value={credential.baseUrl} />
      </dl>
      <div className="actions">
        <Button onClick={() => download('countersign-sandbox.env', envFile(credential))}>
          Download as .env
        </Button>
        <span className="quiet">May: {credential.scopes.join(', ')}</span>
      </div>
      <h2>Make your first call</h2>
      <p className="quiet">
        A token, then a request for an ambulance journey of a synthetic member. Paste both into a shell.
      </p>
      <Command text={firstCall(credential, caFile)} what="the first call" />
    </section>
  )
}

/** By a URL that says nothing of the text: browsers keep the URL of a download in their history. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  // Not at once: the download reads it after this has ended.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
      </dd>
      <dd>
        <Copy value={value} what={name.toLowerCase()} />
      </dd>
    </div>
  )
}

interface HeldProps {
  readonly credentials: readonly CredentialSummary[] | undefined
  readonly error: unknown
}

function Held({ credentials, error }: HeldProps) {
  return (
    <section className="block" aria-labelledby="held-title">
      <h2 id="held-title">Held by your company</h2>
      <ProblemNote error={error} />
      {credentials?.length === 0 && <p className="quiet">None yet. Create one below.</p>}
      {credentials && credentials.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="table" tabIndex={0} aria-label="Credentials held by your company">
          <table>
            <thead>
              <tr>
                <th scope="col">Label</th>
                <th scope="col">Client id</th>
                <th scope="col">Environment</th>
                <th scope="col">Created</th>
              </tr>
            </thead>
            <tbody>
              {credentials.map((credential) => (
                <tr key={credential.clientId}>
                  <td>{credential.label}</td>
                  <td>
                    <code>{credential.clientId}</code>
                  </td>
                  <td>{credential.environment}</td>
                  <td>
                    <time dateTime={credential.createdAt} title={credential.createdAt}>
                      {new Date(credential.createdAt).toLocaleString()}
                    </time>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

function CreateAnother({ onCreated }: { readonly onCreated: (credential: NewCredential) => void }) {
  const [label, setLabel] = useState('')
  const create = useMutation({
    mutationFn: api.createCredential,
    onSuccess: (credential) => {
      setLabel('')
      onCreated(credential)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(label)
  }
  return (
    <form className="block" onSubmit={submit} aria-labelledby="another-title">
      <h2 id="another-title">Create another</h2>
      <TextInput
        label="Label"
        description="What will use it, such as “build server”."
        required
        withAsterisk={false}
        maxLength={80}
        maw={420}
        value={label}
        error={faultAt(create.error, '/label')}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <ProblemNote error={create.error} />
      <div className="actions">
        <Button type="submit" variant="default" loading={create.isPending}>
          Create sandbox credential
        </Button>
      </div>
    </form>
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
