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
    person_id: string | null
    seen_at: string
  }
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
  made: MadeCredential,
  viewer: PersonId | undefined,
  at: Instant,
): Promise<void> {
  await db(tx)
    .insertInto('secret_views')
    .values({
      client_id: made.clientId,
      organization_id: made.organizationId,
      person_id: viewer ?? null,
      seen_at: moment(at),
    })
    .execute()
}
