import { createHash } from 'node:crypto'
import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId, type PayerId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { RuleImport } from './model.ts'
import { readRules } from './read.ts'
import * as store from './store.ts'

export interface ImportContext {
  readonly actor: Actor
  readonly at: Instant
  readonly random: Random
}

/** Rows written in one statement. */
const ROWS_AT_ONCE = 2000

/**
 * Replaces a payer's determination rules with those of a file. The ones before stay under their own version, so that a
 * decision made by them can still be explained. Recorded for audit in the same transaction.
 *
 * @param tx   as `staff` or `worker`
 * @param text CSV; columns as in `docs/reference/rules.md`
 * @throws Problem `request/invalid` with every fault of the file, each at `line N, column NAME`; nothing is kept
 */
export async function importRules(
  tx: Tx,
  payerId: PayerId,
  text: string,
  { actor, at, random }: ImportContext,
): Promise<RuleImport> {
  const read = readRules(text)
  if (!read.ok)
    throw new Problem(
      'request/invalid',
      'The rules file was not imported. Mend each line named, then import it again.',
      {
        faults: read.faults,
      },
    )
  await store.lockImports(tx, payerId)
  const version = ((await store.newestImport(tx, payerId))?.version ?? 0) + 1
  const rules = read.value.map((rule) => ({ ...rule, id: mintId('rule', at, random) }))
  await store.insertImport(tx, { payerId, version, at, rows: rules.length, checksum: checksumOf(text) })
  for (let from = 0; from < rules.length; from += ROWS_AT_ONCE)
    await store.insertRules(tx, payerId, version, rules.slice(from, from + ROWS_AT_ONCE))
  const detail = { version, rows: rules.length }
  await record(tx, { at, actor, act: 'rules.import', on: payerId, outcome: 'done', detail }, random)
  return detail
}

/** Whether exactly this text was imported for the payer before, now or in a version since replaced. */
export function wasImported(tx: Tx, payerId: PayerId, text: string): Promise<boolean> {
  return store.hasImport(tx, payerId, checksumOf(text))
}

function checksumOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text, 'utf8').digest())
}
