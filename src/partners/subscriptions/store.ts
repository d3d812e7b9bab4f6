import type { Selectable } from 'kysely'
import type { Grant, Scope } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'

type Tables = {
  grants: {
    id: string
    organization_id: string
    organization_name: string
    environment: Environment
    version: number
    products: string[]
    scopes: Scope[]
    from_at: string
    until_at: string | null
    issued_at: string
    state: 'pending' | 'acknowledged'
    acknowledged_at: string | null
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
    },
  }
}
