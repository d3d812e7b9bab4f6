import type { GatewayAdministration } from '../gateway/administration/index.ts'
import { dueAt } from '../gateway/signing-keys/index.ts'
import type { Tls } from '../platform/tls/index.ts'
import type { Config } from './config.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Databases } from './databases.ts'
import type { Gateways } from './gateway.ts'
import type { ListenerAddress, ListenerName } from './listeners.ts'
import type { Administrations } from './operator-routes.ts'
import { VERSION } from './version.ts'

const day = (moment: number) => new Date(moment).toISOString().slice(0, 10)
const minute = (moment: number) => `${new Date(moment).toISOString().slice(0, 16)}Z`

/** Which key signs since when, and what comes next. */
async function keysOf(administration: GatewayAdministration, everyDays: number) {
  const { environment } = administration
  const keys = await administration.keys({})
  const signing = keys.find(({ state }) => state === 'signing')
  if (!signing) throw new Error(`no key signs in the ${environment}`)
  const next = keys.find(({ state }) => state === 'published')
  const then = next
    ? `${next.kid.slice(0, 8)}… from ${minute(next.signsFrom)}`
    : `next on ${day(dueAt(keys, everyDays))}`
  return `${environment} ${signing.kid.slice(0, 8)}… since ${day(signing.signsFrom)} (${then})`
}

export interface Standing {
  readonly config: Config
  readonly addresses: Readonly<Record<ListenerName, ListenerAddress>>
  readonly databases: Databases
  /** Those that this process serves. */
  readonly gateways: Gateways
  /** Those that it can administer: the same, and what it reaches in other processes. */
  readonly administrations: Administrations
  readonly control: Pick<ControlPlane, 'grants'> | undefined
  readonly tls: Tls
}

/** How each part of this process stands, by name: what `countersign status` shows. A part that rejects does not stand. */
export function statusParts({
  config,
  addresses,
  databases,
  gateways,
  administrations,
  control,
  tls,
}: Standing) {
  const served = (name: ListenerName) =>
    config.roles.includes(name) ? addresses[name].url : 'not served by this process'
  const environment = (name: 'sandbox' | 'production') => async () => {
    await gateways[name]?.ping()
    // Asked over the way that everything else will be asked.
    if (!gateways[name]) await administrations[name]?.keys({})
    return { url: served(name) }
  }
  const known = Object.values(administrations)
  return {
    database: async () => {
      await databases.ping()
      return { engine: databases.description }
    },
    portal: async () => ({ url: served('portal') }),
    sandbox: environment('sandbox'),
    production: environment('production'),
    keys: async () =>
      Object.fromEntries(
        await Promise.all(
          known.map(async (one) => [one.environment, await keysOf(one, config.signingKeyDays)] as const),
        ),
      ),
    ...(control ? { grants: () => control.grants() } : {}),
    certificate: async () => ({ authority: tls.caFile ?? 'your own' }),
    version: async () => ({ version: VERSION, node: process.version }),
  }
}
