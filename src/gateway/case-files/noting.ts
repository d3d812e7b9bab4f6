import { type AuditEntry, record } from '../../audit/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { Reader } from './model.ts'

/** Puts what a reader did on the record, with what they were given or not at all. */
export function note(
  { clock, random }: Pick<CaseFilesDeps, 'clock' | 'random'>,
  tx: Tx,
  { caller, requestId }: Reader,
  did: Pick<AuditEntry, 'act' | 'on' | 'detail'>,
): Promise<void> {
  const { clientId, organizationId } = caller
  const actor = { kind: 'client', clientId, organizationId } as const
  return record(tx, { at: clock.now(), actor, outcome: 'done', requestId, ...did }, random)
}
