import { Problem } from '../../kernel/problem.ts'
import type { Session } from '../../platform/database/index.ts'
import type { Caller } from './model.ts'

/**
 * Narrows a caller to the one provider that it chooses, by our name for it or by NPI.
 *
 * Where a company need not say for whom it acts there is nothing to choose from, and a choice changes nothing.
 *
 * @param chosen as sent; absent or empty leaves the caller as it is
 * @throws Problem `access/provider-not-represented`
 */
export function actFor(caller: Caller, chosen: string | undefined): Caller {
  if (chosen === undefined || chosen === '' || caller.providers === 'any') return caller
  const provider = caller.providers.find(({ npi, tenantId }) => chosen === tenantId || chosen === npi)
  if (!provider)
    throw new Problem(
      'access/provider-not-represented',
      'The provider chosen is none that your company is or represents here. Leave the choice out, or choose one of yours.',
    )
  return { ...caller, providers: [provider] }
}

/** As whom a caller's transactions run: what its company sent, and what names a provider that it acts for. */
export function sessionOf({ organizationId, providers }: Caller): Extract<Session, { role: 'tenant' }> {
  return {
    role: 'tenant',
    organization: organizationId,
    providers: providers === 'any' ? 'any' : providers.map(({ npi }) => npi),
  }
}

/**
 * Demands that a request is made in the name of a provider that the company is or represents.
 *
 * @param npi the requester's; absent when the request names it otherwise, which only "any" allows
 * @throws Problem `access/provider-not-represented`
 */
export function requireProvider({ providers }: Caller, npi: string | undefined): void {
  if (providers === 'any' || providers.some((provider) => provider.npi === npi)) return
  throw new Problem(
    'access/provider-not-represented',
    npi === undefined
      ? 'The requester is not named by its NPI, so it cannot be told whether your company may act for it.'
      : 'The requester is no provider that your company is or represents here. Register it with the operator first.',
  )
}
