import type { Instant } from '../../kernel/time.ts'
import type { PolicyName } from './policies.ts'
import type { Tally } from './windows.ts'

/**
 * What a client is told of its own policy, on every answer: the quota and the window in seconds, then how many remain
 * and the seconds until all of them are there again.
 *
 * @see draft-ietf-httpapi-ratelimit-headers-09 sections 3 and 4; RFC 9651 for their form
 */
export function rateLimitFields(
  name: PolicyName,
  { quota, windowSeconds }: { readonly quota: number; readonly windowSeconds: number },
  { remaining, resetAt }: Tally,
  now: Instant,
): Readonly<Record<string, string>> {
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${remaining};t=${secondsUntil(resetAt, now)}`,
  }
}

/** Whole seconds, so many that the moment has come when they have passed; at least one. */
export function secondsUntil(moment: Instant, now: Instant): number {
  return Math.max(1, Math.ceil((moment - now) / 1000))
}
