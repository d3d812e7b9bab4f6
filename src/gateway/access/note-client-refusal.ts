import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { AssertionRefused, claimedClient, type TokenRequest } from './authentication/index.ts'
import { noteAfterwards, ofRequest, type TokenService } from './issue.ts'

/** Puts on the record that a client was refused, when it was; a fault of ours is the log's. */
export async function noteClientRefusal(
  { recorder, uses }: Pick<TokenService, 'recorder' | 'uses'>,
  error: unknown,
  fact: { readonly actor: Actor; readonly act: string; readonly at: Instant },
  request: TokenRequest,
): Promise<void> {
  if (!(error instanceof Problem) || error.status >= 500) return
  const claimed = claimedClient(request)
  await recorder.note({
    ...fact,
    outcome: 'refused',
    problem: error.code,
    ...ofRequest(request),
    ...(claimed === undefined ? {} : { on: claimed }),
    ...(error instanceof AssertionRefused ? { detail: { reason: error.reason } } : {}),
  })
  noteAfterwards({ uses }, error, request)
}
