/** Decision graphs for tests, with no more in them than a test needs. */
import type { InputName } from '../../src/utilization/policies/index.ts'

export interface RowFixture {
  readonly when?: Partial<Record<InputName, string>>
  readonly outcome?: string
  readonly waitingFor?: string
  readonly reason?: string
  readonly source?: string
  readonly text?: string
}

/** A graph whose columns are the inputs that its rows name; a last row that pends to a reviewer is added. */
export function aGraph(rows: readonly RowFixture[], last: readonly RowFixture[] = [{}]) {
  const all = [...rows, ...last]
  const names = [...new Set(all.flatMap((row) => Object.keys(row.when ?? {})))] as InputName[]
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'request', position: { x: 0, y: 0 } },
      {
        id: 'table',
        type: 'decisionTableNode',
        name: 'policy',
        position: { x: 200, y: 0 },
        content: {
          hitPolicy: 'first',
          inputs: names.map((field) => ({ id: `in-${field}`, name: field, field })),
          outputs: ['outcome', 'waitingFor', 'reason', 'source'].map((field) => ({
            id: `out-${field}`,
            name: field,
            field,
          })),
          rules: all.map(
            (row, i): Record<string, string> => ({
              _id: `row-${i + 1}`,
              _description: row.text ?? `row ${i + 1}`,
              ...Object.fromEntries(names.map((name) => [`in-${name}`, row.when?.[name] ?? ''])),
              'out-outcome': JSON.stringify(row.outcome ?? 'pend'),
              'out-waitingFor': JSON.stringify(row.waitingFor ?? 'reviewer'),
              'out-reason': JSON.stringify(row.reason ?? 'A reviewer decides.'),
              'out-source': JSON.stringify(row.source ?? 'Medical policy, section 1'),
            }),
          ),
        },
      },
      { id: 'out', type: 'outputNode', name: 'decision', position: { x: 400, y: 0 } },
    ],
    edges: [
      { id: 'e1', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'e2', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  }
}
