import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainDate } from '../../kernel/time.ts'
import type { PatientEvent, ServiceLine } from '../request.ts'
import { type DeterminationRule, determine, type Facts, groundOf } from './index.ts'

const day = (text: string) => {
  const date = plainDate(text)
  assert.ok(date)
  return date
}
const ON = day('2026-05-20')

let made = 0
const aRule = (fields: Partial<DeterminationRule> = {}): DeterminationRule => ({
  id: `rul_${++made}`,
  version: 1,
  effective: { from: day('2026-01-01') },
  answer: 'required',
  documents: [],
  text: 'a row',
  source: 'Provider manual, section 1',
  ...fields,
})
const forCode = (code: string, fields: Partial<DeterminationRule> = {}) =>
  aRule({ procedure: { system: 'HC', code }, ...fields })
const aLine = (fields: Partial<ServiceLine> = {}): ServiceLine => ({
  number: 1,
  kind: 'professional',
  procedure: { system: 'HC', code: 'X1000', modifiers: [] },
  providers: [],
  ...fields,
})
const anEvent = (fields: Partial<PatientEvent> = {}): PatientEvent => ({
  category: 'health-services',
  purpose: 'initial',
  diagnoses: [],
  conditions: [],
  transportStops: [],
  providers: [],
  lines: [],
  ...fields,
})
interface Given {
  readonly line?: Partial<ServiceLine>
  readonly event?: Partial<PatientEvent>
  readonly facts?: Facts
}
const answer = (rules: readonly DeterminationRule[], { line, event, facts }: Given = {}) =>
  determine(rules, aLine(line), anEvent(event), facts ?? {}, ON)

const notRequired = (fields: Partial<DeterminationRule> = {}) =>
  forCode('X1000', { answer: 'not-required', ...fields })

test('a row that names the code decides, and is named', () => {
  const rule = forCode('X1000')
  const found = answer([rule])
  assert.equal(found.answer, 'required')
  assert.deepEqual(found.fired, [rule])
})

test('without a row that speaks of the service the answer is unknown, never not-required', () => {
  assert.equal(answer([]).answer, 'unknown')
  assert.equal(answer([notRequired({ procedure: { system: 'HC', code: 'X1001' } })]).answer, 'unknown')
})

test('not-required is answered on a row that says it', () =>
  assert.equal(answer([notRequired()]).answer, 'not-required'))

test('a code of another list does not match', () =>
  assert.equal(answer([aRule({ procedure: { system: 'N4', code: 'X1000' } })]).answer, 'unknown'))

test('a code in small letters is the same code', () =>
  assert.equal(
    answer([forCode('X1000')], { line: { procedure: { system: 'HC', code: 'x1000', modifiers: [] } } })
      .answer,
    'required',
  ))

for (const [code, expected] of [
  ['X0999', 'unknown'],
  ['X1000', 'required'],
  ['X1005', 'required'],
  ['X1010', 'required'],
  ['X1011', 'unknown'],
  ['X100', 'unknown'],
] as const)
  test(`of the range X1000 to X1010, ${code} is ${expected}`, () =>
    assert.equal(
      answer([aRule({ procedure: { system: 'HC', code: 'X1000', until: 'X1010' } })], {
        line: { procedure: { system: 'HC', code, modifiers: [] } },
      }).answer,
      expected,
    ))

test('a single code overrules a range that holds it', () => {
  const range = aRule({ procedure: { system: 'HC', code: 'X0000', until: 'X9999' } })
  assert.equal(answer([range, notRequired()]).answer, 'not-required')
})

test('a narrow range overrules a wide one', () => {
  const wide = aRule({ procedure: { system: 'HC', code: 'X0000', until: 'X9999' } })
  const narrow = aRule({ procedure: { system: 'HC', code: 'X1000', until: 'X1009' }, answer: 'not-required' })
  assert.equal(answer([wide, narrow]).answer, 'not-required')
})

test('a single code overrules a row without a code, however much that asks', () => {
  const broad = aRule({ places: ['11'], serviceTypes: ['1'] })
  assert.equal(
    answer([broad, notRequired()], {
      event: { place: { code: '11', system: 'place-of-service' }, serviceType: '1' },
    }).answer,
    'not-required',
  )
})

