import type { Authorization, CaseEvent } from '../../src/core/authorization.ts'
import type { Decided, LineOutcome } from '../../src/core/decision.ts'
import { type Reception, receive, settle } from '../../src/core/lifecycle.ts'
import {
  administrativeReference,
  authorizationNumber,
  NUMBER_BYTES,
} from '../../src/core/reference-number.ts'
import type { ReviewRequest } from '../../src/core/request.ts'
import { mintId, type OrganizationId, type PayerId } from '../../src/kernel/ids.ts'
import type { Instant } from '../../src/kernel/time.ts'
import type { Tx } from '../../src/platform/database/index.ts'
import { type DataKey, secureRandom, vaultFromKey } from '../../src/platform/secrets/index.ts'
import { aRequest, type RequestParts } from './requests.ts'

export const NOW = Date.UTC(2026, 10, 3, 9, 30) as Instant
export const aVault = () => vaultFromKey(new Uint8Array(32).fill(7), secureRandom)

/** Payers' keys that live in memory: one to each payer, made when first asked for. */
export function payerKeysInMemory(): (tx: Tx, payerId: PayerId) => Promise<DataKey> {
  const vault = aVault()
  const keys = new Map<PayerId, DataKey>()
  return async (_tx, payerId) => {
    const key = keys.get(payerId) ?? vault.newDataKey(payerId).key
    keys.set(payerId, key)
    return key
  }
}

export type CaseParts = Partial<Omit<Reception, 'request'>> & {
  readonly request?: RequestParts
  readonly pended?: boolean
  /** A request as it is, in place of one that is made from `request`. */
  readonly wholeRequest?: ReviewRequest
}

/** A case that a machine has answered: approved, unless it is to be pended. */
export function aCase(
  receivedFrom: OrganizationId,
  parts: CaseParts = {},
): { readonly authorization: Authorization; readonly events: readonly CaseEvent[] } {
  const { pended = false, request: requestParts, wholeRequest, ...given } = parts
  const request = wholeRequest ?? aRequest(requestParts)
  const receivedAt = given.receivedAt ?? NOW
  const received = receive({
    id: mintId('authorization', receivedAt, secureRandom),
    payerId: 'pay_quillfeather',
    receivedFrom,
    door: 'json-v1',
    receivedAt,
    request,
    actor: { kind: 'client', clientId: 'cs_test_1', organizationId: receivedFrom },
    ...given,
  })
  const lines = request.event.lines.length === 0 ? [0] : request.event.lines.map((line) => line.number)
  const decided: Decided = {
    by: 'machine',
    action: pended ? 'pended' : 'certified',
    lines: lines.map(
      (line): LineOutcome<'pended' | 'certified'> => ({
        line,
        action: pended ? 'pended' : 'certified',
        grounds: [
          { kind: 'policy', id: 'pol_1', version: 1, text: 'Imaging of the spine', source: 'Policy 12' },
        ],
        ...(pended ? { pend: { waitingFor: 'reviewer', text: 'A reviewer decides.' } } : {}),
      }),
    ),
  }
  const settled = settle(received.authorization, decided, receivedAt, {
    administrativeReference: administrativeReference(secureRandom(NUMBER_BYTES)),
    authorizationNumber: authorizationNumber(secureRandom(NUMBER_BYTES)),
    dueAt: (receivedAt + 604_800_000) as Instant,
  })
  return { authorization: settled.authorization, events: [...received.events, ...settled.events] }
}
