import type { GrantedProvider } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { isNpi } from '../../kernel/npi.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import { type ChangedGrant, changeGrant } from './change.ts'
import type { SubscriptionsDeps } from './deps.ts'

export interface ProviderRegistration {
  readonly organizationId: OrganizationId
  readonly environment: Environment
  readonly npi: string
  readonly relation: GrantedProvider['relation']
  readonly tenantId?: string
  /** Now when absent. */
  readonly from?: Instant
  readonly until?: Instant
  /** SHA-256, hexadecimal, of the document by which a provider gives its authority; needed for one that is represented. */
  readonly authority?: string
}

/**
 * Registers a provider that a company is or represents, after the operator has seen who it is. The same NPI again takes
 * the place of what was said of it before.
 *
 * @throws Problem `access/no-grant`; `request/invalid` with every fault
 */
export async function registerProvider(
  deps: SubscriptionsDeps,
  registration: ProviderRegistration,
  actor: Actor,
): Promise<ChangedGrant> {
  const { organizationId, environment, npi, relation, tenantId, until, authority } = registration
  requireFit(registration)
  return changeGrant(
    deps,
    organizationId,
    environment,
    actor,
    async (_tx, { providers = [] }, now) => {
      const { from = now } = registration
      const provider: GrantedProvider = {
        npi,
        relation,
        from,
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(until === undefined ? {} : { until }),
      }
      return { providers: [...providers.filter((known) => known.npi !== npi), provider] }
    },
    { provider: npi, relation, ...(authority === undefined ? {} : { authority }) },
  )
}

/**
 * Ends what a company may do for a provider, now. Its gateway refuses it on the next call.
 *
 * @throws Problem `access/no-grant`; `state/not-found` the provider is not registered, or has ended
 */
export function endProvider(
  deps: SubscriptionsDeps,
  { organizationId, environment, npi }: Pick<ProviderRegistration, 'organizationId' | 'environment' | 'npi'>,
  actor: Actor,
): Promise<ChangedGrant> {
  return changeGrant(
    deps,
    organizationId,
    environment,
    actor,
    async (_tx, { providers = [] }, now) => {
      const isLive = ({ until }: GrantedProvider) => until === undefined || now < until
      if (!providers.some((known) => known.npi === npi && isLive(known)))
        throw new Problem('state/not-found', 'The company acts for no provider with this NPI there.')
      // One that has not begun never does.
      const ended = providers.flatMap((known) => {
        if (known.npi !== npi) return [known]
        return known.from < now ? [{ ...known, until: now }] : []
      })
      return { providers: ended }
    },
    { ended: npi },
  )
}

function requireFit({ npi, relation, from, until, authority }: ProviderRegistration): void {
  const faults: Fault[] = []
  if (!isNpi(npi))
    faults.push({ at: '/npi', message: 'expected ten digits, the last of which checks the others' })
  if (from !== undefined && until !== undefined && until <= from)
    faults.push({ at: '/until', message: 'expected a moment after /from' })
  if (relation === 'represented' && authority === undefined)
    faults.push({
      at: '/authority',
      message: 'expected the document by which the provider gives its authority',
      remedy: 'A company needs none for a provider that it is itself.',
    })
  if (authority !== undefined && !/^[0-9a-f]{64}$/.test(authority))
    faults.push({ at: '/authority', message: 'expected a SHA-256 in hexadecimal' })
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The provider cannot be registered like this.', { faults })
}
