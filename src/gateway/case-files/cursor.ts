import { createHash } from 'node:crypto'
import { type AuthorizationId, type OrganizationId, readId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import type { Search } from './model.ts'

/** Whose cursor it is, and of which search: it opens for no other. */
type Of = readonly [organizationId: OrganizationId, search: Search]

/** Where a page ended, sealed: it tells nothing, and nobody can write one. */
export function sealCursor(vault: Pick<Vault, 'seal'>, last: AuthorizationId, of: Of): string {
  return Buffer.from(vault.seal(Buffer.from(last, 'utf8'), contextOf(of))).toString('base64url')
}

/** @throws Problem `request/invalid` */
export function openCursor(vault: Pick<Vault, 'open'>, cursor: string, of: Of): AuthorizationId {
  const last = readId('authorization', opened(vault, cursor, of) ?? '')
  if (last) return last
  throw new Problem('request/invalid', 'The search cannot be continued: its cursor is not one of it.', {
    faults: [
      {
        at: '/cursor',
        message: 'is no cursor that this search gave to your company',
        remedy:
          'Send the search that gave it, unchanged but for cursor and limit; or begin anew without one.',
      },
    ],
  })
}

function opened(vault: Pick<Vault, 'open'>, cursor: string, of: Of): string | undefined {
  try {
    return Buffer.from(vault.open(Buffer.from(cursor, 'base64url'), contextOf(of))).toString('utf8')
  } catch {
    // Whatever is wrong with it, its bearer is told one thing.
    return undefined
  }
}

function contextOf([organizationId, { cursor: _, limit: __, ...asked }]: Of): string {
  const inOrder = JSON.stringify(Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `cursor/authorizations/${organizationId}/${createHash('sha256').update(inOrder).digest('hex')}`
}
