import type { OrganizationId } from '../../kernel/ids.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person } from '../people/index.ts'
import { allow } from './allow.ts'
import { create, type Wanted } from './create.ts'
import type { CredentialsDeps } from './deps.ts'
import { type Disabling, disable, endTokens } from './disable.ts'
import { list } from './list.ts'
import type { Credential, FreshCredential, FreshSecret, Requester } from './model.ts'
import { type OpenedSandbox, openSandbox, requireMembership, settle } from './open-sandbox.ts'
import { type KeysFor, registerKeys } from './register-keys.ts'
import { revoke } from './revoke.ts'
import { type RotationWanted, rotate } from './rotate.ts'

export interface Credentials {
  /** @see openSandbox */
  openSandbox(person: Person): Promise<OpenedSandbox>
  /** @see settle */
  settle(person: Person): Promise<Membership | undefined>
  /** @throws Problem `access/role-missing` when the person belongs to no company */
  requireMembership(person: Person): Promise<Membership>
  /** @see create */
  create(requester: Requester, wanted: Wanted): Promise<FreshCredential>
  /** @see registerKeys */
  registerKeys(requester: Requester, wanted: KeysFor): Promise<void>
  /** @see rotate */
  rotate(requester: Requester, wanted: RotationWanted): Promise<FreshSecret>
  /** @see disable */
  disable(requester: Requester, disabling: Disabling): Promise<void>
  /** @see endTokens */
  endTokens(requester: Requester, of: Pick<Disabling, 'clientId'>): Promise<void>
  /** @see revoke */
  revoke(requester: Requester, secret: Parameters<typeof revoke>[2]): Promise<void>
  /** @see allow */
  allow(requester: Requester, wanted: Parameters<typeof allow>[2]): Promise<readonly string[]>
  /** @see list */
  list(organizationId: OrganizationId): Promise<readonly Credential[]>
}

export function openCredentials(deps: CredentialsDeps): Credentials {
  return {
    openSandbox: (person) => openSandbox(deps, person),
    settle: (person) => settle(deps, person),
    requireMembership: (person) => requireMembership(deps, person),
    create: (requester, wanted) => create(deps, requester, wanted),
    registerKeys: (requester, wanted) => registerKeys(deps, requester, wanted),
    rotate: (requester, wanted) => rotate(deps, requester, wanted),
    disable: (requester, disabling) => disable(deps, requester, disabling),
    endTokens: (requester, of) => endTokens(deps, requester, of),
    revoke: (requester, secret) => revoke(deps, requester, secret),
    allow: (requester, wanted) => allow(deps, requester, wanted),
    list: (organizationId) => list(deps, organizationId),
  }
}
