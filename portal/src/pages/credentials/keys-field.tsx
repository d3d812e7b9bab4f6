import { Textarea, TextInput } from '@mantine/core'
import type { Keys } from '../../api.ts'

/** What somebody typed: one of the two. */
export interface KeysTyped {
  readonly jwks: string
  readonly jwksUri: string
}

export const NO_KEYS: KeysTyped = { jwks: '', jwksUri: '' }

/** The keys as they are sent, or what is wrong with what was typed. What only the server can tell, it tells. */
export function readKeys({ jwks, jwksUri }: KeysTyped): { readonly keys: Keys } | { readonly fault: string } {
  if (jwksUri.trim() !== '' && jwks.trim() !== '')
    return { fault: 'Give the keys, or where they are published: not both.' }
  if (jwksUri.trim() !== '') return { keys: { jwksUri: jwksUri.trim() } }
  if (jwks.trim() === '') return { fault: 'Paste a JWK Set, or say where one is published.' }
  try {
    const read: unknown = JSON.parse(jwks)
    if (typeof read === 'object' && read !== null && 'keys' in read) return { keys: { jwks: read } }
  } catch {
    return { fault: 'This is not JSON. A JWK Set looks like {"keys": [{"kty": "EC", …}]}.' }
  }
  return { fault: 'This JSON has no "keys". A JWK Set looks like {"keys": [{"kty": "EC", …}]}.' }
}

interface KeysFieldProps {
  readonly typed: KeysTyped
  readonly onChange: (typed: KeysTyped) => void
  readonly fault: string | undefined
}

export function KeysField({ typed, onChange, fault }: KeysFieldProps) {
  return (
    <>
      <Textarea
        label="Public keys"
        description="A JWK Set (RFC 7517): EC P-384 for ES384, or RSA for RS384. The private key stays with you."
        autosize
        minRows={3}
        maxRows={12}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={typed.jwks}
        error={fault}
        onChange={(event) => onChange({ ...typed, jwks: event.currentTarget.value })}
      />
      <TextInput
        label="Or where they are published"
        description="An https address that answers with a JWK Set. Keys that you rotate there are followed."
        type="url"
        value={typed.jwksUri}
        onChange={(event) => onChange({ ...typed, jwksUri: event.currentTarget.value })}
      />
    </>
  )
}
