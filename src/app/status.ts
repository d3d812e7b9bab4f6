import type { Tls } from '../platform/tls/index.ts'
import type { Config } from './config.ts'
import type { Databases } from './databases.ts'
import type { Gateways } from './gateway.ts'
import type { ListenerAddress, ListenerName } from './listeners.ts'
import { VERSION } from './version.ts'

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
    certificate: async () => ({ authority: tls.caFile ?? 'your own' }),
    version: async () => ({ version: VERSION, node: process.version }),
  }
}
