import { createHash } from 'node:crypto'
import type { Instant } from '../../../kernel/time.ts'
import type { Database } from '../../../platform/database/index.ts'
import {
  findClient,
  findKeySet,
  type PublishedKeys,
  spendAssertion,
  touchKeySet,
} from '../../clients/index.ts'
import type { KeyVerifier } from './method.ts'

/** The last use of a key is kept to the minute, so that a busy client does not write it on every token. */
const USE_NOTED_EVERY_MS = 60_000

/** Knows of keys and spent assertions what the database knows. */
export function verifierByKey(
  service: {
    readonly database: Database
    readonly published: PublishedKeys
    readonly assertionAudiences: readonly string[]
  },
  now: Instant,
): KeyVerifier {
  const { database, published, assertionAudiences: audiences } = service
  const as = (client: string) => ({ role: 'client_lookup', client }) as const
  return {
    audiences,
    published,
    find: (clientId) =>
      database.transaction(as(clientId), async (tx) => {
        const client = await findClient(tx, clientId)
        const keySet = await findKeySet(tx, clientId)
        return client && keySet && { client, keySet }
      }),
    spend: ({ clientId, jti, kid, expiresAt }) =>
      database.transaction(as(clientId), async (tx) => {
        const jtiHash = createHash('sha256').update(jti, 'utf8').digest()
        if (!(await spendAssertion(tx, { clientId, jtiHash, expiresAt }))) return false
        await touchKeySet(tx, { clientId, kid }, now, (now - USE_NOTED_EVERY_MS) as Instant)
        return true
      }),
  }
}
