import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  edited,
  group,
  imaging,
  inquiry,
  interchange,
  threeTransactions,
  transaction,
} from '../../../test/support/interchanges.ts'
import { decodeInterchange, decodeRequest, type ReceivedInterchange } from './index.ts'

function read(text: string): ReceivedInterchange {
  const decoded = decodeInterchange(text)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.value
}

/** Every fault by the level that it stands at: `interchange`, `group 1`, `group 1 transaction 0002`. */
function faultsOf(text: string): Readonly<Record<string, readonly string[]>> {
  const { faults, groups } = read(text)
  const said = (found: readonly { at: string; message: string }[]) =>
    found.map(({ at, message }) => `${at}: ${message}`)
  const levels: [string, readonly string[]][] = [
    ['interchange', said(faults)],
    ...groups.flatMap(({ header, faults, transactions }): [string, readonly string[]][] => [
      [`group ${header.controlNumber}`, said(faults)],
      ...transactions.map(({ controlNumber, result }): [string, readonly string[]] => [
        `group ${header.controlNumber} transaction ${controlNumber}`,
        result.ok ? [] : said(result.faults),
      ]),
    ]),
  ]
  return Object.fromEntries(levels.filter(([, found]) => found.length > 0))
}

describe('an interchange', () => {
  test('may hold several groups, and a group several transactions', () => {
    const { groups, faults } = read(threeTransactions())
    assert.deepEqual(faults, [])
    assert.deepEqual(
      groups.map(({ header, transactions }) => [
        header.controlNumber,
        header.guide,
        transactions.map(({ controlNumber, result }) => [controlNumber, result.ok && result.value.kind]),
      ]),
      [
        [
          '1',
          '005010X217',
          [
            ['0001', 'request'],
            ['0002', 'request'],
          ],
        ],
        ['2', '005010X215', [['0001', 'request']]],
      ],
    )
  })

  test('gives each transaction as it would be read alone, with the numbers of its own group', () => {
    const [first] = read(threeTransactions()).groups[0]?.transactions ?? []
    const alone = decodeRequest(imaging)
    assert.ok(alone.ok && first?.result.ok && first.result.value.kind === 'request')
    const { envelope, ...request } = first.result.value.request
    const { envelope: aloneEnvelope, ...aloneRequest } = alone.value
    assert.deepEqual(request, aloneRequest)
    assert.deepEqual(
      { ...envelope, interchangeControlNumber: '000004711', groupControlNumber: '4711' },
      aloneEnvelope,
    )
  })

  test('counts segments and bytes from its ISA, over all its transactions', () => {
    const text = threeTransactions()
    const second = read(text).groups[0]?.transactions[1]
    assert.equal(second?.segmentNumber, 35)
    assert.equal(second?.byte, text.indexOf('ST*278*0002'))
    const broken = edited(text, '*M~INS*N', '*Q~INS*N')
    const [fault = ''] = faultsOf(broken)['group 1 transaction 0002'] ?? []
    const byte = broken.indexOf('*Q~INS') + 1
    assert.match(fault, new RegExp(`^2010D/DMG-03, segment 47, byte ${byte}: expected F, M or U, found "Q"`))
  })

  test('keeps the faults of a transaction to that transaction', () => {
    const text = edited(threeTransactions(), '*19581103*F~', '*19581103*Q~')
    assert.deepEqual(Object.keys(faultsOf(text)), ['group 1 transaction 0001'])
  })

  const counts: readonly (readonly [
    promise: string,
    from: string,
    to: string,
    level: string,
    expected: RegExp,
  ])[] = [
    [
      'SE01 must count the segments of each',
      'SE*32*0001',
      'SE*31*0001',
      'group 1 transaction 0001',
      /^SE-01.*count 32/,
    ],
    [
      'SE02 must repeat the number of its ST',
      'SE*32*0001',
      'SE*32*0009',
      'group 1 transaction 0001',
      /^SE-02.*"0001"/,
    ],
    [
      'GE01 must count the transactions of each',
      'GE*2*1',
      'GE*3*1',
      'group 1',
      /^GE-01.*count 2 \(transaction\)/,
    ],
    ['GE02 must repeat the number of its GS', 'GE*1*2', 'GE*1*1', 'group 2', /^GE-02.*"2"; found "1"/],
    ['IEA01 must count the groups', 'IEA*2', 'IEA*1', 'interchange', /^IEA-01.*count 2 \(group\)/],
    [
      'IEA02 must repeat the number of the ISA',
      'IEA*2*000000007',
      'IEA*2*000000008',
      'interchange',
      /^IEA-02/,
    ],
  ]
  for (const [promise, from, to, level, expected] of counts) {
    test(`${promise}, and the fault stands at that level alone`, () => {
      const faults = faultsOf(edited(threeTransactions(), from, to))
      assert.deepEqual(Object.keys(faults), [level])
      assert.match(faults[level]?.join() ?? '', expected)
    })
  }

  test('whose SE is missing loses that transaction, and the next one is read', () => {
    const faults = faultsOf(edited(threeTransactions(), 'SE*32*0001~', ''))
    assert.deepEqual(Object.keys(faults), ['group 1 transaction 0001'])
    assert.match(
      faults['group 1 transaction 0001']?.join() ?? '',
      /expected SE \(the end of the transaction\) after/,
    )
  })

  test('whose GE is missing has a fault in that group, and the next one is read', () => {
    const faults = faultsOf(edited(threeTransactions(), 'GE*2*1~', ''))
    assert.deepEqual(Object.keys(faults), ['group 1'])
  })

  test('whose GS is missing has a fault, and so has each transaction that then has no guide', () => {
    const text = interchange(7, [transaction(imaging, '0001')])
    assert.match(
      faultsOf(text).interchange?.[0] ?? '',
      /^ST, segment 2.*expected GS \(the group\) before this/,
    )
    assert.equal(read(text).groups[0]?.transactions[0]?.result.ok, false)
  })

  test('with a segment between its transactions has a fault in the group', () => {
    const faults = faultsOf(edited(threeTransactions(), 'ST*278*0002', 'MSG*between~ST*278*0002'))
    assert.deepEqual(Object.keys(faults), ['group 1'])
    assert.match(faults['group 1']?.join() ?? '', /MSG, segment 35.*stands outside a transaction: after SE/)
  })

  test('with another transaction set has a fault there, and the next one is read', () => {
    const faults = faultsOf(edited(threeTransactions(), 'ST*278*0001', 'ST*837*0001'))
    assert.deepEqual(Object.keys(faults), ['group 1 transaction 0001'])
    assert.match(faults['group 1 transaction 0001']?.join() ?? '', /expected 278/)
  })

  test('that another follows has a fault: one is read', () => {
    const one = interchange(1, [group(imaging, 1, [transaction(imaging, '0001')])])
    const { faults, groups } = read(one + one.replaceAll('000000001', '000000002'))
    assert.equal(groups.length, 1)
    assert.match(faults[0]?.message ?? '', /a second ISA/)
    assert.equal(faults[0]?.place?.byte, one.length)
  })

  test('may hold a TA1 and nothing else', () => {
    const { acknowledgements, faults } = read(
      interchange(5, []).replace('IEA*0', 'TA1*000004711*260302*1415*R*025~IEA*0'),
    )
    assert.deepEqual(faults, [])
    assert.deepEqual(acknowledgements, [
      { controlNumber: '000004711', date: '260302', time: '1415', status: 'rejected', note: '025' },
    ])
  })

  test('that is none at all is faults and nothing else', () => {
    const decoded = decodeInterchange('nothing')
    assert.ok(!decoded.ok)
    assert.match(decoded.faults[0]?.message ?? '', /expected an interchange, which begins with ISA/)
  })

  test('is one transaction for the doors that answer one: a second is refused by name', () => {
    const decoded = decodeRequest(
      interchange(7, [group(imaging, 1, [transaction(imaging, '0001'), transaction(imaging, '0002')])]),
    )
    assert.ok(!decoded.ok)
    assert.deepEqual(
      decoded.faults.map(({ message }) => message),
      ['a second ST: one interchange with one transaction is read'],
    )
  })

  test('carries the parts of every place, so that a fault can be acknowledged', () => {
    const text = edited(inquiry, 'DMG*D8*19581103', 'DMG*D8*20230230')
    const [transactionRead] = read(text).groups[0]?.transactions ?? []
    assert.ok(transactionRead && !transactionRead.result.ok)
    const [fault] = transactionRead.result.faults
    assert.equal(fault?.kind, 'date')
    assert.deepEqual(
      { ...fault?.place, segmentNumber: 0, byte: 0 },
      {
        segmentId: 'DMG',
        segmentNumber: 0,
        byte: 0,
        loop: fault?.place?.loop,
        element: 2,
        value: '20230230',
      },
    )
  })
})
