import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { onServer, openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { type Conditions, summaries } from './search-store.ts'

const skip = onServer ? false : 'plans are the server’s'
const CASES = 20_000
const NPI = '1234567893'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
  if (onServer) await fill(databases)
})
after(() => databases?.close())

/** Two companies with so many cases each, all of one provider. */
async function fill({ engine, sandbox: { schema } }: TestDatabases): Promise<void> {
  const tables = ['authorizations', 'case_access', 'case_parties', 'case_lookups', 'service_lines']
  const each = (statement: (table: string) => string) => tables.map(statement).join(';')
  await engine.script(`
    begin;
    set local search_path to ${schema};
    ${each((table) => `alter table ${table} no force row level security`)};
    create temporary table made on commit drop as
      select 'auth_' || lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000' as case_id,
        case when n % 2 = 0 then 'org_even' else 'org_odd' end as company, n
      from generate_series(1, ${2 * CASES}) as n;
    insert into authorizations (case_id, payer_id, received_from, door, state, purpose, received_at, last_sequence, sealed_request)
      select case_id, 'pay_1', company, 'json-v1', 'approved', 'initial', now(), 1, '' from made;
    insert into case_access (organization_id, case_id, received_from) select company, case_id, company from made;
    insert into case_parties (case_id, npi, received_from) select case_id, '${NPI}', company from made;
    insert into case_lookups (key, case_id, received_from) select int4send(n / 4), case_id, company from made;
    insert into service_lines (case_id, line, procedure_code, modifiers, received_from)
      select case_id, 1, 'C' || n % 500, '{}', company from made;
    ${each((table) => `alter table ${table} force row level security`)};
    commit;
    set search_path to ${schema}; analyze; reset search_path`)
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly Node[]
}

async function planOf(conditions: Partial<Conditions>): Promise<{ nodes: readonly Node[] }> {
  const session = { role: 'tenant', organization: 'org_even', providers: [NPI] } as const
  const query = summaries({ keys: [], limit: 26, ...conditions })
  return databases.sandbox.transaction(session, async (tx) => {
    const { rows } = await sql<{ 'QUERY PLAN': readonly [{ Plan: Node }] }>`
      explain (analyze, format json) ${query}`.execute(tx)
    const [found] = rows[0]?.['QUERY PLAN'] ?? []
    assert.ok(found)
    return { nodes: flat(found.Plan) }
  })
}
const flat = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
const scans = (nodes: readonly Node[]) => nodes.filter((node) => node['Node Type'] === 'Seq Scan')
const indexes = (nodes: readonly Node[]) => nodes.flatMap((node) => node['Index Name'] ?? [])

for (const [what, conditions] of [
  ['without conditions', {}],
  ['behind a cursor', { olderThan: 'auth_00004000-0000-7000-8000-000000000000' }],
  ['by a state that most are in', { states: ['approved'] }],
] as const)
  test(`a search ${what} walks the indexes of company and provider, and reads no table whole`, {
    skip,
  }, async () => {
    const { nodes } = await planOf(conditions)
    assert.deepEqual(scans(nodes), [])
    const used = indexes(nodes)
    // By provider or by case: which of the two depends on the sample that the planner's figures were taken from.
    assert.ok(used.includes('case_access_pkey') && used.some((name) => name.startsWith('case_parties_')))
  })

test('a search by a key starts at the cases that have it', { skip }, async () => {
  const { nodes } = await planOf({ keys: [[new Uint8Array([0, 0, 0, 9])]] })
  assert.deepEqual(scans(nodes), [])
  assert.ok(indexes(nodes).includes('case_lookups_pkey'), indexes(nodes).join(' '))
})

test('a search by a procedure goes through the cases of the company alone', { skip }, async () => {
  const { nodes } = await planOf({ procedureCode: 'C8' })
  assert.deepEqual(scans(nodes), [])
})

test('a search of some days goes through the cases of those days alone', { skip }, async () => {
  const { nodes } = await planOf({ procedureCode: 'C8', receivedFrom: '2026-01-01T00:00:00Z' })
  assert.deepEqual(scans(nodes), [])
})
