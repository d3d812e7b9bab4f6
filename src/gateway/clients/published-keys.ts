import type { Clock, Instant } from '../../kernel/time.ts'
import type { ClientKey } from './key.ts'
import { readPublished } from './key-set.ts'

/** The way out to the addresses of clients. It decides what may be reached, and follows no redirect. */
export interface KeySetFetcher {
  /** @throws when the address may not be reached, or did not answer whole and in time */
  fetch(request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly maxBytes: number
    readonly timeoutMs: number
  }): Promise<{
    readonly status: number
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
    readonly body: Uint8Array
  }>
}

/** The key sets that clients publish, as this process knows them. */
export interface PublishedKeys {
  /**
   * The keys of a client. They are fetched when they have become old, and when the one that is needed is not among them;
   * for each client at most once a minute, and once for all who wait.
   *
   * Never throws: an address that fails leaves the last keys in use, for a day.
   *
   * @param isAmong whether the key that is needed is in a set
   * @returns       empty when none could be had
   */
  of(
    clientId: string,
    uri: string,
    isAmong: (keys: readonly ClientKey[]) => boolean,
  ): Promise<readonly ClientKey[]>
  /** Whether a client's address gave no key set when it was last asked. */
  isFailing(clientId: string): boolean
}

const MINUTE_MS = 60_000
/** Whatever the address says of how long its answer is good. */
const SHORTEST_AGE_MS = MINUTE_MS
const LONGEST_AGE_MS = 60 * MINUTE_MS
const USUAL_AGE_MS = 5 * MINUTE_MS
/**
 * How long keys are used while their address fails: a partner's web server that is down overnight must not stop their
 * requests. Who can make it fail keeps a stolen key good for as long; registering other keys ends it at once.
 */
const LONGEST_WITHOUT_ANSWER_MS = 24 * 60 * MINUTE_MS
const LARGEST_BYTES = 64 * 1024
const LONGEST_FETCH_MS = 5000

interface Known {
  readonly uri: string
  keys: readonly ClientKey[]
  /** When the address last answered. */
  answeredAt: number
  freshUntil: number
  triedAt: number
  /** The fetch that is under way. */
  flight: Promise<void> | undefined
}

/** Opens the memory of published keys; one for each environment. */
export function openPublishedKeys({
  fetcher,
  clock,
}: {
  readonly fetcher: KeySetFetcher
  readonly clock: Clock
}): PublishedKeys {
  // As many as there are clients with an address, and no more: nobody else gets this far.
  const known = new Map<string, Known>()
  return {
    of: async (clientId, uri, isAmong) => {
      const entry = entryFor(known, clientId, uri)
      if (clock.now() >= entry.freshUntil || !isAmong(entry.keys)) await fetchOnce(entry, fetcher, clock)
      return clock.now() - entry.answeredAt < LONGEST_WITHOUT_ANSWER_MS ? entry.keys : []
    },
    isFailing: (clientId) => {
      const entry = known.get(clientId)
      return entry !== undefined && entry.answeredAt < entry.triedAt
    },
  }
}

function entryFor(known: Map<string, Known>, clientId: string, uri: string): Known {
  const found = known.get(clientId)
  if (found?.uri === uri) return found
  const never = Number.NEGATIVE_INFINITY
  const fresh: Known = {
    uri,
    keys: [],
    answeredAt: never,
    freshUntil: never,
    triedAt: never,
    flight: undefined,
  }
  known.set(clientId, fresh)
  return fresh
}

async function fetchOnce(entry: Known, fetcher: KeySetFetcher, clock: Clock): Promise<void> {
  if (entry.flight === undefined && clock.now() - entry.triedAt < MINUTE_MS) return
  if (entry.flight === undefined) {
    entry.triedAt = clock.now()
    entry.flight = load(entry, fetcher, clock).finally(() => {
      entry.flight = undefined
    })
  }
  await entry.flight
}

async function load(entry: Known, fetcher: KeySetFetcher, clock: Clock): Promise<void> {
  const answer = await fetchKeys(entry.uri, fetcher).catch(() => undefined)
  if (answer === undefined) return
  const now: Instant = clock.now()
  Object.assign(entry, { keys: answer.keys, answeredAt: now, freshUntil: now + answer.ageMs })
}

/** @returns undefined when the answer is no key set */
async function fetchKeys(url: string, fetcher: KeySetFetcher) {
  const headers = { accept: 'application/jwk-set+json, application/json' }
  const bounds = { maxBytes: LARGEST_BYTES, timeoutMs: LONGEST_FETCH_MS }
  const answer = await fetcher.fetch({ url, headers, ...bounds })
  if (answer.status !== 200) return undefined
  const keys = readPublished(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body)))
  return keys && { keys, ageMs: ageOf(answer.headers['cache-control']) }
}

/** @see RFC 9111 section 5.2.2.1 */
function ageOf(cacheControl: string | readonly string[] | undefined): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,10})"?/i.exec([cacheControl ?? ''].flat().join(','))?.[1]
  if (seconds === undefined) return USUAL_AGE_MS
  return Math.min(Math.max(Number(seconds) * 1000, SHORTEST_AGE_MS), LONGEST_AGE_MS)
}
