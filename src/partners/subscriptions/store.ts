import { type Selectable, sql } from 'kysely'
import type { Grant, GrantedProvider, Scope } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Id, OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Entitlement } from './entitlement.ts'
import type { Subscription } from './subscription.ts'

type Tables = {
  grants: {
    id: string
    organization_id: string
    organization_name: string
    environment: Environment
    version: number
    products: string[]
    scopes: Scope[]
    providers: unknown
    from_at: string
    until_at: string | null
    issued_at: string
    state: 'pending' | 'acknowledged'
    acknowledged_at: string | null
  }
  organizations: { id: string; name: string }
  entitlements: {
    id: string
    organization_id: string
    basis: Entitlement['basis']
    basis_id: string
    products: string[]
    from_at: string
    until_at: string | null
    made_at: string
  }
  subscriptions: {
    id: string
    organization_id: string
    plan_id: string
    plan_version: number
    terms: string
    terms_hash: string
    accepted_by: string
    accepted_at: string
    address: string
    user_agent: string
    ended_at: string | null
  }
}

/** A grant as issued here, and whether its gateway has said that it holds. */
export interface IssuedGrant {
  readonly environment: Environment
  readonly state: 'pending' | 'acknowledged'
  readonly grant: Grant
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()
const instant = (text: string) => Date.parse(text) as Instant

/** @returns false when that version was issued already */
export async function insertGrant(
  tx: Tx,
  environment: Environment,
  grant: Grant,
  issuedAt: Instant,
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('grants')
    .values({
      id: grant.id,
      organization_id: grant.organizationId,
      organization_name: grant.organizationName,
      environment,
      version: grant.version,
      products: [...grant.products],
      scopes: [...grant.scopes],
      providers: grant.providers === undefined ? null : JSON.stringify(grant.providers),
      from_at: moment(grant.from),
      until_at: grant.until === undefined ? null : moment(grant.until),
      issued_at: moment(issuedAt),
      state: 'pending',
      acknowledged_at: null,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'environment', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** The grant that counts: the latest version. */
export async function findLatest(
  tx: Tx,
  organizationId: OrganizationId,
  environment: Environment,
): Promise<IssuedGrant | undefined> {
  const row = await db(tx)
    .selectFrom('grants')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('environment', '=', environment)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return row && issuedGrantOf(row)
}

/** Those that no gateway has acknowledged; of each company the earlier version first. */
export async function findPending(
  tx: Tx,
  environment: Environment,
  organizationId: OrganizationId | undefined,
  atMost: number,
): Promise<readonly IssuedGrant[]> {
  const rows = await db(tx)
    .selectFrom('grants')
    .selectAll()
    .where('state', '=', 'pending')
    .where('environment', '=', environment)
    .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId ?? ''))
    .orderBy('issued_at')
    .orderBy('version')
    .limit(atMost)
    .execute()
  return rows.map(issuedGrantOf)
}

/** Waits until no other transaction changes the grants of a company in an environment; held until the transaction ends. */
export async function lockGrants(
  tx: Tx,
  organizationId: OrganizationId,
  environment: Environment,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(
    current_schema() || '.grants.' || ${organizationId}::text || '.' || ${environment}::text, 0))`.execute(tx)
}

export async function countPending(tx: Tx): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from grants where state = 'pending'`.execute(tx)
  return rows[0]?.n ?? 0
}

/** Grants that wait since before a moment, and hold less than the version that their gateway knows may hold. */
export async function findOverdueWithdrawals(
  tx: Tx,
  before: Instant,
): Promise<readonly { readonly id: string; readonly environment: Environment }[]> {
  const { rows } = await sql<{ id: string; environment: Environment }>`
    select later.id, later.environment from grants as later
    where later.state = 'pending' and later.issued_at < ${moment(before)}::timestamptz
      and exists (select from grants as earlier
        where earlier.organization_id = later.organization_id and earlier.environment = later.environment
          and earlier.version < later.version
          and (not earlier.scopes <@ later.scopes or not earlier.products <@ later.products
            or later.until_at < coalesce(earlier.until_at, 'infinity')
            or earlier.providers is distinct from later.providers))
    order by later.issued_at limit 100`.execute(tx)
  return rows
}

/** @returns false when somebody else has marked it already */
export async function markAcknowledged(tx: Tx, grantId: string, at: Instant): Promise<boolean> {
  const marked = await db(tx)
    .updateTable('grants')
    .set({ state: 'acknowledged', acknowledged_at: moment(at) })
    .where('id', '=', grantId)
    .where('state', '=', 'pending')
    .returning('id')
    .executeTakeFirst()
  return marked !== undefined
}

function issuedGrantOf(row: Selectable<Tables['grants']>): IssuedGrant {
  return {
    environment: row.environment,
    state: row.state,
    grant: {
      id: row.id,
      organizationId: row.organization_id as OrganizationId,
      organizationName: row.organization_name,
      version: row.version,
      products: row.products,
      scopes: row.scopes,
      from: instant(row.from_at),
      ...(row.until_at === null ? {} : { until: instant(row.until_at) }),
      // Written by `insertGrant`, moments as numbers.
      ...(row.providers === null ? {} : { providers: row.providers as readonly GrantedProvider[] }),
    },
  }
}

export async function insertEntitlement(tx: Tx, entitlement: Entitlement, at: Instant): Promise<void> {
  await db(tx)
    .insertInto('entitlements')
    .values({
      id: entitlement.id,
      organization_id: entitlement.organizationId,
      basis: entitlement.basis,
      basis_id: entitlement.basisId,
      products: [...entitlement.products],
      from_at: moment(entitlement.from),
      until_at: entitlement.until === undefined ? null : moment(entitlement.until),
      made_at: moment(at),
    })
    .execute()
}

/** Those of a company, whichever their time. */
export async function findEntitlements(
  tx: Tx,
  organizationId: OrganizationId,
): Promise<readonly Entitlement[]> {
  const rows = await db(tx)
    .selectFrom('entitlements')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('from_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as Id<'entitlement'>,
    organizationId,
    basis: row.basis,
    basisId: row.basis_id,
    products: row.products,
    from: instant(row.from_at),
    ...(row.until_at === null ? {} : { until: instant(row.until_at) }),
  }))
}

