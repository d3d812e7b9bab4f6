import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  admission,
  edited,
  group,
  imaging,
  interchange,
  recounted,
  threeTransactions,
  transaction,
} from '../../../../test/support/interchanges.ts'
import type { Instant } from '../../../kernel/time.ts'
import {
  acknowledge,
  acknowledgeGroup,
  acknowledgeInterchange,
  decodeInterchange,
  encodeAcknowledgements,
  type GroupAcknowledgement,
  type ReceivedInterchange,
  type SegmentError,
} from '../index.ts'

const at = Date.UTC(2026, 2, 2, 14, 16) as Instant

function read(text: string): ReceivedInterchange {
  const decoded = decodeInterchange(text)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.value
}

function asking(text: string): string {
  return edited(text, /\*0\*T\*/, '*1*T*')
}

/** What is said about the one transaction of a text. */
function said(text: string) {
  const [one] = read(text).groups
  assert.ok(one)
  const [first] = acknowledgeGroup(one).transactions
  assert.ok(first)
  return first
}

function errorsOf(text: string): readonly SegmentError[] {
  return said(recounted(text)).errors
}

function segmentsOf(text: string): readonly string[] {
  const received = read(text)
  const written = encodeAcknowledgements(acknowledge(received, false), received.header, {
    at,
    controlNumber: 31,
  })
  return written.split('~')
}

describe('TA1', () => {
  test('is sent for an interchange that asks for it in ISA14, and says that it was accepted', () => {
    assert.deepEqual(acknowledgeInterchange(read(asking(imaging)), false), {
      controlNumber: '000004711',
      date: '260302',
      time: '1415',
      status: 'accepted',
      note: '000',
    })
  })

  test('is not sent for an interchange that is well and does not ask for it (ISA14)', () => {
    assert.equal(acknowledgeInterchange(read(imaging), false), undefined)
  })

  test('is sent for one that is refused, whether or not it asks', () => {
    assert.equal(acknowledgeInterchange(read(edited(imaging, 'IEA*1', 'IEA*2')), false)?.status, 'rejected')
  })

  test('names an interchange that came before as a duplicate: note code 025', () => {
    const told = acknowledgeInterchange(read(imaging), true)
    assert.deepEqual([told?.status, told?.note], ['rejected', '025'])
  })

  const notes: readonly (readonly [what: string, from: string, to: string, note: string])[] = [
    ['control numbers that differ', 'IEA*1*000004711', 'IEA*1*000004712', '001'],
    ['a count of groups that is wrong', 'IEA*1*', 'IEA*3*', '021'],
    ['a control number of the ISA that is none', '*000004711*0*T', '*00000471X*0*T', '018'],
    ['another version', '*00501*', '*00401*', '017'],
    ['a usage that is neither test nor production', '*0*T*', '*0*Q*', '020'],
    ['a sender of another width', '*LARKSPUR       *', '*LARKSPUR*', '006'],
    ['no sender', '*LARKSPUR       *', '*               *', '006'],
    ['a missing end', 'IEA*1*000004711~', '', '023'],
    ['a text that is cut off', '*000004711~', '*000004711', '023'],
  ]
  for (const [what, from, to, note] of notes) {
    test(`says ${note} for ${what}`, () => {
      assert.equal(
        acknowledgeInterchange(
          read(imaging.replace(RegExp(`${RegExp.escape(from)}(?!.*${RegExp.escape(from)})`), to)),
          false,
        )?.note,
        note,
      )
    })
  }

  test('says 024 for an interchange without a group', () => {
    assert.equal(acknowledgeInterchange(read(interchange(1, [])), false)?.note, '024')
  })
})