test('the row that asks about more overrules the one that asks about less', () => {
  const event = { place: { code: '11', system: 'place-of-service' } } as const
  const found = answer([forCode('X1000'), notRequired({ places: ['11'] })], { event })
  assert.equal(found.answer, 'not-required')
  assert.equal(found.fired.length, 2)
})

test('equally specific rows that disagree make it required, and the answer says so', () => {
  const found = answer([notRequired(), forCode('X1000')])
  assert.equal(found.answer, 'required')
  assert.match(found.explanation, /2 equally specific rows disagree/)
  assert.equal(found.fired.length, 2)
})

test('equally specific rows that agree are all named', () => {
  const found = answer([forCode('X1000'), forCode('X1000')])
  assert.equal(found.answer === 'required' && found.deciding.length, 2)
})

const MET: readonly (readonly [string, Partial<DeterminationRule>, Given, Given])[] = [
  [
    'modifiers',
    { modifiers: ['NU', 'RR'] },
    { line: { procedure: { system: 'HC', code: 'X1000', modifiers: ['rr'] } } },
    { line: { procedure: { system: 'HC', code: 'X1000', modifiers: ['LT'] } } },
  ],
  [
    'place of service',
    { places: ['21', '22'] },
    { event: { place: { code: '22', system: 'place-of-service' } } },
    { event: { place: { code: '22', system: 'type-of-bill' } } },
  ],
  [
    'type of bill',
    { places: ['bill:11'] },
    { event: { place: { code: '11', system: 'type-of-bill' } } },
    { event: { place: { code: '11', system: 'place-of-service' } } },
  ],
  [
    'service type',
    { serviceTypes: ['56'] },
    { event: { serviceType: '56' } },
    { event: { serviceType: '1' } },
  ],
  ['plan', { plan: 'GOLD' }, { facts: { plan: 'GOLD' } }, { facts: { plan: 'BRONZE' } }],
  [
    'line of business',
    { lineOfBusiness: 'marketplace' },
    { facts: { lineOfBusiness: 'marketplace' } },
    { facts: { lineOfBusiness: 'commercial' } },
  ],
  [
    'age',
    { age: { from: 0, until: 17 } },
    { facts: { birthDate: day('2008-05-21') } },
    { facts: { birthDate: day('2008-05-20') } },
  ],
  [
    'diagnosis',
    { diagnoses: ['C50', 'C34.3'] },
    { event: { diagnoses: [{ role: 'principal', system: 'icd-10', code: 'c34.32' }] } },
    { event: { diagnoses: [{ role: 'principal', system: 'icd-10', code: 'C3532' }] } },
  ],
]

for (const [name, fields, met, unmet] of MET) {
  test(`a row that asks about ${name} matches when it holds`, () =>
    assert.equal(answer([forCode('X1000', fields)], met).answer, 'required'))
  test(`a row that asks about ${name} is passed over when it does not hold`, () =>
    assert.equal(answer([forCode('X1000', fields)], unmet).answer, 'unknown'))
}

for (const [from, until, expected] of [
  ['2026-05-20', '2026-05-20', 'required'],
  ['2026-05-21', undefined, 'unknown'],
  ['2026-01-01', '2026-05-19', 'unknown'],
  ['2026-01-01', undefined, 'required'],
] as const)
  test(`a row effective from ${from} until ${until ?? 'further notice'} is ${expected} on 2026-05-20`, () =>
    assert.equal(
      answer([forCode('X1000', { effective: { from: day(from), ...(until && { until: day(until) }) } })])
        .answer,
      expected,
    ))

const MISSING: readonly (readonly [string, Partial<DeterminationRule>])[] = [
  ["the patient's date of birth", { age: { from: 0, until: 17 } }],
  ['the place of service', { places: ['21'] }],
  ['the service type', { serviceTypes: ['56'] }],
  ['an ICD-10 diagnosis', { diagnoses: ['C50'] }],
  ["the patient's plan", { plan: 'GOLD' }],
  ['the line of business', { lineOfBusiness: 'commercial' }],
]