/** Ends an entitlement at a moment, or at its beginning when that is later. */
export async function endEntitlement(tx: Tx, basisId: string, until: Instant): Promise<void> {
  await sql`update entitlements set until_at = greatest(from_at, ${moment(until)}::timestamptz)
    where basis_id = ${basisId}`.execute(tx)
}

/** Takes a product out of everything that entitles a company to it, or will. */
export async function removeFromEntitlements(
  tx: Tx,
  organizationId: OrganizationId,
  product: string,
): Promise<void> {
  await sql`update entitlements set products = array_remove(products, ${product})
    where organization_id = ${organizationId} and ${product} = any (products)`.execute(tx)
}

/** Companies of whose entitlements one has begun or ended since their latest grant for production was issued. */
export async function findUnsettled(
  tx: Tx,
  now: Instant,
): Promise<readonly { readonly id: OrganizationId; readonly name: string }[]> {
  const { rows } = await sql<{ id: OrganizationId; name: string }>`
    select o.id, o.name from organizations as o
    where exists (select from entitlements as e
      cross join lateral (select coalesce(max(g.issued_at), '-infinity') as issued_at from grants as g
        where g.organization_id = e.organization_id and g.environment = 'production') as latest
      where e.organization_id = o.id
        and (e.from_at > latest.issued_at and e.from_at <= ${moment(now)}::timestamptz
          or e.until_at > latest.issued_at and e.until_at <= ${moment(now)}::timestamptz))
    order by o.id`.execute(tx)
  return rows
}

export async function insertSubscription(tx: Tx, subscription: Subscription): Promise<void> {
  await db(tx)
    .insertInto('subscriptions')
    .values({
      id: subscription.id,
      organization_id: subscription.organizationId,
      plan_id: subscription.plan,
      plan_version: subscription.planVersion,
      terms: subscription.terms,
      terms_hash: subscription.termsHash,
      accepted_by: subscription.acceptedBy,
      accepted_at: moment(subscription.acceptedAt),
      address: subscription.address,
      user_agent: subscription.userAgent,
      ended_at: null,
    })
    .execute()
}

export async function endSubscription(tx: Tx, id: string, at: Instant): Promise<void> {
  await db(tx)
    .updateTable('subscriptions')
    .set({ ended_at: moment(at) })
    .where('id', '=', id)
    .execute()
}

/** The newest first. */
export async function findSubscriptions(
  tx: Tx,
  organizationId: OrganizationId,
): Promise<readonly Subscription[]> {
  const rows = await db(tx)
    .selectFrom('subscriptions')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as Subscription['id'],
    organizationId,
    plan: row.plan_id,
    planVersion: row.plan_version,
    terms: row.terms,
    termsHash: row.terms_hash,
    acceptedBy: row.accepted_by as Subscription['acceptedBy'],
    acceptedAt: instant(row.accepted_at),
    address: row.address,
    userAgent: row.user_agent,
    ...(row.ended_at === null ? {} : { endedAt: instant(row.ended_at) }),
  }))
}
