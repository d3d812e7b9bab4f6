import type { ClientRecord } from '../clients/index.ts'
import type { Standings } from './standing.ts'

/** Clients that were looked up before, so that a client that is known gets its token without the database being asked. */
export interface KnownClients {
  /** As it stands now; undefined when it was not looked up since it last changed. Call it when the standings are fresh. */
  find(clientId: string): ClientRecord | undefined
  /**
   * Has a client looked up, and remembers it.
   *
   * @param lookUp reads the database; what it finds may be newer than the standings, and never older
   */
  meet(clientId: string, lookUp: () => Promise<ClientRecord | undefined>): Promise<ClientRecord | undefined>
}

/**
 * Remembers the secrets of the clients that asked last, at most `capacity`: their hashes, as the database has them.
 *
 * What is remembered holds while the standings still have the version that they had before the look-up. A secret that comes,
 * ends or is revoked changes that version, so it is known here as soon as a revocation is: within a second.
 */
export function rememberClients(
  standings: Pick<Standings, 'find' | 'versionOf'>,
  capacity: number,
): KnownClients {
  const kept = new Map<string, { readonly version: object; readonly secrets: ClientRecord['secrets'] }>()
  return {
    find: (clientId) => {
      const known = kept.get(clientId)
      const standing = standings.find(clientId)
      if (!known || !standing || known.version !== standings.versionOf(clientId)) return undefined
      kept.delete(clientId)
      kept.set(clientId, known)
      return { ...standing, secrets: known.secrets }
    },
    meet: async (clientId, lookUp) => {
      const version = standings.versionOf(clientId)
      const found = await lookUp()
      if (!found || version === undefined) return found
      kept.delete(clientId)
      kept.set(clientId, { version, secrets: found.secrets })
      const [oldest] = kept.keys()
      if (kept.size > capacity && oldest !== undefined) kept.delete(oldest)
      return found
    },
  }
}
