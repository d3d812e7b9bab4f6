/** What a policy counts by. An IPv4 address counts as it is, of an IPv6 address its network of 64 bits. */
export type CountedBy = 'client' | 'address' | 'address and client'

/** How many of something are taken in a window that begins with the first of them. */
export interface Policy {
  /** What is counted, in words for `docs/reference/limits.md`. */
  readonly counts: string
  readonly by: CountedBy
  /** How many are taken in one window, unless a setting says otherwise. */
  readonly quota: number
  readonly windowSeconds: number
  /** The setting that changes the quota, and how many times its value the quota is. */
  readonly setting: string
  readonly times: number
}

/**
 * Everything that the gateways limit. Nothing that guards a secret is counted by the client alone: whoever guesses
 * elsewhere must not lock the rightful client out.
 *
 * @see docs/reference/limits.md, docs/decisions/0016-limits.md
 */
export const POLICIES = {
  calls: {
    counts: 'API calls with a valid token; revocations and introspections',
    by: 'client',
    quota: 6_000,
    windowSeconds: 60,
    setting: 'LIMIT_CALLS_PER_MINUTE',
    times: 1,
  },
  tokens: {
    counts: 'token requests with the right credentials, at all token endpoints together',
    by: 'client',
    quota: 600,
    windowSeconds: 60,
    setting: 'LIMIT_TOKENS_PER_MINUTE',
    times: 1,
  },
  'failed-proofs': {
    counts: 'failed authentications in the name of a client, where it is not known yet',
    by: 'address and client',
    quota: 30,
    windowSeconds: 60,
    setting: 'LIMIT_FAILURES_PER_MINUTE',
    times: 1,
  },
  'failed-proofs-where-known': {
    counts: 'failed authentications in the name of a client, where it has proved itself within 24 hours',
    by: 'address and client',
    quota: 300,
    windowSeconds: 60,
    setting: 'LIMIT_FAILURES_PER_MINUTE',
    times: 10,
  },
  'failed-proofs-of-address': {
    counts: 'failed authentications, whoever they name; closes the address to clients not known there',
    by: 'address',
    quota: 300,
    windowSeconds: 60,
    setting: 'LIMIT_FAILURES_PER_MINUTE',
    times: 10,
  },
  refusals: {
    counts: 'requests that are refused before anybody has proved who they are',
    by: 'address',
    quota: 300,
    windowSeconds: 60,
    setting: 'LIMIT_REFUSALS_PER_MINUTE',
    times: 1,
  },
  'leak-reports': {
    counts: 'reports of leaked secrets',
    by: 'address',
    quota: 60,
    windowSeconds: 60,
    setting: 'LIMIT_LEAK_REPORTS_PER_MINUTE',
    times: 1,
  },
} as const satisfies Readonly<Record<string, Policy>>

export type PolicyName = keyof typeof POLICIES

/** The policies whose state an authenticated client is told. */
export type ClientPolicy = 'calls' | 'tokens'

/** Quotas in place of those of the table. */
export type Quotas = Partial<Readonly<Record<PolicyName, number>>>
