import type { FastifyPluginAsync } from 'fastify'
import { type Log, openRecorder, record } from '../audit/index.ts'
import { openAdmissions } from '../cases/admissions/index.ts'
import { openDocuments } from '../cases/documents/index.ts'
import { openRecord } from '../cases/record/index.ts'
import { type Access, type AccessAlert, openAccess } from '../gateway/access/index.ts'
import {
  type AdministrationDeps,
  type GatewayAdministration,
  keepKeys,
  openAdministration,
} from '../gateway/administration/index.ts'
import { openBatches, pruneBatches } from '../gateway/batches/index.ts'
import { openCaseFiles } from '../gateway/case-files/index.ts'
import { type KeySetFetcher, pruneAssertions, pruneRevokedTokens } from '../gateway/clients/index.ts'
import { openConnectors } from '../gateway/connectors/index.ts'
import {
  batchRoutes,
  compatibleRoutes,
  coreRoutes,
  type DoorDeps,
  itemRunner,
  resourceRoutes,
} from '../gateway/doors/index.ts'
import {
  type ExchangeDeps,
  type MemberQuestion,
  openExchange,
  sendDue,
  settleDue,
  type WhoSaw,
  whoSaw,
} from '../gateway/exchange/index.ts'
import { pruneAnswers } from '../gateway/idempotency/index.ts'
import { openLeaks } from '../gateway/leaks/index.ts'
import { leakRoutes } from '../gateway/leaks/routes.ts'
import { openLimits, type Quotas } from '../gateway/limits/index.ts'
import { openApiRoutes } from '../gateway/openapi/index.ts'
import { payerKeys } from '../gateway/payers/index.ts'
import { openSimulator, type SimulatorDeps, seedSandbox } from '../gateway/simulator/index.ts'
import type { Environment } from '../kernel/actor.ts'
import type { Random } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Database } from '../platform/database/index.ts'
import type { Egress } from '../platform/egress/index.ts'
import { allowOriginOf } from '../platform/http/index.ts'
import type { Peppers, Vault } from '../platform/secrets/index.ts'
import { openAdjudication } from '../utilization/adjudication/index.ts'
import { openPolicies } from '../utilization/policies/index.ts'
import { openRules } from '../utilization/rules/index.ts'

export interface GatewayDeps {
  readonly environment: Environment
  readonly database: Database
  readonly vault: Vault
  readonly peppers: Peppers
  readonly clock: Clock
  readonly random: Random
  /** The URL that partners reach it by: issuer and audience of its tokens. */
  readonly url: string
  /** The URL of the portal, whose pages may call the sandbox from a browser to try it out; production is called by none. */
  readonly portalUrl: string
  /** The other environment's, to tell callers who mixed the two up. */
  readonly otherUrl: string
  readonly version: string
  /** Quotas in place of the published ones. */
  readonly quotas?: Quotas
  /** The way out to where clients publish their keys. */
  readonly fetcher: KeySetFetcher
  /** The way out to payers that are asked over a connection. */
  readonly egress: Egress
  /** Told of each alert about a client: for the log. */
  readonly onAlert?: (alert: AccessAlert) => void
  /** Told of work after an answer that failed: for the log. */
  readonly onFailure?: (error: unknown) => void
  /** How long a signing key signs before the schedule rotates it, in days. */
  readonly signingKeyDays: number
  /** How a sandbox waits where it is asked to be late, and a reader for events; with a timer when left out. */
  readonly pause?: SimulatorDeps['pause']
}

/** One environment, whole: nothing in it knows the other. */
export interface Gateway {
  readonly environment: Environment
  readonly access: Access
  readonly administration: GatewayAdministration
  readonly routes: readonly FastifyPluginAsync[]
  /** Its audit record, and what that is sealed with. */
  readonly log: Log
  /** Who saw or touched a member's cases. @throws Problem `state/not-found` no payer goes by that id */
  whoSaw(question: MemberQuestion): Promise<WhoSaw>
  /** Whether its database answers. */
  ping(): Promise<void>
  /** Removes what is past its time. For a timer. */
  prune(): Promise<void>
  /** Does to the cases of a sandbox what has come due. For a timer. */
  settleDue(): Promise<number>
  /** Sends again what has not reached its payer, and asks payers what became of what they have. For a timer. */
  sendDue(): Promise<number>
  /**
   * Works through the batches that wait. For a timer.
   *
   * @param goesOn asked now and then; false lets it stop early
   * @returns how many items ended
   */
  workBatches(goesOn?: () => boolean): Promise<number>
  /** Rotates the signing key when it is due. For a timer. */
  keepKeys(): Promise<void>
  close(): Promise<void>
}

