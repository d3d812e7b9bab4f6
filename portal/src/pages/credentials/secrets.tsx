import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type SecretSummary } from '../../api.ts'
import { Confirm } from '../../confirm.tsx'
import { When } from '../../when.tsx'

interface SecretsProps {
  readonly clientId: string
  readonly secrets: readonly SecretSummary[]
}

/** The secrets of one credential: which are live, until when, and where each was last used. */
export function Secrets({ clientId, secrets }: SecretsProps) {
  return (
    <ul className="secrets">
      {secrets.map((secret) => (
        <li key={secret.id} className="block tight">
          <div className="secret">
            <span>
              <span className={`state ${secret.isLive ? (secret.expiresSoon ? 'soon' : 'live') : 'ended'}`}>
                {stateOf(secret)}
              </span>{' '}
              <code>{secret.hint}</code>
            </span>
            <span className="quiet">
              {secret.expiresAt !== undefined && secret.isLive && (
                <>
                  ends <When moment={secret.expiresAt} /> ·{' '}
                </>
              )}
              <Use secret={secret} />
            </span>
          </div>
          {secret.isLive && <Revoke clientId={clientId} secretId={secret.id} />}
        </li>
      ))}
    </ul>
  )
}

const ENDED = { request: 'Revoked', replaced: 'Replaced', leak: 'Revoked: leaked' } as const

function stateOf({ isLive, expiresSoon, revokedFor }: SecretSummary): string {
  if (isLive) return expiresSoon ? 'Ends soon' : 'Live'
  return revokedFor === undefined ? 'Expired' : ENDED[revokedFor]
}

function Use({ secret: { lastUsedAt, lastUsedFrom, uses } }: { readonly secret: SecretSummary }) {
  if (lastUsedAt === undefined) return <>never used</>
  return (
    <>
      last used <When moment={lastUsedAt} />
      {lastUsedFrom !== undefined && (
        <>
          {' '}
          from <code>{lastUsedFrom}</code>
        </>
      )}{' '}
      · {uses.toLocaleString('en')} {uses === 1 ? 'token' : 'tokens'}
    </>
  )
}

function Revoke({ clientId, secretId }: { readonly clientId: string; readonly secretId: string }) {
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => api.revokeSecret(clientId, secretId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['credentials'] }),
  })
  return (
    <div>
      <Confirm
        act="Revoke this secret"
        consequence="Token requests with this secret fail within a second. Tokens that were got with it live on until they end: end them below if it has leaked."
        run={() => revoke.mutate()}
        isRunning={revoke.isPending}
        error={revoke.error}
      />
    </div>
  )
}
