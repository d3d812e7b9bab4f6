import type { PayersInScope } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { OperatorsDeps } from './deps.ts'

/** Payers as the operator writes them: our ids, or those that senders know them by. */
export type NamedPayers = readonly string[] | 'all'

/**
 * The ids of the payers that the operator names, as an environment knows them, each once.
 *
 * @throws Problem `request/invalid` with a fault for each that goes by none of its ids; `system/unavailable`
 */
export async function payersIn(
  { gateways }: Pick<OperatorsDeps, 'gateways'>,
  environment: Environment,
  named: NamedPayers,
): Promise<PayersInScope> {
  if (named === 'all') return 'all'
  const known = (await gateways[environment].listDirectory({})).map(({ payer }) => payer)
  const found = named.map((name): PayerId | undefined => {
    const wireId = name.trim().toUpperCase()
    return known.find(({ id, wireIds }) => id === name.trim() || wireIds.includes(wireId))?.id
  })
  const faults = found.flatMap((id, i) =>
    id === undefined
      ? [{ at: `/payers/${i}`, message: `no payer of the ${environment} goes by this id` }]
      : [],
  )
  if (faults.length > 0)
    throw new Problem(
      'request/invalid',
      `Name payers that the ${environment} knows, or another environment.`,
      {
        faults,
      },
    )
  return [...new Set(found.filter((id) => id !== undefined))]
}
