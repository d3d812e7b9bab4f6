import type { Environment } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { OperatorsDeps } from './deps.ts'
import type { Authority } from './model.ts'
import * as store from './store.ts'

/**
 * What a person may do at the operator now: empty for a partner's people, and for whoever was somebody once.
 *
 * Read at each call and kept nowhere, so that a role that was withdrawn is gone on the next one.
 *
 * @param environment both when absent
 */
export function authorityOf(
  { database }: Pick<OperatorsDeps, 'database'>,
  personId: PersonId,
  environment?: Environment,
): Promise<readonly Authority[]> {
  return database.transaction(
    { role: 'staff' },
    async (tx) => {
      const roles = await store.findInForce(tx, personId)
      return roles
        .filter((held) => environment === undefined || held.environment === environment)
        .map(({ role, environment: where, payers }) => ({ role, environment: where, payers }))
    },
    { readOnly: true },
  )
}
