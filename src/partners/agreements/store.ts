import type { Selectable } from 'kysely'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AgreementKind, Clause, Template } from './model.ts'

type Tables = {
  agreement_templates: {
    kind: AgreementKind
    version: number
    title: string
    clauses: unknown
    published_at: string
    published_by: string | null
  }
}

const db = (tx: Tx) => tx.withTables<Tables>()

/** The version of each kind that is offered now. */
export async function findCurrent(tx: Tx, kinds: readonly AgreementKind[]): Promise<readonly Template[]> {
  const rows = await db(tx)
    .selectFrom('agreement_templates')
    .distinctOn('kind')
    .selectAll()
    .where('kind', 'in', kinds)
    .orderBy('kind')
    .orderBy('version', 'desc')
    .execute()
  const found = rows.map(templateOf)
  return kinds.flatMap((kind) => found.filter((template) => template.kind === kind))
}

/** Every version, the newest of each kind first. */
export async function findAll(tx: Tx): Promise<readonly Template[]> {
  const rows = await db(tx)
    .selectFrom('agreement_templates')
    .selectAll()
    .orderBy('kind')
    .orderBy('version', 'desc')
    .execute()
  return rows.map(templateOf)
}

/** @returns false when that version is there already */
export async function insertTemplate(tx: Tx, template: Template, by: PersonId | undefined): Promise<boolean> {
  const inserted = await db(tx)
    .insertInto('agreement_templates')
    .values({
      kind: template.kind,
      version: template.version,
      title: template.title,
      clauses: JSON.stringify(template.clauses),
      published_at: new Date(template.publishedAt).toISOString(),
      published_by: by ?? null,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'version']).doNothing())
    .returning('version')
    .executeTakeFirst()
  return inserted !== undefined
}

const templateOf = (row: Selectable<Tables['agreement_templates']>): Template => ({
  kind: row.kind,
  version: row.version,
  title: row.title,
  // Written by `insertTemplate`, whose caller checked them.
  clauses: row.clauses as readonly Clause[],
  publishedAt: Date.parse(row.published_at) as Instant,
})
