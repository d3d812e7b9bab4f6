import type { OrganizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { readRanges } from './addresses.ts'
import { noSuchClient } from './rotate-secret.ts'
import { lockClient, saveAllowedAddresses } from './secret-store.ts'

export interface AllowedAddresses {
  readonly organizationId: OrganizationId
  readonly clientId: string
  /** Addresses and CIDR ranges, IPv4 or IPv6; none lets it call from anywhere. */
  readonly addresses: readonly string[]
}

/**
 * Says where a client may call from. It holds for the next token, and within a second for those that are out.
 *
 * @returns the list as it is kept
 * @throws Problem `state/not-found`; `request/invalid` with a fault for each entry that is no address or range
 */
export async function allowAddresses(
  tx: Tx,
  { organizationId, clientId, addresses }: AllowedAddresses,
): Promise<readonly string[]> {
  const ranges = readRanges(addresses)
  if (!(await lockClient(tx, organizationId, clientId))) throw noSuchClient()
  await saveAllowedAddresses(tx, clientId, ranges)
  return ranges
}
