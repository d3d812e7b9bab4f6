import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { ask, type Reply } from '../test/support/running-server.ts'
import type { RevocationFigure } from './figures.ts'

const ROUNDS = 30
/** Nodes look for news once a second: rounds begin anywhere in it, and not always right after a look. */
const SPREAD_MS = 1_000
const TIMEOUT_MS = 5_000

/** Two processes that serve one environment from one database. */
export interface TwoNodes {
  /** Where tokens are issued and ended. */
  readonly here: { readonly url: string; readonly ca: string }
  /** Where they are presented. */
  readonly there: { readonly url: string; readonly ca: string }
  /** The client's id and secret, for the `Authorization` header. */
  readonly basic: string
  /** A call that a live token is let into. */
  readonly path: string
}

/**
 * Ends one token after the other at one process, and presents each to the other over and over until it is refused.
 *
 * @throws Error when a live token is refused, or an ended one is let in for 5 s
 */
export async function revocationLatency(nodes: TwoNodes): Promise<RevocationFigure> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await oneRound(nodes))
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.ceil(ROUNDS * share) - 1] ?? 0).toPrecision(4))
  return { rounds: ROUNDS, p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) }
}

async function oneRound({ here, there, basic, path }: TwoNodes): Promise<number> {
  const post = (endpoint: string, body: string): Promise<Reply> =>
    ask(here.ca, `${here.url}${endpoint}`, {
      headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
  const given = await post('/oauth2/token', 'grant_type=client_credentials')
  const { access_token: token } = given.json<{ access_token: string }>()
  const present = async () =>
    (await ask(there.ca, `${there.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
  const first = await present()
  if (first !== 200) throw new Error(`the other process answered a live token with ${first}`)
  await wait(Math.random() * SPREAD_MS)
  const began = performance.now()
  const revoked = await post('/oauth2/revoke', `token=${token}`)
  if (revoked.status !== 200) throw new Error(`the token could not be ended: ${revoked.status}`)
  while (performance.now() - began < TIMEOUT_MS)
    if ((await present()) === 401) return performance.now() - began
  throw new Error(`a token that was ended is let in after ${TIMEOUT_MS} ms`)
}
