import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Mailer } from '../../platform/mail/index.ts'
import type { PasswordHash } from './password-hash.ts'
import type { Sessions } from './sessions.ts'
import type { Limits } from './throttle.ts'

/** What the use cases of this slice are handed. */
export interface Context {
  readonly database: Database
  readonly mailer: Mailer
  readonly clock: Clock
  readonly random: Random
  /** The URL that people reach the portal by, without a slash at its end. Asked late: a free port is known late. */
  readonly portalUrl: () => string
  readonly passwords: PasswordHash
  readonly sessions: Sessions
  readonly limits: Limits
}

export const IDENTITY = { role: 'identity' } as const
