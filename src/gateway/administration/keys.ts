import { type KeySummary, listKeys } from '../signing-keys/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** The signing keys that have not retired, the one that signs last first. */
export const keys =
  ({ database, clock }: AdministrationDeps) =>
  (_request: Readonly<Record<string, never>> = {}): Promise<readonly KeySummary[]> =>
    database.transaction({ role: 'worker' }, (tx) => listKeys({ clock }, tx))
