import type { FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import { networkOf } from '../../platform/http/index.ts'
import { rateLimitFields } from './fields.ts'
import { openKnown } from './known.ts'
import { LimitReached } from './limit-reached.ts'
import { type ClientPolicy, POLICIES, type PolicyName, type Quotas } from './policies.ts'
import { openWindows } from './windows.ts'

export interface LimitsDeps {
  readonly clock: Clock
  /** Quotas in place of the published ones. */
  readonly quotas?: Quotas
  /** How many keys each policy holds at most; 20,000 unless said otherwise, about 200 bytes each. */
  readonly maxKeys?: number
}

/** Where a request came from, and in whose name: proved or not. */
export interface Whence {
  readonly address?: string | undefined
  readonly client?: string | undefined
}

/** What a refused request is answered with, and whether that goes on the record. */
export interface Refusal {
  readonly problem: Problem
  readonly isNoted: boolean
  /** For the record, of a limit alone: its policy, and how many were turned away in the window before. */
  readonly detail?: Readonly<Record<string, string | number>>
}

/** Writes the fields of an authenticated client's own policy. */
export type Disclose = (fields: Readonly<Record<string, string>>, client: string) => void

/** How much is taken from whom, by one node of one environment. */
export interface Limits {
  /**
   * Counts a request of a client that has proved itself, and tells it how it stands.
   *
   * @throws LimitReached
   */
  take(policy: ClientPolicy, client: string, disclose?: Disclose): void
  /**
   * Has a client prove itself, unless too many have failed.
   *
   * @param claimed from where, and who it claims to be
   * @param proof   throws a Problem when it is not good
   * @throws LimitReached before the proof is looked at; and what the proof throws
   */
  prove<T>(claimed: Whence, proof: () => Promise<T>): Promise<T>
  /**
   * Judges what a refused request is answered with: past the limit, callers who have shown nothing are told so, and one
   * row of the record stands for the others. Who holds a token of ours is always told what is wrong with it, or a
   * neighbour's noise would keep it from getting a new one.
   *
   * @param whence with the client when its token is genuine
   */
  refuse(problem: Problem, whence: Whence): Refusal
  /** Counts a report of a leak. @throws LimitReached */
  countReport(request: Pick<FastifyRequest, 'ip'>): Promise<void>
}

const MAX_KEYS = 20_000
/** Longer than the longest token lives, so that a client which comes for tokens at all is known between them. */
const KNOWN_FOR_MS = 24 * 3_600_000

/** Opens the limits of one environment; they are this node's own, and begin anew with it. */
export function openLimits({ clock, quotas = {}, maxKeys = MAX_KEYS }: LimitsDeps): Limits {
  const policyOf = (name: PolicyName) => ({ ...POLICIES[name], quota: quotas[name] ?? POLICIES[name].quota })
  const windowsOf = (name: PolicyName) => {
    const { quota, windowSeconds } = policyOf(name)
    return openWindows(quota, windowSeconds * 1000, maxKeys)
  }
  const windows = {
    calls: windowsOf('calls'),
    tokens: windowsOf('tokens'),
    'failed-proofs': windowsOf('failed-proofs'),
    'failed-proofs-where-known': windowsOf('failed-proofs-where-known'),
    'failed-proofs-of-address': windowsOf('failed-proofs-of-address'),
    refusals: windowsOf('refusals'),
    'leak-reports': windowsOf('leak-reports'),
  } satisfies Record<PolicyName, unknown>
  const known = openKnown(KNOWN_FOR_MS, maxKeys)
  const counted = new WeakSet<Problem>()

  const insist = (name: PolicyName, key: string) => {
    const now = clock.now()
    const tally = windows[name].add(key, now)
    if (tally.isOver) throw new LimitReached(name, tally, now)
  }

  return {
    take: (name, client, disclose) => {
      const now = clock.now()
      const tally = windows[name].add(client, now)
      disclose?.(rateLimitFields(name, policyOf(name), tally, now), client)
      if (tally.isOver) throw new LimitReached(name, tally, now)
    },
    prove: async (claimed, proof) => {
      const network = networkIn(claimed)
      const pair = pairOf(claimed)
      const isKnown = known.has(pair, clock.now())
      const ofPair = isKnown ? 'failed-proofs-where-known' : 'failed-proofs'
      const giveBack = () => {
        windows[ofPair].giveBack(pair)
        if (!isKnown) windows['failed-proofs-of-address'].giveBack(network)
      }
      // Counted before it is looked at, or as many as come at once would be.
      insist(ofPair, pair)
      if (!isKnown) {
        try {
          insist('failed-proofs-of-address', network)
        } catch (error) {
          windows[ofPair].giveBack(pair)
          throw error
        }
      }
      try {
        const proved = await proof()
        known.add(pair, clock.now())
        giveBack()
        return proved
      } catch (error) {
        if (error instanceof Problem && error.status < 500) counted.add(error)
        else giveBack()
        throw error
      }
    },
    refuse: (problem, whence) => {
      if (problem instanceof LimitReached) return ofLimit(problem, problem)
      if (counted.has(problem)) return { problem, isNoted: true }
      const now = clock.now()
      const held = holdsToken(problem, whence)
      const tally = windows.refusals.add(held ? pairOf(whence) : networkIn(whence), now)
      if (!tally.isOver) return { problem, isNoted: true }
      const reached = new LimitReached('refusals', tally, now)
      return ofLimit(held ? problem : reached, reached)
    },
    countReport: async ({ ip }) => insist('leak-reports', networkOf(ip)),
  }
}

const ofLimit = (problem: Problem, { isFirst, forRecord }: LimitReached): Refusal => ({
  problem,
  isNoted: isFirst,
  detail: forRecord,
})

const networkIn = ({ address }: Whence) => (address === undefined ? '' : networkOf(address))

const pairOf = (whence: Whence) => `${networkIn(whence)} ${whence.client ?? ''}`

/** An expired token was ours when it was issued. */
const holdsToken = ({ code }: Problem, { client }: Whence) =>
  client !== undefined || code === 'access/token-expired'
