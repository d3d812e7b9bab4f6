import type { AuditEntry } from '../../audit/index.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import type { Registrar } from '../clients/index.ts'
import type { MemberQuestion, WhoSaw } from '../exchange/index.ts'
import type { Simulator } from '../simulator/index.ts'

export interface AdministrationDeps extends Registrar {
  readonly database: Database
  /** Seals signing keys. */
  readonly vault: Vault
  /** Writes an audit entry in the transaction of the fact. */
  readonly record: (tx: Tx, entry: AuditEntry) => Promise<void>
  /** Looks through the record for a member; the environment's own. */
  readonly whoSaw: (question: MemberQuestion) => Promise<WhoSaw>
  readonly issuer: string
  /** Of the environment's API. */
  readonly baseUrl: string
  /** Has this process know what was committed before it was called; what takes access away is answered after it. */
  readonly refresh: () => Promise<void>
  /** What the sandbox can be made to answer; production has none. */
  readonly simulator?: Pick<Simulator, 'setScenario' | 'forget' | 'advance'> & {
    /** Does what came due. @returns how many cases were settled */
    settleDue(): Promise<number>
  }
}
