import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aGraph, type RowFixture } from '../../../test/support/policy-graph.ts'
import { lint } from './lint.ts'
import type { InputName } from './model.ts'

const faults = (graph: unknown) => {
  const checked = lint(graph)
  return checked.ok ? [] : checked.faults.map(({ at, message }) => `${at}: ${message}`)
}
const CERTIFY: RowFixture = { when: { quantity: '<= 20' }, outcome: 'certify' }
type Graph = ReturnType<typeof aGraph>
/** The graph of one certifying row, spoilt by a test. */
const spoilt = (spoil: (graph: Graph) => void) => {
  const graph = aGraph([CERTIFY])
  spoil(graph)
  return graph
}
const table = (graph: Graph) => {
  const content = graph.nodes[1]?.content
  assert.ok(content)
  return content
}
const rule = (graph: Graph, at: number) => {
  const found = table(graph).rules[at]
  assert.ok(found)
  return found
}

test('a sound policy passes, and its rows are read', () => {
  const checked = lint(aGraph([{ ...CERTIFY, text: 'Few units', source: 'MP-1' }]))
  assert.ok(checked.ok)
  assert.deepEqual(
    checked.value.rows.map(({ id, text, outcome, source }) => [id, text, outcome, source]),
    [
      ['row-1', 'Few units', 'certify', 'MP-1'],
      ['row-2', 'row 2', 'pend', 'Medical policy, section 1'],
    ],
  )
})

const CELLS: readonly (readonly [InputName, string, RegExp | undefined])[] = [
  ['quantity', '> > 12', /cannot be evaluated/],
  ['quantity', '> 12', undefined],
  ['quantity', '[1..20]', undefined],
  ['quantity', '$ > 1 and $ <= 20', undefined],
  ['quantity', '"20"', /found a text, but the input is a number/],
  ['quantity', 'nosuch($)', /found the word nosuch/],
  ['quantity', '$ > age', /found the word age/],
  ['quantity', '10 / $ > 2', /cannot be evaluated for 0/],
  ['quantity', '-', /cannot be evaluated/],
  ['quantity', ' ', /cannot be evaluated/],
  ['quantity', 'null', /found the word null/],
  ['urgency', 'urgent', /found the word urgent/],
  ['urgency', '"urgent", "emergency"', undefined],
  ['urgency', '"urg', /found the word urg/],
  ['urgency', '12', /found no text in quotes/],
  ['code', '71260', /found no text in quotes/],
  ['code', 'startsWith($, "A04")', undefined],
  ['code', '$ not in ["A0428"]', undefined],
  ['code', '["A0426".."A0429"]', /cannot be evaluated/],
  ['diagnoses', 'some($, startsWith(#, "C50"))', undefined],
  ['diagnoses', 'len($) == 0', undefined],
  ['diagnoses', 'some($, # > 3)', /cannot be evaluated/],
  ['diagnoses', '> 3', /cannot be evaluated/],
]

for (const [input, cell, expected] of CELLS)
  test(`the cell ${JSON.stringify(cell)} about ${input} is ${expected ? 'refused' : 'accepted'} at publication`, () => {
    const found = faults(aGraph([{ when: { [input]: cell }, outcome: 'certify' }]))
    if (!expected) assert.deepEqual(found, [])
    else {
      assert.equal(found.length, 1)
      assert.match(found[0] ?? '', expected)
      assert.match(found[0] ?? '', new RegExp(`^/nodes/1/content/rules/0/in-${input}: ${input}: `))
    }
  })

const OUTCOMES: readonly (readonly [string, RowFixture, RegExp])[] = [
  ['a denial', { outcome: 'deny' }, /found "deny", expected "certify" or "pend"/],
  ['a reduction', { outcome: 'modify' }, /found "modify"/],
  ['waiting for nobody', { outcome: 'pend', waitingFor: 'payer' }, /expected "reviewer" or "information"/],
  ['pending for no reason', { outcome: 'pend', reason: ' ' }, /expected why it waits/],
  ['a row without a source', { outcome: 'certify', source: '' }, /expected where the payer says so/],
  ['a row without words', { outcome: 'certify', text: '' }, /expected the row in words/],
]

