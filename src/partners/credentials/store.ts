import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'

type Tables = {
  credentials: {
    client_id: string
    organization_id: string
    environment: Environment
    label: string
    scopes: string[]
    created_at: string
  }
  secret_views: {
    client_id: string
    organization_id: string
    secret_id: string | null
    person_id: string | null
    seen_at: string
  }
  credential_requests: {
    id: string
    organization_id: string
    environment: Environment
    label: string
    person_id: string | null
    asked_at: string
    failed_at: string | null
    done_at: string | null
  }
  memberships: { organization_id: string; person_id: string }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()

export interface MadeCredential {
  readonly clientId: string
  readonly organizationId: OrganizationId
  readonly environment: Environment
  readonly label: string
  readonly scopes: readonly string[]
}

export async function insertCredential(tx: Tx, made: MadeCredential, at: Instant): Promise<void> {
  await db(tx)
    .insertInto('credentials')
    .values({
      client_id: made.clientId,
      organization_id: made.organizationId,
      environment: made.environment,
      label: made.label,
      scopes: [...made.scopes],
      created_at: moment(at),
    })
    // A request that was asked again: the first answer was kept, and lost on the way back.
    .onConflict((conflict) => conflict.column('client_id').doNothing())
    .execute()
}

/** Where a client of the session's company was made; undefined when it has no such client. */
export async function environmentOf(tx: Tx, clientId: string): Promise<Environment | undefined> {
  const row = await db(tx)
    .selectFrom('credentials')
    .where('client_id', '=', clientId)
    .select('environment')
    .executeTakeFirst()
  return row?.environment
}

/** @param viewer absent: the operator */
export async function insertSecretView(
  tx: Tx,
  seen: { readonly clientId: string; readonly organizationId: OrganizationId; readonly secretId: string },
  viewer: PersonId | undefined,
  at: Instant,
): Promise<void> {
  await db(tx)
    .insertInto('secret_views')
    .values({
      client_id: seen.clientId,
      organization_id: seen.organizationId,
      secret_id: seen.secretId,
      person_id: viewer ?? null,
      seen_at: moment(at),
    })
    .execute()
}

/** What is asked of a gateway, as far as it makes two askings the same. */
export interface Asking {
  readonly organizationId: OrganizationId
  readonly environment: Environment
  readonly label: string
  readonly personId: PersonId | undefined
}

/** An asking of the same that failed, or that nobody heard of since a moment. */
export async function findUnfinished(tx: Tx, asking: Asking, before: Instant): Promise<string | undefined> {
  const row = await db(tx)
    .selectFrom('credential_requests')
    .where('organization_id', '=', asking.organizationId)
    .where('environment', '=', asking.environment)
    .where('label', '=', asking.label)
    .where('person_id', 'is not distinct from', asking.personId ?? null)
    .where('done_at', 'is', null)
    .where((or) => or.or([or('failed_at', 'is not', null), or('asked_at', '<', moment(before))]))
    .orderBy('asked_at')
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

export async function insertAsking(tx: Tx, id: string, asking: Asking, at: Instant): Promise<void> {
  await db(tx)
    .insertInto('credential_requests')
    .values({
      id,
      organization_id: asking.organizationId,
      environment: asking.environment,
      label: asking.label,
      person_id: asking.personId ?? null,
      asked_at: moment(at),
      failed_at: null,
      done_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function markAsking(tx: Tx, id: string, as: 'done' | 'failed', at: Instant): Promise<void> {
  await db(tx)
    .updateTable('credential_requests')
    .set(as === 'done' ? { done_at: moment(at) } : { failed_at: moment(at) })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .execute()
}

/** Whether a client was made for a company, as far as the control plane knows. */
export async function findEnvironment(
  tx: Tx,
  organizationId: OrganizationId,
  clientId: string,
): Promise<Environment | undefined> {
  const row = await db(tx)
    .selectFrom('credentials')
    .where('client_id', '=', clientId)
    .where('organization_id', '=', organizationId)
    .select('environment')
    .executeTakeFirst()
  return row?.environment
}

/** The secrets of a company that were shown to somebody who belongs to it no more. */
export async function seenByLeavers(tx: Tx, organizationId: OrganizationId) {
  const rows = await db(tx)
    .selectFrom('secret_views as v')
    .where('v.organization_id', '=', organizationId)
    .where('v.person_id', 'is not', null)
    .where((not) =>
      not.not(
        not.exists(
          not
            .selectFrom('memberships as m')
            .whereRef('m.organization_id', '=', 'v.organization_id')
            .whereRef('m.person_id', '=', 'v.person_id')
            .select('m.person_id'),
        ),
      ),
    )
    .select(['v.client_id', 'v.secret_id', 'v.seen_at'])
    .execute()
  return rows.map((row) => ({
    clientId: row.client_id,
    /** Absent in views from before secrets had a life of their own: the client's first one. */
    secretId: row.secret_id ?? undefined,
    seenAt: Date.parse(row.seen_at) as Instant,
  }))
}
