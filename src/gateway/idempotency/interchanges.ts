import { timingSafeEqual } from 'node:crypto'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { InterchangeNumbers, OnceDeps } from './model.ts'
import { KEPT_FOR_MS } from './once.ts'
import { keepInterchange } from './store.ts'

/**
 * Keeps an interchange that is being answered, unless another one came under its numbers within the last 24 hours.
 *
 * Of two at once the later waits until the earlier is answered. What is refused is rolled back with its transaction, so it may be
 * mended and sent again under the same numbers.
 *
 * @param content the interchange, byte for byte
 * @returns       false when the one that came before was another; the very same again is true
 */
export async function keepNumbers(
  { vault }: Pick<OnceDeps, 'vault'>,
  tx: Tx,
  organizationId: OrganizationId,
  numbers: InterchangeNumbers,
  content: Uint8Array,
  at: Instant,
): Promise<boolean> {
  const hash = vault.keyedHash('interchange', Buffer.from(content).toString('latin1'))
  const kept = await keepInterchange(tx, organizationId, numbers, hash, at, (at + KEPT_FOR_MS) as Instant)
  return timingSafeEqual(kept, hash)
}
