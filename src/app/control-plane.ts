import type { FastifyPluginAsync } from 'fastify'
import type { GatewayAdministration } from '../gateway/administration/index.ts'
import type { Environment } from '../kernel/actor.ts'
import type { Random } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { OperatorParty } from '../partners/agreements/index.ts'
import { agreementRoutes } from '../partners/agreements/routes.ts'
import { planRoutes } from '../partners/catalogue/routes.ts'
import { openContracts } from '../partners/contracts/index.ts'
import { contractDeskRoutes, contractRoutes, operatorContractRoutes } from '../partners/contracts/routes.ts'
import { openCredentials } from '../partners/credentials/index.ts'
import { credentialRoutes, operatorCredentialRoutes } from '../partners/credentials/routes.ts'
import { openOperators } from '../partners/operators/index.ts'
import { operatorPeopleRoutes, operatorPortalRoutes } from '../partners/operators/routes.ts'
import { openOrganizations } from '../partners/organizations/index.ts'
import { operatorRoutes } from '../partners/organizations/routes.ts'
import { openPeople } from '../partners/people/index.ts'
import { peopleRoutes } from '../partners/people/routes.ts'
import { openQuestions } from '../partners/questions/index.ts'
import { questionDeskRoutes, questionRoutes } from '../partners/questions/routes.ts'
import { openSubscriptions } from '../partners/subscriptions/index.ts'
import { operatorGrantRoutes, subscriptionRoutes } from '../partners/subscriptions/routes.ts'
import type { Database } from '../platform/database/index.ts'
import { openOutbox } from '../platform/mail/index.ts'
import type { Vault } from '../platform/secrets/index.ts'
import { operatorSandboxRoutes } from './operator-sandbox.ts'

export interface ControlPlaneDeps {
  readonly database: Database
  readonly vault: Vault
  readonly gateways: Readonly<Record<Environment, GatewayAdministration>>
  readonly clock: Clock
  readonly random: Random
  /** The URL that people reach the portal by. */
  readonly url: string
  /** Who signs contracts for this side. */
  readonly operator: OperatorParty
  readonly sandbox: { readonly baseUrl: string; readonly tokenUrl: string; readonly caFile?: string }
  /** Whether the portal shows the outbox, links and all. Only where nobody but the people of this machine reaches it. */
  readonly showsOutbox: boolean
  /** Where the development outbox keeps what would have been sent. */
  readonly outboxDirectory: string
  readonly onError: (error: unknown) => void
}

/** People, companies and what they may do. It reaches the gateways by their administration and no other way. */
export interface ControlPlane {
  /** For the portal's listener. */
  readonly routes: readonly FastifyPluginAsync[]
  /** For the socket that only the operator can open. */
  readonly operatorRoutes: readonly FastifyPluginAsync[]
  /** Delivers what a gateway has not acknowledged, and removes what is past its time. For a timer. */
  keepUp(): Promise<void>
  /** How its grants stand. @throws Error while one that takes something away is not acknowledged by its gateway */
  grants(): Promise<{ readonly waiting: string }>
  close(): Promise<void>
}

export async function openControlPlane(deps: ControlPlaneDeps): Promise<ControlPlane> {
  const { database, vault, gateways, clock, random, url, operator } = deps
  const outbox = await openOutbox({ directory: deps.outboxDirectory, clock, random })
  const common = { database, clock, random }
  const portalUrl = () => url
  const people = openPeople({
    ...common,
    mailer: outbox,
    portalUrl,
    cookieSecret: Buffer.from(vault.keyedHash('session-cookie', 'v1')).toString('hex'),
    onError: deps.onError,
  })
  const organizations = openOrganizations(common)
  const operators = openOperators({ ...common, people, organizations, gateways })
  const subscriptions = openSubscriptions({ ...common, gateways, operatorName: operator.name })
  const contracts = openContracts({ ...common, vault, people, organizations, subscriptions, operator })
  const questions = openQuestions(common)
  const credentials = openCredentials({
    ...common,
    people,
    organizations,
    operators,
    subscriptions,
    gateways,
  })
  return {
    routes: [
      peopleRoutes({
        people,
        portalUrl,
        welcome: async (person) => {
          const { membership, credential } = await credentials.openSandbox(person)
          return {
            organization: membership.organization,
            credentials: credential,
          }
        },
        companyOf: async (person) => (await credentials.settle(person))?.organization,
        sandbox: () => deps.sandbox,
        ...(deps.showsOutbox ? { outbox } : {}),
      }),
      credentialRoutes({ people, credentials, portalUrl }),
      operatorPortalRoutes({ people, operators, portalUrl }),
      subscriptionRoutes({ database, people, credentials, subscriptions, portalUrl }),
      contractRoutes({ people, credentials, contracts, clock, portalUrl }),
      questionRoutes({ people, credentials, questions, portalUrl }),
      questionDeskRoutes({ people, operators, questions, portalUrl }),
      agreementRoutes({ database, clock, people, operators, operator, portalUrl }),
      planRoutes({ database, clock, people, operators, portalUrl }),
      contractDeskRoutes({ people, operators, organizations, contracts, clock, portalUrl }),
    ],
    operatorRoutes: [
      operatorRoutes({
        organizations,
        onCreated: (organization) => subscriptions.grantSandbox(organization, { kind: 'operator' }),
      }),
      operatorCredentialRoutes({ organizations, credentials }),
      operatorGrantRoutes({ organizations, subscriptions }),
      operatorContractRoutes({ contracts, clock }),
      operatorPeopleRoutes(operators),
      operatorSandboxRoutes({ organizations, gateways }),
    ],
    keepUp: async () => {
      await subscriptions.settleDue()
      await subscriptions.deliverPending()
      await people.prune()
      await subscriptions.requireAcknowledged()
    },
    grants: async () => {
      const { pending } = await subscriptions.requireAcknowledged()
      return {
        waiting: pending === 0 ? 'each is acknowledged by its gateway' : `${pending} not acknowledged yet`,
      }
    },
    close: () => people.settled(),
  }
}
