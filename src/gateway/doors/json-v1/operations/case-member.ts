import { type AuthorizationId, bareUuid, readId } from '../../../../kernel/ids.ts'
import type { Told } from './model.ts'

/** `"authorizationId":"…",`: first in an envelope, or nothing where there is no case. */
export function caseMember({ authorizationId }: Told): string {
  return authorizationId ? `"authorizationId":"${bareUuid(authorizationId)}",` : ''
}

/** The case that an envelope tells of, where it begins with one. */
export function caseIn(envelope: string): AuthorizationId | undefined {
  const found = /^\{"authorizationId":"([^"]+)"/.exec(envelope.slice(0, 100))
  return found?.[1] === undefined ? undefined : readId('authorization', found[1])
}