describe('999', () => {
  test('accepts a group whose transactions were read', () => {
    const [one] = read(threeTransactions()).groups
    assert.ok(one)
    assert.deepEqual(acknowledgeGroup(one), {
      kind: 'HI',
      controlNumber: '1',
      guide: '005010X217',
      transactions: ['0001', '0002'].map((controlNumber) => ({
        set: '278',
        controlNumber,
        guide: '005010X217',
        status: 'accepted',
        errors: [],
        codes: [],
      })),
      status: 'accepted',
      announced: 2,
      received: 2,
      accepted: 2,
      codes: [],
    } satisfies GroupAcknowledgement)
  })

  test('accepts a group in part when one of two transactions has faults', () => {
    const [one] = read(edited(threeTransactions(), '*19581103*F~', '*19581103*Q~')).groups
    assert.ok(one)
    const { status, accepted, transactions } = acknowledgeGroup(one)
    assert.deepEqual(
      [status, accepted, transactions.map((each) => each.status)],
      ['partially-accepted', 1, ['rejected', 'accepted']],
    )
  })

  test('names an element by its place in the transaction, its loop, its number and what stood there (IK3, IK4)', () => {
    assert.deepEqual(errorsOf(edited(imaging, '*19581103*F~', '*19581103*Q~')), [
      {
        segmentId: 'DMG',
        position: 16,
        loop: '2010C',
        code: '8',
        elements: [{ element: 3, code: '7', value: 'Q' }],
      },
    ])
  })

  test('names a component of a composite element (IK401-2)', () => {
    const [error] = errorsOf(edited(imaging, 'ABF:R07.9', 'XXX:R07.9'))
    assert.deepEqual(error?.elements, [{ element: 2, component: 1, code: '7', value: 'XXX' }])
  })

  test('gathers the elements of one segment under one IK3', () => {
    const [error, ...more] = errorsOf(edited(imaging, 'DMG*D8*19581103*F~', 'DMG*D8*19580231*Q~'))
    assert.deepEqual(more, [])
    assert.deepEqual(
      error?.elements.map(({ element, code }) => [element, code]),
      [
        [2, '8'],
        [3, '7'],
      ],
    )
  })

  const codes: readonly (readonly [
    what: string,
    from: string,
    to: string,
    id: string,
    code: string,
    element?: string,
  ])[] = [
    ['a segment id that is none', 'HI*ABK', '9X*1~HI*ABK', '', '1'],
    ['a segment that has no place there', 'HI*ABK', 'CLM*1~HI*ABK', 'CLM', '2'],
    ['a required segment that is missing', 'UM*HS*I*73*22:B**U~', '', 'UM', '3'],
    ['a required loop that is missing', 'NM1*X3*2*Quillfeather Health Plan*****PI*QFHP01~', '', 'NM1', '3'],
    ['a loop too many', 'HL*2*1*21', 'NM1*X3*2*Other Plan*****PI*9~HL*2*1*21', 'NM1', '4'],
    ['a segment too many', 'DMG*D8', 'DMG*D8*19581103~DMG*D8', 'DMG', '5'],
    ['an element that is missing', '*LK-2026-000815*', '**', 'BHT', '8', '1'],
    ['a code that is none', '*19581103*F~', '*19581103*Q~', 'DMG', '8', '7'],
    ['a day that does not exist', '19581103', '20230230', 'DMG', '8', '8'],
    ['a number that is none', '*UN*1~', '*UN*-1~', 'SV1', '8', '6'],
    ['an HL that names no HL as its parent', 'HL*5*4*SS', 'HL*5*9*SS', 'HL', '8', 'I12'],
    ['a control character', 'Heron Street', 'Heron\u0001Street', 'N3', '8', '6'],
  ]
  for (const [what, from, to, id, code, element] of codes) {
    test(`says ${code}${element === undefined ? '' : ` and ${element}`} for ${what}`, () => {
      const errors = errorsOf(edited(imaging, from, to))
      assert.deepEqual(
        errors.map((error) => [error.segmentId, error.code, error.elements.map((each) => each.code).join()]),
        [[id, code, element ?? '']],
      )
    })
  }

  const sets: readonly (readonly [what: string, from: string, to: string, code: string])[] = [
    ['a missing SE', 'SE*32*0001~', '', '2'],
    ['an SE with another number', 'SE*32*0001', 'SE*32*0002', '3'],
    ['an SE that counts wrongly', 'SE*32*0001', 'SE*33*0001', '4'],
    ['segments in error', '*19581103*F~', '*19581103*Q~', '5'],
    ['another transaction set', 'ST*278', 'ST*837', '6'],
    ['a control number that is none', 'ST*278*0001', 'ST*278*1', '7'],
    ['another guide', 'X*005010X217~ST*278*0001*005010X217', 'X*005010X999~ST*278*0001*005010X999', 'I6'],
    ['a group of another kind', 'GS*HI', 'GS*HS', '1'],
  ]
  for (const [what, from, to, code] of sets) {
    test(`refuses a transaction with ${what}: IK502 is ${code}`, () => {
      const { status, codes: found } = said(edited(imaging, from, to))
      assert.equal(status, 'rejected')
      assert.ok(found.includes(code), found.join())
    })
  }

  test('refuses a group with faults of its own, with all that is in it (AK905)', () => {
    for (const [from, to, code] of [
      ['GE*2*1~', 'GE*3*1~', '5'],
      ['GE*2*1~', 'GE*2*9~', '4'],
      ['GE*2*1~', '', '3'],
    ] as const) {
      const [one] = read(edited(threeTransactions(), from, to)).groups
      assert.ok(one)
      const { status, accepted, codes: found } = acknowledgeGroup(one)
      assert.deepEqual([status, accepted, found], ['rejected', 0, [code]])
    }
  })

  test('names the trace number of the case that an error stands in, and none before it (CTX)', () => {
    const late = errorsOf(edited(admission, '*D8*20260302~', '*D8*20230230~'))
    assert.deepEqual(late[0]?.businessUnit, { name: 'TRN02', value: 'LK-816' })
    const early = errorsOf(edited(admission, '*20140619*M~', '*20140619*Q~'))
    assert.equal(early[0]?.businessUnit, undefined)
  })

  test('is not written for an interchange that is refused: the TA1 says it all', () => {
    const received = read(edited(threeTransactions(), 'IEA*2', 'IEA*1'))
    assert.deepEqual(acknowledge(received, false).groups, [])
  })

  test('is not written for a duplicate', () => {
    const told = acknowledge(read(threeTransactions()), true)
    assert.deepEqual([told.interchange?.note, told.groups], ['025', []])
  })

  test('is never answered by a 999', () => {
    const received = read(imaging)
    const first = encodeAcknowledgements(acknowledge(received, false), received.header, {
      at,
      controlNumber: 1,
    })
    assert.deepEqual(acknowledge(read(first), false).groups, [])
  })
})

