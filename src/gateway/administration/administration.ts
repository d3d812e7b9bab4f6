import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { PATHS } from '../access/index.ts'
import {
  type ClientRequest,
  type ClientSummary,
  clientsOf,
  type Grant,
  type RegisteredClient,
  registerClient,
  saveGrant,
} from '../clients/index.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { advanceClock } from './advance-clock.ts'
import { alerts } from './alerts.ts'
import { allowAddresses } from './allow-addresses.ts'
import { createKeyClient } from './create-key-client.ts'
import type { AdministrationDeps } from './deps.ts'
import { announceOutage, endOutage, importPayers, listDirectory } from './directory.ts'
import { endTokens } from './end-tokens.ts'
import { keys } from './keys.ts'
import { addPepper, peppers, retirePepper } from './peppers.ts'
import { registerKeys } from './register-keys.ts'
import { revokeClient } from './revoke-client.ts'
import { revokeSecret } from './revoke-secret.ts'
import { rotateKeys } from './rotate-keys.ts'
import { rotateSecret } from './rotate-secret.ts'
import { importRules, publishPolicy } from './rules.ts'
import { secrets } from './secrets.ts'
import { setScenario } from './set-scenario.ts'
import { listUpstreams, removeUpstream, setUpstream } from './upstreams.ts'
import { whoSaw } from './who-saw.ts'

export interface NewClient extends RegisteredClient {
  readonly environment: Environment
  readonly label: string
  readonly tokenUrl: string
  readonly baseUrl: string
}

/** What the control plane may ask of one environment. It has no other way in. */
export interface GatewayAdministration {
  readonly environment: Environment
  /**
   * Makes a grant the one in force for its organization. Deliver it as often as you like: a version that was applied
   * before, or is lower than the newest, changes nothing. When it resolves, the very next call to this process is judged
   * by it, and within a second every call to any other of the environment.
   */
  applyGrant(grant: Grant, actor: Actor): Promise<void>
  /**
   * Makes a client and its secret, which is in this answer and nowhere else.
   *
   * @throws Problem `access/no-grant`, `access/scope-not-allowed`, `request/invalid`
   */
  createClient(request: ClientRequest, actor: Actor): Promise<NewClient>
  /** An organization's clients, oldest first. */
  clients(organizationId: OrganizationId): Promise<readonly ClientSummary[]>
  /** @see create-key-client.ts */
  createKeyClient: ReturnType<typeof createKeyClient>
  /** @see register-keys.ts */
  registerKeys: ReturnType<typeof registerKeys>
  /** @see secrets.ts */
  secrets: ReturnType<typeof secrets>
  /** @see rotate-secret.ts */
  rotateSecret: ReturnType<typeof rotateSecret>
  /** @see revoke-secret.ts */
  revokeSecret: ReturnType<typeof revokeSecret>
  /** @see allow-addresses.ts */
  allowAddresses: ReturnType<typeof allowAddresses>
  /** @see alerts.ts */
  alerts: ReturnType<typeof alerts>
  /** @see acknowledge-alert.ts */
  acknowledgeAlert: ReturnType<typeof acknowledgeAlert>
  /** @see peppers.ts */
  peppers: ReturnType<typeof peppers>
  addPepper: ReturnType<typeof addPepper>
  retirePepper: ReturnType<typeof retirePepper>
  /** @see end-tokens.ts */
  endTokens: ReturnType<typeof endTokens>
  /** @see revoke-client.ts */
  revokeClient: ReturnType<typeof revokeClient>
  /** @see keys.ts */
  keys: ReturnType<typeof keys>
  /** @see rotate-keys.ts */
  rotateKeys: ReturnType<typeof rotateKeys>
  /** @see who-saw.ts */
  whoSaw: ReturnType<typeof whoSaw>
  /** @see set-scenario.ts */
  setScenario: ReturnType<typeof setScenario>
  /** @see advance-clock.ts */
  advanceClock: ReturnType<typeof advanceClock>
  /** @see directory.ts */
  listDirectory: ReturnType<typeof listDirectory>
  importPayers: ReturnType<typeof importPayers>
  announceOutage: ReturnType<typeof announceOutage>
  endOutage: ReturnType<typeof endOutage>
  /** @see rules.ts */
  importRules: ReturnType<typeof importRules>
  publishPolicy: ReturnType<typeof publishPolicy>
  /** @see upstreams.ts */
  setUpstream: ReturnType<typeof setUpstream>
  listUpstreams: ReturnType<typeof listUpstreams>
  removeUpstream: ReturnType<typeof removeUpstream>
}

