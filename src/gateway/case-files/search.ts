import type { CaseSummary } from '../../cases/record/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { sessionOf } from '../access/index.ts'
import { findPayer, listPayers, type Payer } from '../payers/index.ts'
import { openCursor, sealCursor } from './cursor.ts'
import type { CaseFilesDeps } from './deps.ts'
import type { FoundCases, Reader, Search } from './model.ts'
import { note } from './noting.ts'

/** @see CaseFiles.search */
export function search(deps: CaseFilesDeps, reader: Reader, asked: Search): Promise<FoundCases> {
  const { organizationId } = reader.caller
  const { payer: wireId, cursor, limit, ...conditions } = asked
  const olderThan = cursor === undefined ? undefined : openCursor(deps.vault, cursor, [organizationId, asked])
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const payers = wireId === undefined ? await listPayers(tx) : [await payerNamed(tx, wireId)]
    const found = await deps.record.search(tx, {
      ...conditions,
      payerIds: payers.map(({ id }) => id),
      isEveryPayer: wireId === undefined,
      ...(olderThan ? { olderThan } : {}),
      // One more than is given tells whether there is a next page.
      limit: limit + 1,
    })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    await note(deps, tx, reader, {
      act: 'authorization.search',
      detail: { found: page.length, cases: page.map(({ id }) => id).join(' ') },
    })
    return {
      cases: page.map(withPayer(payers)),
      ...(last ? { next: sealCursor(deps.vault, last.id, [organizationId, asked]) } : {}),
    }
  })
}

async function payerNamed(tx: Tx, wireId: string): Promise<Payer> {
  const payer = await findPayer(tx, wireId)
  if (payer) return payer
  throw new Problem('request/invalid', 'The search names a payer that nobody knows here.', {
    faults: [
      {
        at: '/payer',
        message: 'no payer goes by this id',
        remedy: 'Correct it, or leave it out to search all.',
      },
    ],
  })
}

function withPayer(payers: readonly Payer[]): (found: CaseSummary) => FoundCases['cases'][number] {
  const byId = new Map<PayerId, Payer>(payers.map((payer) => [payer.id, payer]))
  return (found) => {
    const payer = byId.get(found.payerId)
    if (!payer) throw new Error(`there is no payer ${found.payerId}`)
    return { ...found, payer }
  }
}
