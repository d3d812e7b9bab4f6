/** Companies with people in every role, the partner desk, and contracts as far as a test wants them. */
import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { OrganizationId, PersonId } from '../../src/kernel/ids.ts'
import type { Membership, OrganizationType, Role } from '../../src/partners/organizations/index.ts'
import type { Tx } from '../../src/platform/database/index.ts'
import { aVerifiedPerson, type Control, PASSWORD } from './control.ts'

/** Everybody of a test signs up from one address. */
export const MANY_SIGN_UPS = { limits: { 'sign-up/visitor': { attempts: 10_000, windowMs: 1_000 } } } as const

/** Cookies by role, and the company that they belong to. */
export interface Company {
  readonly organizationId: OrganizationId
  readonly name: string
  readonly administrator: string
  /** Empty where there is none. */
  readonly signatory: string
  readonly viewer: string
  /** The administrator's. */
  readonly membership: Membership
}

let serial = 0

/** Somebody who has signed up, and left the company that this made. */
async function aPerson(control: Control) {
  const { email, cookie } = await aVerifiedPerson(control, `Left by somebody ${++serial}`)
  const person = await control.people.find(email)
  assert.ok(person)
  await control.organizations.leave(person.id, { kind: 'operator' })
  return { id: person.id, email, cookie }
}

const join = (control: Control, organizationId: OrganizationId, personId: PersonId, role: Role) =>
  control.database.transaction({ role: 'staff' }, (tx) =>
    sql`insert into memberships (organization_id, person_id, role, since)
      values (${organizationId}, ${personId}, ${role}, now())`.execute(tx),
  )

const ROLES = ['administrator', 'signatory', 'viewer'] as const
type CastRole = (typeof ROLES)[number]
/** People who play the roles of one company after the other: signing somebody up takes time. */
export type Cast = Readonly<Record<CastRole, { readonly id: PersonId; readonly cookie: string }>>

export async function aCast(control: Control): Promise<Cast> {
  const cast: Partial<Record<CastRole, Cast[CastRole]>> = {}
  for (const role of ROLES) cast[role] = await aPerson(control)
  return cast as Cast
}

/** A new company, which the cast belongs to from here on, and to no other. */
export async function aCompany(
  control: Control,
  cast: Cast,
  type: OrganizationType = 'provider',
  { signatory = true }: { readonly signatory?: boolean } = {},
): Promise<Company> {
  const name = `Larkspur Orthopedics ${++serial}`
  const organization = await control.organizations.create({ name, type })
  for (const role of ROLES) {
    await control.organizations.leave(cast[role].id, { kind: 'operator' })
    if (role !== 'signatory' || signatory) await join(control, organization.id, cast[role].id, role)
  }
  return {
    organizationId: organization.id,
    name,
    administrator: cast.administrator.cookie,
    signatory: signatory ? cast.signatory.cookie : '',
    viewer: cast.viewer.cookie,
    membership: { organization, personId: cast.administrator.id, role: 'administrator' },
  }
}

/** Somebody of the operator. */
export async function aDeskPerson(
  control: Control,
  role: 'partner-desk' | 'auditor' = 'partner-desk',
  environment: 'sandbox' | 'production' = 'production',
) {
  const person = await aPerson(control)
  const granted = { email: person.email, role, environment, payers: 'all' } as const
  await control.operators.grant(granted, { kind: 'operator' })
  return person
}

export interface OfferedContract {
  readonly requestId: string
  readonly contractId: string
  readonly textHash: string
  readonly text: string
}

const asker = (control: Control) => async (cookie: string, path: string, body?: object) => {
  const answer = await control.call(body === undefined ? 'GET' : 'POST', path, body, { cookie })
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A contract that the company has been offered. */
export async function toOffered(
  control: Control,
  company: Pick<Company, 'administrator'>,
  desk: string,
  wish: object = {},
  conditions: object = {},
): Promise<OfferedContract> {
  const ask = asker(control)
  const requests = '/api/production-requests'
  const wanted = { plan: 'standard', products: ['inquiry', 'submission'], ...wish }
  const { id } = await ask(company.administrator, requests, wanted)
  await ask(company.administrator, `${requests}/${id}/submit`, { version: 1 })
  await ask(desk, `/api/operator${requests.slice(4)}/${id}/review`, { version: 2 })
  const offer = { version: 3, ...conditions }
  const { contract } = await ask(desk, `/api/operator${requests.slice(4)}/${id}/offer`, offer)
  const { text } = await ask(company.administrator, `/api/contracts/${contract.id}`)
  return { requestId: id, contractId: contract.id, textHash: contract.textHash, text }
}

export const aSignature = (textHash: string, name = 'Ada Larkspur', title = 'Chief Operating Officer') => ({
  textHash,
  name,
  title,
  intent: true,
  consent: true,
  authority: true,
  password: PASSWORD,
})

/** A contract that both sides have signed. */
export async function toCountersigned(
  control: Control,
  company: Pick<Company, 'administrator' | 'signatory'>,
  desk: string,
  wish: object = {},
  conditions: object = {},
): Promise<OfferedContract> {
  const ask = asker(control)
  const offered = await toOffered(control, company, desk, wish, conditions)
  const { contractId, textHash } = offered
  const signer = company.signatory || company.administrator
  await ask(signer, `/api/contracts/${contractId}/sign`, aSignature(textHash))
  const countersignature = aSignature(textHash, 'Dora Desk', 'Partner desk')
  await ask(desk, `/api/operator/contracts/${contractId}/countersign`, countersignature)
  return offered
}

/** That a company may have a product in production, by a subscription that nobody accepted. */
export async function anEntitlement(tx: Tx, organizationId: string, product: string): Promise<void> {
  const id = `sub_${organizationId}`
  await sql`insert into subscriptions (id, organization_id, plan_id, plan_version, terms, terms_hash, accepted_by,
      accepted_at, address, user_agent)
    values (${id}, ${organizationId}, 'pay-as-you-go', 1, 'x', repeat('0', 64), 'per_x', now(), 'x', 'x')
    on conflict do nothing`.execute(tx)
  await sql`insert into entitlements (id, organization_id, basis, basis_id, products, from_at, made_at)
    values (${`ent_${organizationId}`}, ${organizationId}, 'subscription', ${id}, array[${product}::text], now(), now())
    on conflict do nothing`.execute(tx)
}
