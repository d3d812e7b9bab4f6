import { bareUuid, type Id, readId } from '../../../../kernel/ids.ts'
import type { Told } from './model.ts'

/** `"authorizationId":"…",`: first in an envelope, or nothing where there is no case. */
export function caseMember({ authorizationId }: Told): string {
  return authorizationId ? `"authorizationId":"${bareUuid(authorizationId)}",` : ''
}

/** The case that an envelope tells of, or the admission, where it begins with one. */
export function idIn<K extends 'authorization' | 'admission'>(kind: K, envelope: string): Id<K> | undefined {
  const found = /^\{"authorizationId":"([^"]+)"/.exec(envelope.slice(0, 100))
  return found?.[1] === undefined ? undefined : readId(kind, found[1])
}
