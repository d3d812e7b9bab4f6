import { Problem } from '../../kernel/problem.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { ClientStanding, GrantTerms, StandingChanges } from '../clients/index.ts'

/**
 * How old what we know of clients may grow before it is asked for again, in ms. Below the second that is promised: a reading
 * that began in the very millisecond of a change may have missed it.
 */
export const FRESH_MS = 900
/** How often tokens that have ended are forgotten, and how long after their end: for a clock that is set back a little. */
const SWEPT_EVERY_MS = 60_000
const KEPT_MS = 60_000
/** Older than this, nobody is let in on it. */
const USABLE_MS = 5_000

/**
 * How things stand with every client, kept in memory so that each call can ask. The database is the truth; it is asked
 * when a call comes and at most once a second, so an idle node asks nothing.
 */
export interface Standings {
  /**
   * Makes sure that what is known is no older than `FRESH_MS` at the moment of the call, or than five seconds while the
   * database does not answer. A reading that began earlier does not do, however late it ends.
   *
   * @throws Problem `system/unavailable` when it is older
   */
  freshen(): Promise<void>
  /** Whether `freshen` would have nothing to do. */
  readonly isFresh: boolean
  /** Reads again now. When it resolves, everything committed before the call is known. */
  refresh(): Promise<void>
  /** The same, unless somebody made it do so less than `FRESH_MS` ago. */
  refreshUnlessRecent(): Promise<void>
  find(clientId: string): ClientStanding | undefined
  /** Another object whenever the client has, or may have, changed; undefined when there is no such client. */
  versionOf(clientId: string): object | undefined
  /** Whether a token was ended before its time. */
  isRevoked(tokenId: string): boolean
  /** How many ended tokens are kept: those that have not ended by themselves. */
  readonly revokedCount: number
  /** When the last reading that succeeded began. */
  readonly asOf: Instant
}

export interface StandingsDeps {
  readonly clock: Clock
  /** Everything that changed since the mark of an earlier reading, or everything. */
  readonly readChanges: (since: string | undefined) => Promise<StandingChanges>
  /** How long a reading may take before it is given up, in ms of the machine's own time. */
  readonly patienceMs?: number
}

export const unavailable = (cause: unknown): Problem =>
  new Problem('system/unavailable', 'Who may call cannot be checked right now. Try again in a moment.', {
    retryAfterSeconds: 1,
    cause,
  })

/** Reads every client once, and keeps up from there. */
export async function openStandings({
  clock,
  readChanges,
  patienceMs = 1_000,
}: StandingsDeps): Promise<Standings> {
  const clients = new Map<string, Omit<ClientStanding, 'grant'>>()
  const grants = new Map<string, GrantTerms>()
  /** By `jti`: when it would have ended by itself. */
  const revoked = new Map<string, Instant>()
  let sweptAt = Number.NEGATIVE_INFINITY as Instant
  let asOf = Number.NEGATIVE_INFINITY as Instant
  let triedAt = Number.NEGATIVE_INFINITY as Instant
  let mark: string | undefined
  let failure: unknown
  let attempt = 0
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  const age = (since: Instant) => {
    const elapsed = clock.now() - since
    // A clock that was set back tells nothing about age.
    return elapsed < 0 ? Number.POSITIVE_INFINITY : elapsed
  }

  /** What a reading brings after it was given up is thrown away: a later one may have brought newer. */
  async function read(): Promise<void> {
    const mine = ++attempt
    const began = clock.now()
    triedAt = began
    const changes = await readChanges(mark)
    if (mine !== attempt) return
    for (const client of changes.clients) clients.set(client.clientId, client)
    for (const grant of changes.grants) grants.set(grant.organizationId, grant.terms)
    for (const token of changes.revokedTokens) revoked.set(token.tokenId, token.expiresAt)
    if (age(sweptAt) >= SWEPT_EVERY_MS) sweep(began)
    mark = changes.mark
    asOf = began
  }

  /** An ended token is refused for having ended; that it was revoked too need not be remembered. */
  function sweep(now: Instant): void {
    sweptAt = now
    for (const [tokenId, expiresAt] of revoked) if (expiresAt <= now - KEPT_MS) revoked.delete(tokenId)
  }

  function start(): Promise<void> {
    running = patiently(read(), patienceMs).finally(() => {
      attempt++
      running = undefined
    })
    return running
  }

  /** A reading under way may have begun before what the caller waits for: one more follows it, shared by all who ask. */
  function refresh(): Promise<void> {
    if (!running) return start()
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined
        return start()
      })
    return queued
  }

  let curiousAt = Number.NEGATIVE_INFINITY as Instant
  async function refreshUnlessRecent(): Promise<void> {
    if (age(curiousAt) < FRESH_MS) return
    curiousAt = clock.now()
    await refresh()
  }

  async function freshen(): Promise<void> {
    if (age(asOf) <= FRESH_MS) return
    const wanted = clock.now() - FRESH_MS
    const isKnown = () => asOf >= wanted && age(asOf) !== Number.POSITIVE_INFINITY
    // The reading under way may be too old for this call by the time it ends: then one more is waited for.
    if (running) await running.catch(keepFailure)
    if (!isKnown() && (running || age(triedAt) >= FRESH_MS)) await (running ?? start()).catch(keepFailure)
    if (age(asOf) > USABLE_MS) throw unavailable(failure)
  }

  const keepFailure = (error: unknown) => {
    failure = error
  }

  await refresh()
  return {
    freshen,
    refresh,
    refreshUnlessRecent,
    get isFresh() {
      return age(asOf) <= FRESH_MS
    },
    get asOf() {
      return asOf
    },
    isRevoked: (tokenId) => revoked.has(tokenId),
    get revokedCount() {
      return revoked.size
    },
    versionOf: (clientId) => clients.get(clientId),
    find: (clientId) => {
      const client = clients.get(clientId)
      return client && { ...client, grant: grants.get(client.organizationId) }
    },
  }
}

/** Waits for work, but not for ever: a database that hangs is as absent as one that refuses. */
async function patiently(work: Promise<void>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs} ms`)), patienceMs)
  })
  try {
    await Promise.race([work, impatience])
  } finally {
    clearTimeout(timer)
  }
}
