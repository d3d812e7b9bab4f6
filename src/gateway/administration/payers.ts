import type { PayerId } from '../../kernel/ids.ts'
import { listPayers } from '../payers/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** A payer of the environment, as the control plane needs to know it. */
export interface PayerSummary {
  readonly id: PayerId
  readonly name: string
  /** Those that senders know it by, in capitals. */
  readonly wireIds: readonly string[]
}

/** The payers of the environment, by name. */
export const payers =
  ({ database }: Pick<AdministrationDeps, 'database'>) =>
  (_request: Readonly<Record<string, never>> = {}): Promise<readonly PayerSummary[]> =>
    database.transaction({ role: 'staff' }, async (tx) =>
      (await listPayers(tx)).map(({ id, name, wireIds }) => ({ id, name, wireIds })),
    )