for (const [fact, fields] of MISSING)
  test(`a row that hangs on ${fact} makes the answer conditional, and names it`, () => {
    const found = answer([forCode('X1000', fields), notRequired()])
    assert.equal(found.answer, 'conditional')
    assert.deepEqual(found.answer === 'conditional' && found.missing, [fact])
  })

test('a missing fact that could only confirm the answer is not asked for', () =>
  assert.equal(answer([forCode('X1000', { places: ['21'] }), forCode('X1000')]).answer, 'required'))

test('a missing fact of a less specific row is not asked for', () =>
  assert.equal(answer([aRule({ places: ['21'] }), notRequired()]).answer, 'not-required'))

test('a row that could lift the need, but hangs on a missing fact, makes it conditional', () =>
  assert.equal(answer([forCode('X1000'), notRequired({ places: ['11'] })]).answer, 'conditional'))

test('a row with one unmet condition is out, whatever else is missing', () =>
  assert.equal(
    answer([notRequired(), forCode('X1000', { plan: 'GOLD', places: ['21'] })], {
      event: { place: { code: '11', system: 'place-of-service' } },
    }).answer,
    'not-required',
  ))

test('ICD-9 codes do not answer for ICD-10 rows', () =>
  assert.equal(
    answer([forCode('X1000', { diagnoses: ['C50'] })], {
      event: { diagnoses: [{ role: 'principal', system: 'icd-9', code: '174.9' }] },
    }).answer,
    'conditional',
  ))

test('a line that asks for a range of codes is conditional, whatever the rows say', () =>
  assert.equal(
    answer([notRequired()], {
      line: { procedure: { system: 'HC', code: 'X1000', until: 'X1003', modifiers: [] } },
    }).answer,
    'conditional',
  ))

test('a line without a procedure is judged by the rows that name none', () => {
  const { procedure: _, ...line } = aLine({ serviceType: '98' })
  const rules = [notRequired(), aRule({ serviceTypes: ['98'] })]
  assert.equal(determine(rules, line, anEvent(), {}, ON).answer, 'required')
  assert.equal(determine([notRequired()], line, anEvent(), {}, ON).answer, 'unknown')
})

test('a birth date after the day of service counts as missing', () =>
  assert.equal(
    answer([forCode('X1000', { age: { from: 0, until: 17 } })], { facts: { birthDate: day('2026-05-21') } })
      .answer,
    'conditional',
  ))

test('a row becomes the ground of an answer, with its version and source', () =>
  assert.deepEqual(groundOf(aRule({ id: 'rul_x', version: 3, text: 'Words', source: 'Manual' })), {
    kind: 'determination-rule',
    id: 'rul_x',
    version: 3,
    text: 'Words',
    source: 'Manual',
  }))

const anyRule = fc
  .record({
    answer: fc.constantFrom('required' as const, 'not-required' as const),
    code: fc.constantFrom(undefined, 'X1000', 'X1001'),
    until: fc.constantFrom(undefined, 'X1009'),
    places: fc.constantFrom(undefined, ['11'], ['21']),
    serviceTypes: fc.constantFrom(undefined, ['1']),
    diagnoses: fc.constantFrom(undefined, ['C50']),
  })
  .map(({ answer, code, until, places, serviceTypes, diagnoses }) =>
    aRule({
      answer,
      ...(code && { procedure: { system: 'HC', code, ...(until && { until }) } }),
      ...(places && { places }),
      ...(serviceTypes && { serviceTypes }),
      ...(diagnoses && { diagnoses }),
    }),
  )

test('whatever the rows: not-required rests on a row that says it, and no answer depends on their order', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), fc.boolean(), (rules, placed) => {
      const event: Partial<PatientEvent> = placed ? { place: { code: '11', system: 'place-of-service' } } : {}
      const found = answer(rules, { event })
      assert.equal(answer([...rules].reverse(), { event }).answer, found.answer)
      if (found.answer === 'not-required')
        assert.ok(found.deciding.every((rule) => rule.answer === 'not-required') && found.deciding.length > 0)
    }),
  )
})
