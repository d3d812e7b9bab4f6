import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Membership, Organization, OrganizationType, Role } from './model.ts'

type Tables = {
  organizations: {
    id: string
    name: string
    type: OrganizationType
    founded_by: string | null
    created_at: string
  }
  memberships: { organization_id: string; person_id: string; role: Role; since: string }
  terms_acceptances: {
    organization_id: string
    document: string
    version: string
    person_id: string
    accepted_at: string
  }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()

/** @returns false when the founder has founded one already */
export async function insertOrganization(
  tx: Tx,
  organization: Organization,
  foundedBy: PersonId | undefined,
): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('organizations')
    .values({
      id: organization.id,
      name: organization.name,
      type: organization.type,
      founded_by: foundedBy ?? null,
      created_at: moment(organization.createdAt),
    })
    .onConflict((conflict) => conflict.column('founded_by').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function insertMembership(
  tx: Tx,
  organizationId: OrganizationId,
  personId: PersonId,
  role: Role,
  since: Instant,
): Promise<void> {
  await db(tx)
    .insertInto('memberships')
    .values({ organization_id: organizationId, person_id: personId, role, since: moment(since) })
    .execute()
}

export async function deleteMembership(
  tx: Tx,
  organizationId: OrganizationId,
  personId: PersonId,
): Promise<void> {
  await db(tx)
    .deleteFrom('memberships')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .execute()
}

export async function insertTermsAcceptance(
  tx: Tx,
  acceptance: {
    readonly organizationId: OrganizationId
    readonly document: string
    readonly version: string
    readonly personId: PersonId
    readonly acceptedAt: Instant
  },
): Promise<void> {
  await db(tx)
    .insertInto('terms_acceptances')
    .values({
      organization_id: acceptance.organizationId,
      document: acceptance.document,
      version: acceptance.version,
      person_id: acceptance.personId,
      accepted_at: moment(acceptance.acceptedAt),
    })
    .execute()
}

/** The company a person belongs to; the one they joined first, should there be several. */
export async function findMembership(tx: Tx, personId: PersonId): Promise<Membership | undefined> {
  const row = await db(tx)
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
    .selectAll('organizations')
    .select('memberships.role')
    .where('memberships.person_id', '=', personId)
    .orderBy('memberships.since')
    .executeTakeFirst()
  return row && { organization: organizationOf(row), personId, role: row.role }
}

export async function findById(tx: Tx, id: OrganizationId): Promise<Organization | undefined> {
  const row = await db(tx).selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && organizationOf(row)
}

/** Those of that name, capitals aside. */
export async function findByName(tx: Tx, name: string): Promise<readonly Organization[]> {
  const rows = await db(tx)
    .selectFrom('organizations')
    .selectAll()
    .where(sql<string>`lower(name)`, '=', sql<string>`lower(${name})`)
    .orderBy('created_at')
    .execute()
  return rows.map(organizationOf)
}

/** The newest first, a thousand at most. */
export async function findAll(tx: Tx): Promise<readonly Organization[]> {
  const rows = await db(tx)
    .selectFrom('organizations')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  return rows.map(organizationOf)
}

/** Holds the right to create under a name until the transaction ends, so that two cannot at once. */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(lower(${name}), 0))`.execute(tx)
}

function organizationOf(row: Selectable<Tables['organizations']>): Organization {
  return {
    id: row.id as OrganizationId,
    name: row.name,
    type: row.type,
    createdAt: Date.parse(row.created_at) as Instant,
  }
}
