import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { PayersInScope } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Id, PayerId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { GrantedRole, OperatorRole } from './model.ts'

type Tables = {
  operator_roles: {
    id: string
    person_id: string
    role: OperatorRole
    environment: Environment
    payers: readonly string[] | null
    granted_at: string
    granted_by: string | null
    withdrawn_at: string | null
    withdrawn_by: string | null
  }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()
const instant = (text: string) => Date.parse(text) as Instant

/** Holds what somebody may be at the operator until the transaction ends, so that two cannot change it at once. */
export async function lockPerson(tx: Tx, personId: PersonId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`countersign.sides.${personId}`}, 0))`.execute(tx)
}

export async function insertRole(tx: Tx, granted: GrantedRole): Promise<void> {
  await db(tx)
    .insertInto('operator_roles')
    .values({
      id: granted.id,
      person_id: granted.personId,
      role: granted.role,
      environment: granted.environment,
      payers: granted.payers === 'all' ? null : granted.payers,
      granted_at: moment(granted.grantedAt),
      granted_by: granted.grantedBy ?? null,
      withdrawn_at: null,
      withdrawn_by: null,
    })
    .execute()
}

/** The roles of a person that are in force, sandbox first. */
export async function findInForce(tx: Tx, personId: PersonId): Promise<readonly GrantedRole[]> {
  const rows = await db(tx)
    .selectFrom('operator_roles')
    .selectAll()
    .where('person_id', '=', personId)
    .where('withdrawn_at', 'is', null)
    .orderBy('environment', 'desc')
    .orderBy('role')
    .execute()
  return rows.map(grantedOf)
}

export async function markWithdrawn(
  tx: Tx,
  ids: readonly Id<'operatorRole'>[],
  at: Instant,
  by: PersonId | undefined,
): Promise<void> {
  if (ids.length === 0) return
  await db(tx)
    .updateTable('operator_roles')
    .set({ withdrawn_at: moment(at), withdrawn_by: by ?? null })
    .where('id', 'in', ids)
    .execute()
}

/** The newest first, a thousand at most, with what was withdrawn. */
export async function findAll(tx: Tx): Promise<readonly GrantedRole[]> {
  const rows = await db(tx)
    .selectFrom('operator_roles')
    .selectAll()
    .orderBy('granted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  return rows.map(grantedOf)
}

function grantedOf(row: Selectable<Tables['operator_roles']>): GrantedRole {
  return {
    id: row.id as GrantedRole['id'],
    personId: row.person_id as PersonId,
    role: row.role,
    environment: row.environment,
    payers: scopeOf(row.payers),
    grantedAt: instant(row.granted_at),
    ...(row.granted_by === null ? {} : { grantedBy: row.granted_by as PersonId }),
    ...(row.withdrawn_at === null ? {} : { withdrawnAt: instant(row.withdrawn_at) }),
    ...(row.withdrawn_by === null ? {} : { withdrawnBy: row.withdrawn_by as PersonId }),
  }
}

const scopeOf = (payers: readonly string[] | null): PayersInScope =>
  payers === null ? 'all' : (payers as readonly PayerId[])
