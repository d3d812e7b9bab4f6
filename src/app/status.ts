import { dueAt } from '../gateway/signing-keys/index.ts'
import type { Tls } from '../platform/tls/index.ts'
import type { Config } from './config.ts'
import type { Databases } from './databases.ts'
import type { Gateways } from './gateway.ts'
import type { ListenerAddress, ListenerName } from './listeners.ts'
import { VERSION } from './version.ts'

const day = (moment: number) => new Date(moment).toISOString().slice(0, 10)
const minute = (moment: number) => `${new Date(moment).toISOString().slice(0, 16)}Z`

/** Which key signs since when, and what comes next. */
async function keysOf({ environment, administration }: Gateways['sandbox'], everyDays: number) {
  const keys = await administration.keys()
  const signing = keys.find(({ state }) => state === 'signing')
  if (!signing) throw new Error(`no key signs in the ${environment}`)
  const next = keys.find(({ state }) => state === 'published')
  const then = next
    ? `${next.kid.slice(0, 8)}… from ${minute(next.signsFrom)}`
    : `next on ${day(dueAt(keys, everyDays))}`
  return `${environment} ${signing.kid.slice(0, 8)}… since ${day(signing.signsFrom)} (${then})`
}

/** How each part of this process stands, by name: what `countersign status` shows. A part that rejects does not stand. */
export function statusParts(
  config: Config,
  addresses: Readonly<Record<ListenerName, ListenerAddress>>,
  databases: Databases,
  gateways: Gateways,
  tls: Tls,
) {
  const served = (name: ListenerName) =>
    config.roles.includes(name) ? addresses[name].url : 'not served by this process'
  const gateway = (name: 'sandbox' | 'production') => async () => {
    await gateways[name].ping()
    return { url: served(name) }
  }
  return {
    database: async () => {
      await databases.ping()
      return { engine: databases.description }
    },
    portal: async () => ({ url: served('portal') }),
    sandbox: gateway('sandbox'),
    production: gateway('production'),
    keys: async () => ({
      sandbox: await keysOf(gateways.sandbox, config.signingKeyDays),
      production: await keysOf(gateways.production, config.signingKeyDays),
    }),
    certificate: async () => ({ authority: tls.caFile ?? 'your own' }),
    version: async () => ({ version: VERSION, node: process.version }),
  }
}