describe('an interchange of acknowledgements', () => {
  test('turns the names of the ISA round, and asks for no TA1 itself', () => {
    const [isa = '', gs = ''] = segmentsOf(imaging)
    assert.equal(
      isa,
      'ISA*00*          *00*          *ZZ*QUILLFEATHER   *ZZ*LARKSPUR       *260302*1416*^*00501*000000031*0*T*:',
    )
    assert.equal(gs, 'GS*FA*QUILLFEATHER*LARKSPUR*20260302*141600*31*X*005010X231A1')
  })

  test('says what is wrong in the segments of 005010X231', () => {
    const text = recounted(edited(admission, '*D8*20260302~', '*D8*20230230~'))
    assert.deepEqual(segmentsOf(text).slice(2, -3), [
      'ST*999*0001*005010X231A1',
      `AK1*HI*${read(text).groups[0]?.header.controlNumber}*005010X217`,
      'AK2*278*0001*005010X217',
      'IK3*DTP*18*2000E*8',
      'CTX*TRN02:LK-816',
      'IK4*3**8*20230230',
      'IK5*R*5',
      'AK9*R*1*1*0',
      'SE*9*0001',
    ])
  })

  test('with a TA1 alone has no group (IEA01 is 0)', () => {
    const text = edited(asking(imaging), 'IEA*1', 'IEA*2')
    assert.deepEqual(segmentsOf(text).slice(1), ['TA1*000004711*260302*1415*R*021', 'IEA*0*000000031', ''])
  })

  test('is read back as it was written', () => {
    for (const text of [
      asking(threeTransactions()),
      edited(threeTransactions(), '*19581103*F~', '*19581103*Q~'),
      recounted(edited(admission, '*D8*20260302~', '*D8*20230230~')),
      recounted(edited(imaging, 'ABF:R07.9', 'XXX:R07.9')),
    ]) {
      const received = read(text)
      const told = acknowledge(received, false)
      const back = read(encodeAcknowledgements(told, received.header, { at, controlNumber: 31 }))
      assert.deepEqual(back.faults, [])
      assert.deepEqual(back.acknowledgements, told.interchange === undefined ? [] : [told.interchange])
      const groups = back.groups.flatMap(({ transactions }) =>
        transactions.map(({ result }) => {
          assert.ok(result.ok && result.value.kind === 'acknowledgement', JSON.stringify(result))
          assert.deepEqual(result.notes, [])
          return result.value.acknowledgement
        }),
      )
      assert.deepEqual(groups, told.groups)
    }
  })

  test('without AK9 is refused: it does not say what became of the group', () => {
    const received = read(imaging)
    const text = encodeAcknowledgements(acknowledge(received, false), received.header, {
      at,
      controlNumber: 1,
    })
    const [one] = read(edited(text, 'AK9*A*1*1*1~', '').replace('SE*6', 'SE*5')).groups[0]?.transactions ?? []
    assert.ok(one && !one.result.ok)
    assert.match(
      one.result.faults[0]?.message ?? '',
      /expected AK9 \(what became of the group\); it is missing/,
    )
  })
})

test('a group of transactions of which one is no 278 says so for that one', () => {
  const text = interchange(3, [group(imaging, 1, [transaction(imaging, '0001'), 'ST*275*0002~SE*2*0002~'])])
  const [one] = read(text).groups
  assert.ok(one)
  assert.deepEqual(
    acknowledgeGroup(one).transactions.map(({ status, codes }) => [status, codes]),
    [
      ['accepted', []],
      ['rejected', ['6']],
    ],
  )
})
