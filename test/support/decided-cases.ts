/** Cases that a reviewer has decided, kept as if they had come in: no door makes them yet. */
import { openRecord } from '../../src/cases/record/index.ts'
import type { Authorization } from '../../src/core/authorization.ts'
import type { CertificationAction, Decided, LineOutcome } from '../../src/core/decision.ts'
import { settle } from '../../src/core/lifecycle.ts'
import {
  administrativeReference,
  authorizationNumber,
  NUMBER_BYTES,
} from '../../src/core/reference-number.ts'
import type { ReviewRequest } from '../../src/core/request.ts'
import { rollUp } from '../../src/core/roll-up.ts'
import { decodeSubmission } from '../../src/formats/json/index.ts'
import { findPayer, payerKeys } from '../../src/gateway/payers/index.ts'
import type { OrganizationId } from '../../src/kernel/ids.ts'
import type { Instant } from '../../src/kernel/time.ts'
import { secureRandom, vaultFromKey } from '../../src/platform/secrets/index.ts'
import { aSubmission, type SubmissionParts } from './a-submission.ts'
import { aCase } from './cases.ts'
import type { TestEnvironment } from './gateway-server.ts'

const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
/** The record of the sandbox of `openTestServers`. */
export const sandboxRecord = openRecord({
  environment: 'sandbox',
  vault,
  keyOf: payerKeys(vault).of,
  random: secureRandom,
})

export const asCompany = (organization: OrganizationId) =>
  ({ role: 'tenant', organization, providers: 'any' }) as const

/** What is submitted, as the core has it. */
export function requestOf(parts: SubmissionParts = {}): ReviewRequest {
  const decoded = decodeSubmission(aSubmission(parts))
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.faults))
  return decoded.value
}

/** A reviewer's outcome of a line, with the reason and the record that promise 4 asks for. */
export function reviewed(line: number, action: CertificationAction): LineOutcome {
  return {
    line,
    action,
    message: 'Criterion 4.1 is not met.',
    grounds: [{ kind: 'policy', id: 'pol_1', version: 1, text: 'Transport', source: 'Policy 12' }],
  }
}

export function byReviewer(lines: readonly LineOutcome[]): Decided {
  const action = rollUp(lines.map((line) => line.action))
  return { by: 'reviewer', reviewerId: 'per_1', action, lines }
}

/** Keeps a case of a company in the sandbox that a reviewer has decided so, line by line. */
export async function keepDecided(
  { database }: TestEnvironment,
  organizationId: OrganizationId,
  receivedAt: Instant,
  actions: readonly CertificationAction[],
  request: ReviewRequest,
): Promise<Authorization> {
  const decided = byReviewer(actions.map((action, i) => reviewed(i + 1, action)))
  return database.transaction(asCompany(organizationId), async (tx) => {
    const payer = await findPayer(tx, request.payer.id)
    if (!payer) throw new Error('no such payer')
    const pended = aCase(organizationId, {
      receivedAt,
      payerId: payer.id,
      pended: true,
      wholeRequest: request,
    })
    if (pended.authorization.state !== 'pended') throw new Error('the case is not pended')
    const settled = settle(pended.authorization, decided, receivedAt, {
      administrativeReference: administrativeReference(secureRandom(NUMBER_BYTES)),
      authorizationNumber: authorizationNumber(secureRandom(NUMBER_BYTES)),
      dueAt: receivedAt,
    })
    await sandboxRecord.save(tx, settled.authorization, [...pended.events, ...settled.events], [])
    return settled.authorization
  })
}
