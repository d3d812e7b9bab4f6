import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { alertsOf } from '../clients/index.ts'
import type { AdministrationDeps } from './deps.ts'

export interface AlertsAsked {
  /** All companies when absent. */
  readonly organizationId?: OrganizationId
  /** Inclusive. */
  readonly since: Instant
}

/** What looked odd about clients, newest first, a thousand at most. */
export const alerts =
  ({ database }: AdministrationDeps) =>
  ({ organizationId, since }: AlertsAsked): ReturnType<typeof alertsOf> =>
    database.transaction({ role: 'staff' }, (tx) => alertsOf(tx, organizationId, since))
