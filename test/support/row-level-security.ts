import { sql } from 'kysely'
import type { Database, Engine, Session } from '../../src/platform/database/index.ts'
import { ROLES } from './database.ts'

/** A breach of the rules that every table keeps, in words: `control.notes: row-level security is not forced`. */
export type Breach = string

interface Named {
  readonly name: string
}

/**
 * Walks the catalogue of one database's schemas and names every breach: a table without forced row-level security, a right
 * held by anyone but the roles of its own schema, a way around the policies.
 */
export async function breachesOf(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const found = await Promise.all([
    unforced(engine, schema),
    withoutPolicy(engine, schema),
    strangers(engine, schema),
    journalRights(engine, schema),
    ownersViews(engine, schema),
    ownersFunctions(engine, schema),
    powerfulRoles(engine, schema),
  ])
  return found.flat()
}

const schemasOf = (schema: string) => sql.join([schema, `${schema}_identity`])
const ask = async (engine: Engine, query: ReturnType<typeof sql<Named>>): Promise<readonly string[]> =>
  (await query.execute(engine.kysely)).rows.map((row) => row.name)

async function unforced(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select nspname || '.' || relname as name from pg_class join pg_namespace n on n.oid = relnamespace
      where nspname in (${schemasOf(schema)}) and relkind in ('r', 'p') and relname <> 'schema_migrations'
        and not (relrowsecurity and relforcerowsecurity)`,
  )
  return names.map((name) => `${name}: row-level security is not enabled and forced`)
}

/** Such a table shows nothing to anyone, which is safe, and cannot be meant. */
async function withoutPolicy(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select nspname || '.' || relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname in (${schemasOf(schema)}) and relkind in ('r', 'p') and relname <> 'schema_migrations'
        and not exists (select from pg_policy where polrelid = c.oid)`,
  )
  return names.map((name) => `${name}: has no policy`)
}

/** Rights on schemas, tables, columns and sequences; a grantee of 0 is everybody. */
async function strangers(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const roles = ROLES.map((role) => `${schema}_${role}`)
  const names = await ask(
    engine,
    sql<Named>`
      with held as (
        select nspname::text as what, nspowner as owner, nspacl as acl from pg_namespace
        where nspname in (${schemasOf(schema)})
        union all
        select nspname || '.' || relname, relowner, relacl
        from pg_class join pg_namespace n on n.oid = relnamespace where nspname in (${schemasOf(schema)})
        union all
        select nspname || '.' || relname || '.' || attname, relowner, attacl
        from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
        where nspname in (${schemasOf(schema)})
      )
      select distinct what || ': ' || coalesce(rolname, 'PUBLIC') || ' has rights' as name
      from held, aclexplode(acl) as right_of left join pg_roles on pg_roles.oid = right_of.grantee
      where right_of.grantee <> owner and coalesce(rolname, '') not in (${sql.join(roles)})`,
  )
  return names
}

async function journalRights(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select rolname as name from pg_roles
      where rolname in (${sql.join(ROLES.map((role) => `${schema}_${role}`))})
        and has_any_column_privilege(rolname, ${`${schema}.schema_migrations`}, 'select, insert, update')`,
  )
  return names.map((name) => `${schema}.schema_migrations: ${name} has rights`)
}

/** A view shows what its owner may see, unless it says otherwise; a materialized one always does. */
async function ownersViews(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select nspname || '.' || relname as name from pg_class join pg_namespace n on n.oid = relnamespace
      where nspname in (${schemasOf(schema)})
        and (relkind = 'm' or relkind = 'v' and not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])`,
  )
  return names.map((name) => `${name}: a view shows rows by the rights of its owner`)
}

