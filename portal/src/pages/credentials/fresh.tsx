import { Button } from '@mantine/core'
import type { NewCredential, NewSecret } from '../../api.ts'
import { Command, Copy } from '../../copy.tsx'
import { envFile, firstCall } from '../../first-call.ts'
import { Seal } from '../../seal.tsx'
import { When } from '../../when.tsx'

interface FreshCredentialProps {
  readonly credential: NewCredential
  readonly caFile: string | undefined
}

/** The one time a secret is seen; for a client by keys, what it needs to know instead. */
export function FreshCredential({ credential, caFile }: FreshCredentialProps) {
  const { clientId, clientSecret, tokenUrl, baseUrl, scopes, environment } = credential
  return (
    <section className="sheet block settle" aria-labelledby="fresh-title">
      <div className="actions">
        <Seal pressed size={36} />
        <h2 id="fresh-title">Ready to call</h2>
      </div>
      {clientSecret === undefined ? (
        <p>
          It has no secret: it proves itself with an assertion signed by its key, whose audience is the token
          URL (RFC 7523).
        </p>
      ) : (
        <ShownOnce />
      )}
      <dl className="facts">
        <Fact name="Client id" value={clientId} />
        {clientSecret !== undefined && <Fact name="Client secret" value={clientSecret} />}
        <Fact name="Token URL" value={tokenUrl} />
        <Fact name="Base URL" value={baseUrl} />
      </dl>
      <div className="actions">
        <Button onClick={() => download(`countersign-${environment}.env`, envFile(credential))}>
          Download as .env
        </Button>
        <span className="quiet">May: {scopes.join(', ')}</span>
      </div>
      {clientSecret !== undefined && (
        <>
          <h2>Make your first call</h2>
          <p className="quiet">
            A token, then a request for an ambulance journey of a synthetic member. Paste both into a shell.
          </p>
          <Command text={firstCall({ ...credential, clientSecret }, caFile)} what="the first call" />
        </>
      )}
    </section>
  )
}

/** A second secret, the one time that it is seen. */
export function FreshSecret({ secret, label }: { readonly secret: NewSecret; readonly label: string }) {
  const { clientId, clientSecret, expiresAt, replaces } = secret
  return (
    <section className="sheet block settle" aria-labelledby="fresh-title">
      <div className="actions">
        <Seal pressed size={36} />
        <h2 id="fresh-title">A new secret for {label}</h2>
      </div>
      <ShownOnce />
      <dl className="facts">
        <Fact name="Client id" value={clientId} />
        <Fact name="Client secret" value={clientSecret} />
      </dl>
      <p className="quiet">
        {replaces ? (
          <>
            The older secret goes on working and ends <When moment={replaces.endsAt} />. Put the new one where
            calls are made, watch its last use below, then forget the old one.
          </>
        ) : (
          'There was no older secret to replace.'
        )}
        {expiresAt !== undefined && (
          <>
            {' '}
            The new one ends <When moment={expiresAt} />.
          </>
        )}
      </p>
    </section>
  )
}

function ShownOnce() {
  return (
    <p className="once">
      <strong>The secret is shown this once.</strong> We keep only a hash of it. Store it now; if it is lost,
      rotate it.
    </p>
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