/** The environments that this process serves. */
export type Gateways = Readonly<Partial<Record<Environment, Gateway>>>

/** Opens an environment: its keys are made on its first start, and a sandbox is given its synthetic payers. */
export async function openGateway(deps: GatewayDeps): Promise<Gateway> {
  const { environment, database, vault, clock, random, url } = deps
  const recorder = openRecorder(database, random)
  const limits = openLimits({ clock, ...(deps.quotas && { quotas: deps.quotas }) })
  const access = await openAccess({
    environment,
    limits,
    database,
    vault,
    peppers: deps.peppers,
    clock,
    random,
    recorder,
    onAlert: deps.onAlert ?? (() => undefined),
    onFailure: deps.onFailure ?? (() => undefined),
    issuer: url,
    audience: url,
    otherIssuer: deps.otherUrl,
    fetcher: deps.fetcher,
  })
  const keyOf = payerKeys(vault).of
  const caseRecord = openRecord({ environment, vault, keyOf, random })
  const admissions = openAdmissions({ vault, keyOf, random })
  // Production has none: what is not there cannot be switched on.
  const simulator =
    environment === 'sandbox'
      ? openSimulator({ database, clock, ...(deps.pause && { pause: deps.pause }) })
      : undefined
  const administrationDeps: AdministrationDeps = {
    environment,
    database,
    vault,
    peppers: deps.peppers,
    clock,
    random,
    record: (tx, entry) => record(tx, entry, random),
    issuer: url,
    baseUrl: url,
    refresh: () => access.refresh(),
    whoSaw: (question) => whoSaw({ database, record: caseRecord, admissions, clock, random }, question),
    ...(simulator && {
      simulator: { ...simulator, settleDue: () => settleDue(exchangeDeps, database) },
    }),
  }
  const policies = openPolicies()
  if (environment === 'sandbox') await seedSandbox(database, { vault, policies, clock, random })
  const rules = openRules()
  const exchangeDeps: ExchangeDeps = {
    database,
    record: caseRecord,
    admissions,
    connectors: openConnectors({
      adjudication: openAdjudication({ rules, policies }),
      database,
      vault,
      egress: deps.egress,
      clock,
      random,
    }),
    onFailure: deps.onFailure ?? (() => undefined),
    rules,
    clock,
    random,
    ...(simulator && { simulator }),
  }
  const exchange = openExchange(exchangeDeps)
  const leaks = openLeaks({
    environment,
    database,
    peppers: deps.peppers,
    clock,
    random,
    onAlert: deps.onAlert ?? (() => undefined),
    onFailure: deps.onFailure ?? (() => undefined),
  })
  const batches = openBatches({
    database,
    vault,
    access,
    clock,
    random,
    onFailure: deps.onFailure ?? (() => undefined),
  })
  const ping = () => database.engine.ping()
  const doors: DoorDeps = {
    environment,
    database,
    access,
    exchange,
    caseFiles: openCaseFiles({
      database,
      record: caseRecord,
      documents: openDocuments({ keyOf, random }),
      vault,
      clock,
      random,
      ...(deps.pause && { pause: deps.pause }),
    }),
    batches,
    limits,
    idempotency: { database, vault, keyOf },
    recorder,
    ...(simulator && { simulator }),
    clock,
    random,
    version: deps.version,
    isReady: () =>
      ping().then(
        () => true,
        () => false,
      ),
  }
  const runItem = itemRunner(doors)
  return {
    environment,
    access,
    administration: openAdministration(administrationDeps),
    routes: [
      ...(environment === 'sandbox' ? [allowOriginOf(deps.portalUrl)] : []),
      // Before the others, as it describes those that follow.
      openApiRoutes({ environment, url, version: deps.version }),
      access.routes,
      compatibleRoutes(doors),
      resourceRoutes(doors),
      coreRoutes(doors),
      batchRoutes(doors),
      leakRoutes({ leaks, limit: limits.countReport }),
    ],
    log: { database, vault },
    whoSaw: administrationDeps.whoSaw,
    ping,
    prune: async () => {
      await pruneAnswers(database, clock.now())
      await pruneAssertions(database, clock.now())
      await pruneRevokedTokens(database, clock.now())
      await pruneBatches(database, clock.now())
      await access.flush()
      await deps.peppers.refresh()
    },
    settleDue: () => settleDue(exchangeDeps, database),
    sendDue: () => sendDue(exchangeDeps),
    workBatches: (goesOn) => batches.work(runItem, goesOn),
    keepKeys: () => keepKeys(administrationDeps, deps.signingKeyDays),
    close: async () => {
      await leaks.settled()
      // What is counted is worth less than a clean end.
      await access.flush().catch(() => undefined)
      await recorder.close()
      policies.dispose()
    },
  }
}
