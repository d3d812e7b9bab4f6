import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { api, type CredentialSummary, type NewSecret } from '../../api.ts'
import { Confirm } from '../../confirm.tsx'
import { When } from '../../when.tsx'
import { Addresses } from './addresses.tsx'
import { KeySet } from './key-set.tsx'
import { Rotate } from './rotate.tsx'
import { Secrets } from './secrets.tsx'

interface CardProps {
  readonly credential: CredentialSummary
  readonly onRotated: (secret: NewSecret) => void
}

/** One credential: what it may do, what it proves itself with, and what can be done to guard it. */
export function CredentialCard({ credential, onRotated }: CardProps) {
  const { clientId, label, createdAt, scopes, secrets, keys, rotationDue, disabledAt } = credential
  const title = useId()
  const isLive = disabledAt === undefined && (secrets.some((secret) => secret.isLive) || keys !== undefined)
  return (
    <article className="sheet card" aria-labelledby={title}>
      <header className="block tight">
        <h4 id={title}>{label}</h4>
        <p className="quiet">
          <code>{clientId}</code> · made <When moment={createdAt} />
        </p>
        <p className="quiet">May: {scopes.join(', ')}</p>
      </header>
      {rotationDue !== undefined && isLive && (
        <p className="once">
          <strong>Rotate this secret.</strong> Somebody who has left your company has seen it.
        </p>
      )}
      {isLive && secrets.length > 0 && <Secrets clientId={clientId} secrets={secrets} />}
      {isLive && keys && <KeySet clientId={clientId} keys={keys} />}
      {!isLive && (
        <p className="quiet">
          <span className="state ended">Ended</span>
          {disabledAt !== undefined && (
            <>
              {' '}
              <When moment={disabledAt} />
            </>
          )}
          : nothing gets in with it any more.
        </p>
      )}
      {isLive && (
        <footer className="block tight">
          {!keys && <Rotate clientId={clientId} onRotated={onRotated} />}
          <Addresses clientId={clientId} allowed={credential.allowedAddresses} />
          <Ending clientId={clientId} />
        </footer>
      )}
    </article>
  )
}

function Ending({ clientId }: { readonly clientId: string }) {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['credentials'] })
  const endTokens = useMutation({ mutationFn: () => api.endTokens(clientId), onSuccess })
  const disable = useMutation({ mutationFn: () => api.disable(clientId), onSuccess })
  return (
    <details>
      <summary>End tokens, or the whole credential</summary>
      <div className="block tight inset">
        <Confirm
          act="End its tokens"
          consequence="Calls with a token that it has now fail within a second. It can get new ones at once, with the same secret."
          run={() => endTokens.mutate()}
          isRunning={endTokens.isPending}
          error={endTokens.error}
        />
        {endTokens.isSuccess && (
          <p className="quiet" role="status">
            Its tokens have ended.
          </p>
        )}
        <Confirm
          act="Disable for good"
          consequence="Its secrets, keys and tokens stop working within a second, and cannot be brought back."
          run={() => disable.mutate()}
          isRunning={disable.isPending}
          error={disable.error}
        />
      </div>
    </details>
  )
}