for (const [name, row, expected] of OUTCOMES)
  test(`${name} is refused at publication`, () =>
    assert.match(faults(aGraph([{ when: { quantity: '> 1' }, ...row }])).join('\n'), expected))

test('an output that is computed is refused: a row says what it says', () => {
  for (const cell of ['certify', '"cer" + "tify"', '"cer', '', '> > 2', 'quantity'])
    assert.deepEqual(
      faults(
        spoilt((graph) => {
          rule(graph, 0)['out-outcome'] = cell
        }),
      ),
      ['/nodes/1/content/rules/0/out-outcome: outcome: expected a text in quotes'],
    )
})

test('a last row that certifies, that asks something or that waits for information is refused', () => {
  for (const last of [
    { outcome: 'certify' },
    { when: { quantity: '> 20' } },
    { waitingFor: 'information' },
  ] satisfies RowFixture[])
    assert.deepEqual(faults(aGraph([CERTIFY], [last])), [
      '/nodes/1/content/rules/1: expected the last row to ask nothing and to pend to a reviewer',
    ])
})

test('a row before the last that asks nothing is refused', () =>
  assert.match(faults(aGraph([CERTIFY, { outcome: 'certify' }])).join(), /only the last row may ask nothing/))

test('a cell under a column that does not exist is refused, as the engine would ignore it', () =>
  assert.deepEqual(
    faults(
      spoilt((graph) => {
        rule(graph, 0)['in-quantitty'] = '> 3'
      }),
    ),
    ['/nodes/1/content/rules/0/in-quantitty: there is no such column'],
  ))

test('a column about something that no request has is refused', () =>
  assert.match(
    faults(
      spoilt((graph) => {
        const [column] = table(graph).inputs
        Object.assign(column ?? {}, { field: 'quantitty' })
      }),
    ).join(),
    /found "quantitty", expected one that a policy knows/,
  ))

test('two columns about the same input are refused', () =>
  assert.match(
    faults(
      spoilt((graph) => {
        table(graph).inputs.push({ id: 'again', name: 'quantity', field: 'quantity' })
        for (const row of table(graph).rules) row.again = ''
      }),
    ).join(),
    /quantity has a column already/,
  ))

test('two rows with one id are refused', () =>
  assert.match(
    faults(
      spoilt((graph) => {
        rule(graph, 1)._id = 'row-1'
      }),
    ).join(),
    /another row has this id/,
  ))

for (const [setting, value] of [
  ['hitPolicy', 'collect'],
  ['passThrough', true],
  ['inputField', 'subscriber'],
  ['outputPath', 'result'],
  ['executionMode', 'loop'],
] as const)
  test(`a table whose ${setting} is ${value} is refused`, () =>
    assert.match(
      faults(spoilt((graph) => Object.assign(table(graph), { [setting]: value }))).join(),
      new RegExp(`/nodes/1/content/${setting}: expected`),
    ))

test('a graph with code in it is refused', () =>
  assert.match(
    faults(
      spoilt((graph) => {
        graph.nodes.push({ id: 'f', type: 'functionNode', name: 'f', position: { x: 0, y: 0 } })
      }),
    ).join(),
    /expected three nodes/,
  ))

test('a table that is not joined to the output is refused', () =>
  assert.match(
    faults(
      spoilt((graph) => {
        graph.edges.pop()
      }),
    ).join(),
    /\/edges: expected two edges/,
  ))

test('what is no decision graph at all is refused', () => {
  for (const graph of [
    null,
    3,
    'x',
    [],
    {},
    { nodes: [], edges: [] },
    { nodes: [null, 1, {}], edges: [null] },
  ])
    assert.equal(lint(graph).ok, false)
})

test('all faults of a policy are told at once', () =>
  assert.equal(
    faults(
      aGraph([
        { when: { quantity: '> > 1' }, outcome: 'deny' },
        { when: { urgency: 'urgent' }, outcome: 'certify', source: '' },
      ]),
    ).length,
    4,
  ))
