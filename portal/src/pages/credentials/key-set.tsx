import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, type KeySetSummary } from '../../api.ts'
import { ProblemNote } from '../../problem-note.tsx'
import { When } from '../../when.tsx'
import { KeysField, type KeysTyped, NO_KEYS, readKeys } from './keys-field.tsx'

interface KeySetProps {
  readonly clientId: string
  readonly keys: KeySetSummary
}

/** The keys that a credential proves itself with, and the way to put others in their place. */
export function KeySet({ clientId, keys: { kids = [], jwksUri, lastUsedAt } }: KeySetProps) {
  const [typed, setTyped] = useState<KeysTyped>(NO_KEYS)
  const [fault, setFault] = useState<string>()
  const queries = useQueryClient()
  const replace = useMutation({
    mutationFn: (keys: Parameters<typeof api.registerKeys>[1]) => api.registerKeys(clientId, keys),
    onSuccess: async () => {
      setTyped(NO_KEYS)
      await queries.invalidateQueries({ queryKey: ['credentials'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readKeys(typed)
    setFault('fault' in read ? read.fault : undefined)
    if ('keys' in read) replace.mutate(read.keys)
  }
  return (
    <div className="block tight">
      <p className="secret">
        <span>
          <span className="state live">Live</span>{' '}
          {jwksUri === undefined ? (
            <>
              {kids.length === 1 ? 'Key' : 'Keys'} <code>{kids.join(', ') || 'without names'}</code>
            </>
          ) : (
            <>
              Keys at <code>{jwksUri}</code>
            </>
          )}
        </span>
        <span className="quiet">
          {lastUsedAt === undefined ? (
            'never used'
          ) : (
            <>
              last used <When moment={lastUsedAt} />
            </>
          )}
        </span>
      </p>
      <details>
        <summary>Put other keys in their place</summary>
        <form className="block tight inset" onSubmit={submit}>
          <KeysField typed={typed} onChange={setTyped} fault={fault} />
          <ProblemNote error={replace.error} />
          <div>
            <Button type="submit" variant="default" size="compact-sm" loading={replace.isPending}>
              Replace the keys
            </Button>
          </div>
        </form>
      </details>
    </div>
  )
}