/** Such a function runs as the owner: only roles that it names may call it, and nobody may choose what it finds. */
async function ownersFunctions(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select nspname || '.' || proname as name from pg_proc join pg_namespace n on n.oid = pronamespace
      where nspname in (${schemasOf(schema)}) and prosecdef and (
        proacl is null
        or exists (select from aclexplode(proacl) as right_of where right_of.grantee = 0)
        or not exists (select from unnest(proconfig) as setting where setting like 'search_path=%'))`,
  )
  return names.map(
    (name) => `${name}: runs as its owner, for everybody or with a search path of the caller's`,
  )
}

async function powerfulRoles(engine: Engine, schema: string): Promise<readonly Breach[]> {
  const names = await ask(
    engine,
    sql<Named>`
      select rolname as name from pg_roles
      where rolname in (${sql.join(ROLES.map((role) => `${schema}_${role}`))})
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin
          or exists (select from pg_auth_members where member = pg_roles.oid))`,
  )
  return names.map((name) => `${name}: can do more than its schema allows, or log in`)
}

/**
 * Puts one row into each table of a schema, whatever its shape: all texts are `owner`. Constraints and triggers are
 * removed for it, so the schema is of no other use afterwards.
 *
 * @returns the names of the tables
 */
export async function fillTables(engine: Engine, schema: string, owner: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string; columns: readonly Column[] }>`
    select relname as name, (
      select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
        'category', typcategory, 'label', (select enumlabel from pg_enum where enumtypid = atttypid limit 1)))
      from pg_attribute join pg_type t on t.oid = atttypid
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a'
    ) as columns
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = ${schema} and relkind in ('r', 'p') and not relispartition and relname <> 'schema_migrations'
    order by relname`.execute(engine.kysely)
  await engine.script(loosened(schema))
  for (const { name, columns } of rows) {
    const table = `${schema}.${name}`
    await engine.script(`
      alter table ${table} no force row level security;
      alter table ${table} disable trigger user;
      insert into ${table} (${columns.map((column) => `"${column.name}"`).join(', ')})
        values (${columns.map((column) => valueFor(column, owner)).join(', ')});
      alter table ${table} force row level security;`)
  }
  return rows.map((row) => row.name)
}

interface Column {
  readonly name: string
  readonly type: string
  /** https://www.postgresql.org/docs/current/catalog-pg-type.html, typcategory */
  readonly category: string
  readonly label: string | null
}

const VALUES: Readonly<Record<string, string>> = {
  N: '1',
  B: 'true',
  D: '2026-11-24',
  T: '1 hour',
  I: '127.0.0.1',
  R: 'empty',
}

function valueFor({ type, category, label }: Column, owner: string): string {
  const text =
    { S: owner, E: label ?? '', A: /text|char/.test(type) ? `{${owner}}` : '{}' }[category] ??
    VALUES[category] ??
    { uuid: '00000000-0000-7000-8000-000000000000', bytea: '\\x00', xid8: '3', jsonb: '{}', json: '{}' }[
      type
    ] ??
    ''
  return `'${text}'::${type}`
}

const loosened = (schema: string) => `
  do $$
  declare
    one record;
  begin
    for one in
      select conrelid::regclass as place, conname from pg_constraint join pg_namespace n on n.oid = connamespace
      where nspname = '${schema}' and contype in ('f', 'c', 'x') and conparentid = 0
      order by contype = 'f' desc
    loop
      execute format('alter table %s drop constraint %I', one.place, one.conname);
    end loop;
  end
  $$`

/** How many rows a session sees of each table that it may read at all. */
export async function rowsSeen(database: Database, session: Session): Promise<ReadonlyMap<string, number>> {
  return database.transaction(
    session,
    async (tx) => {
      const { rows } = await sql<Named>`
        select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
        where nspname = ${database.schema} and relkind in ('r', 'p', 'v')
          and has_any_column_privilege(pg_class.oid, 'select')`.execute(tx)
      const seen = new Map<string, number>()
      for (const { name } of rows) {
        const counted = await sql<{ count: bigint }>`select count(*) from ${sql.table(name)}`.execute(tx)
        seen.set(name, Number(counted.rows[0]?.count))
      }
      return seen
    },
    { readOnly: true },
  )
}
