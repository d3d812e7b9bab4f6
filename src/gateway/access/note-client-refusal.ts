import type { Recorder } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { ClientRecord } from '../clients/index.ts'
import type { Limits } from '../limits/index.ts'
import { AssertionRefused, claimedClient, refuseClient, type TokenRequest } from './authentication/index.ts'
import type { SecretUses } from './secret-uses.ts'

interface Deps {
  readonly recorder: Pick<Recorder, 'note'>
  readonly uses: Pick<SecretUses, 'refused'>
  readonly limits: Pick<Limits, 'refuse'>
}

/**
 * Puts on the record that a client was refused, when it was, unless a limit stands for it; a fault of ours is the log's.
 *
 * @returns what the client is told: the error, or that there were too many like it
 */
export async function noteClientRefusal(
  { recorder, uses, limits }: Deps,
  error: unknown,
  fact: { readonly actor: Actor; readonly act: string; readonly at: Instant },
  request: TokenRequest,
): Promise<unknown> {
  if (!(error instanceof Problem) || error.status >= 500) return error
  const { problem, isNoted, detail } = limits.refuse(error, {
    address: request.address,
    ...(fact.actor.kind === 'client' && { client: fact.actor.clientId }),
  })
  const claimed = claimedClient(request)
  if (isNoted)
    await recorder.note({
      ...fact,
      outcome: 'refused',
      problem: problem.code,
      ...ofRequest(request),
      ...(claimed === undefined ? {} : { on: claimed }),
      ...(error instanceof AssertionRefused ? { detail: { reason: error.reason } } : detail && { detail }),
    })
  // Only now, so that no answer waits for it longer than another.
  if (error instanceof OutsideItsAddresses) uses.refused(error.client, request.address)
  return problem
}

/** What everybody is told who did not prove to be a client. Which client this was is for the alert alone. */
export class OutsideItsAddresses extends Problem {
  readonly client: ClientRecord
  constructor(client: ClientRecord) {
    const { code, detail } = refuseClient()
    super(code, detail)
    this.client = client
  }
}

export const ofRequest = ({ requestId }: TokenRequest) => (requestId === undefined ? {} : { requestId })