/** The administration of an environment that runs in this process. */
export function openAdministration(deps: AdministrationDeps): GatewayAdministration {
  const { environment, database, clock, record } = deps
  const asStaff = <T>(work: (tx: Tx) => Promise<T>) => database.transaction({ role: 'staff' }, work)
  const done = (act: string, on: string, organizationId: OrganizationId, actor: Actor) =>
    ({ at: clock.now(), actor, act, on, organizationId, outcome: 'done' }) as const
  /** What ends access is acknowledged once this very process lets nobody in on it. */
  const thenKnown =
    <R, A>(operation: (request: R, actor: Actor) => Promise<A>) =>
    async (request: R, actor: Actor): Promise<A> => {
      const answer = await operation(request, actor)
      // It is stored: should this fail, every node knows within a second all the same.
      await deps.refresh().catch(() => undefined)
      return answer
    }
  return {
    environment,
    applyGrant: async (grant, actor) => {
      await asStaff(async (tx) => {
        if (!(await saveGrant(tx, grant, clock.now()))) return
        const detail = { version: grant.version, scopes: grant.scopes.join(' ') }
        await record(tx, { ...done('grant.apply', grant.id, grant.organizationId, actor), detail })
      })
      // Also of a version that was there before: its first delivery may have failed between here and there.
      await deps.refresh()
    },
    createClient: async (request, actor) => {
      // A node that has not looked for long might take a pepper that is retired by now.
      await deps.peppers.refresh()
      return asStaff(async (tx) => {
        const client = await registerClient(deps, tx, request)
        const detail = { scopes: client.scopes.join(' ') }
        await record(tx, { ...done('client.create', client.clientId, request.organizationId, actor), detail })
        return {
          ...client,
          environment,
          label: request.label.trim(),
          tokenUrl: deps.issuer + PATHS.token,
          baseUrl: deps.baseUrl,
        }
      })
    },
    createKeyClient: createKeyClient(deps),
    registerKeys: registerKeys(deps),
    secrets: secrets(deps),
    rotateSecret: rotateSecret(deps),
    revokeSecret: thenKnown(revokeSecret(deps)),
    allowAddresses: thenKnown(allowAddresses(deps)),
    alerts: alerts(deps),
    acknowledgeAlert: acknowledgeAlert(deps),
    peppers: peppers(deps),
    addPepper: addPepper(deps),
    retirePepper: retirePepper(deps),
    clients: (organizationId) => asStaff((tx) => clientsOf(tx, organizationId)),
    endTokens: thenKnown(endTokens(deps)),
    revokeClient: thenKnown(revokeClient(deps)),
    keys: keys(deps),
    rotateKeys: thenKnown(rotateKeys(deps)),
    whoSaw: whoSaw(deps),
    setScenario: setScenario(deps),
    advanceClock: advanceClock(deps),
    listDirectory: listDirectory(deps),
    importPayers: importPayers(deps),
    announceOutage: announceOutage(deps),
    endOutage: endOutage(deps),
    importRules: importRules(deps),
    publishPolicy: publishPolicy(deps),
    setUpstream: setUpstream(deps),
    listUpstreams: listUpstreams(deps),
    removeUpstream: removeUpstream(deps),
  }
}
