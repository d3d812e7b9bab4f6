import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { type SecretSummary, secretsOf } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

const DAY_MS = 86_400_000
const SOON_MS = 14 * DAY_MS
/** How long a secret that has ended is still listed, so that people see what became of it. */
const LISTED_AFTER_MS = 30 * DAY_MS

export interface ListedSecret extends SecretSummary {
  readonly isLive: boolean
  /** Whether it is live, and ends within 14 days. */
  readonly expiresSoon: boolean
}

export interface SecretsAsked {
  readonly organizationId: OrganizationId
  /** All of the company's clients when absent. */
  readonly clientId?: string
}

/** The secrets of a company's clients, oldest first; those that ended are listed for thirty days more. Never a secret itself. */
export const secrets =
  ({ database, clock }: AdministrationDeps) =>
  ({ organizationId, clientId }: SecretsAsked): Promise<readonly ListedSecret[]> =>
    database.transaction({ role: 'staff' }, async (tx) => {
      const now = clock.now()
      const found = await secretsOf(tx, organizationId, clientId, (now - LISTED_AFTER_MS) as Instant)
      return found.map((secret) => {
        const isLive = secret.expiresAt === undefined || now < secret.expiresAt
        const expiresSoon = isLive && secret.expiresAt !== undefined && secret.expiresAt - now <= SOON_MS
        return { ...secret, isLive, expiresSoon }
      })
    })
