import type { OperatorsDeps } from './deps.ts'
import type { GrantedRole } from './model.ts'
import * as store from './store.ts'

/** A role and who has it. */
export type ListedRole = GrantedRole & { readonly email: string }

/** Every role that was ever given, the newest first, a thousand at most. */
export async function list({ database, people }: OperatorsDeps): Promise<readonly ListedRole[]> {
  const roles = await database.transaction({ role: 'staff' }, (tx) => store.findAll(tx))
  const emails = await people.emailsOf([...new Set(roles.map(({ personId }) => personId))])
  return roles.map((role) => ({ ...role, email: emails.get(role.personId) ?? '' }))
}
