import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { decodeAnswer, decodeRequest } from './index.ts'

const imaging = fixture('request-217-imaging.edi')
const admission = fixture('request-217-dependent.edi')
const inquiry = fixture('inquiry-215.edi')

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8').replaceAll('\n', '')
}

/** A sample with one piece replaced; SE01 is put right, unless the count itself is what is changed. */
function edited(sample: string, from: string, to: string): string {
  assert.ok(sample.includes(from), `the sample has no ${from}`)
  const text = sample.replace(from, to)
  const count = text.slice(text.indexOf('ST*'), text.indexOf('SE*')).split('~').length
  return from.startsWith('SE*') ? text : text.replace(/SE\*\d+/, `SE*${count}`)
}

function faultsOf(text: string): readonly string[] {
  const read = decodeRequest(text)
  return read.ok ? [] : read.faults.map(({ at, message }) => `${at}: ${message}`)
}

function notesOf(text: string): readonly string[] {
  const read = decodeRequest(text)
  assert.ok(read.ok, JSON.stringify(read))
  return read.notes.map(({ at, message }) => `${at}: ${message}`)
}

/** What is broken, by which edit of a sample, and the only fault that comes of it. */
type Case = readonly [promise: string, sample: string, from: string, to: string, expected: RegExp]

function refused(cases: readonly Case[]): void {
  for (const [promise, sample, from, to, expected] of cases) {
    test(promise, () => {
      const faults = faultsOf(edited(sample, from, to))
      assert.equal(faults.length, 1, faults.join('\n'))
      assert.match(faults[0] ?? '', expected)
    })
  }
}

describe('the text itself', () => {
  refused([
    [
      'text that is no interchange is refused',
      imaging,
      'ISA*',
      'XYZ*',
      /^byte 0: expected an interchange.*"XYZ"/,
    ],
    [
      'an ISA element of another width is refused, and named',
      imaging,
      '*LARKSPUR       *ZZ',
      '*LARKSPUR*ZZ',
      /^ISA-06, segment 1, byte 35: expected 15 characters, found 8/,
    ],
    ['delimiters that are not distinct are refused', imaging, '*T*:~', '*T**~', /three different marks/],
    [
      'a control character inside a value is refused, with its code',
      imaging,
      'Heron Street',
      'Heron\u0000Street',
      /^N3-01, segment 10, byte 378: found the control character U\+0000/,
    ],
    [
      'a line break inside a segment is refused',
      imaging,
      'Heron Street',
      'Heron\r\nStreet',
      /control character U\+000D inside a value/,
    ],
    [
      'a replacement character is refused, as bytes that were not UTF-8',
      imaging,
      'Castellan',
      'Castell\ufffdn',
      /^PER-02, segment 12, byte \d+: U\+FFFD stands where bytes could not be read as UTF-8/,
    ],
    [
      'an over-long segment is refused',
      imaging,
      'see the note',
      'x'.repeat(4001),
      /^MSG, segment 23, byte \d+: the segment is 40\d\d characters long; at most 4000 are read/,
    ],
  ])

  test('an empty segment is refused, though it is counted', () => {
    const faults = faultsOf(edited(imaging, 'N3*12', '~N3*12'))
    assert.deepEqual(faults, ['segment 10, byte 375: expected a segment id such as NM1, found nothing'])
  })

  test('text that ends inside the ISA is refused, with the number of characters it needs', () => {
    assert.match(
      faultsOf(imaging.slice(0, 60)).join(),
      /^byte 60: the text ends inside the ISA, which is 106 characters/,
    )
  })

  test('text cut off in the middle is refused for the cut and for each end that is missing', () => {
    const faults = faultsOf(imaging.slice(0, imaging.indexOf('SV1*') + 6)).join('\n')
    assert.match(faults, /the text ends inside segment 30 \("SV1\*HC"\): no segment terminator/)
    for (const id of ['SE', 'GE', 'IEA']) assert.match(faults, new RegExp(`expected ${id} `))
  })

  test('a missing last terminator is the only fault of a text that is whole but for it', () => {
    assert.equal(faultsOf(imaging.slice(0, -1)).length, 1)
  })

  test('a byte order mark and line breaks of either kind after terminators are passed over', () => {
    const plain = decodeRequest(imaging)
    assert.ok(plain.ok)
    for (const ending of ['~\n', '~\r\n', '~\n\n']) {
      const read = decodeRequest(`\ufeff${imaging.replaceAll('~', ending)}`)
      assert.ok(read.ok)
      assert.deepEqual(read.value, plain.value)
    }
  })

  test('other delimiters are read from the ISA, a line break as terminator among them', () => {
    const other = imaging.replaceAll('*', '|').replaceAll(':', '>').replaceAll('^', '!').replaceAll('~', '\n')
    const [read, plain] = [decodeRequest(other), decodeRequest(imaging)]
    assert.ok(read.ok && plain.ok)
    assert.deepEqual(read.value, plain.value)
  })

  test('byte positions count UTF-8, not characters', () => {
    const faults = faultsOf(
      edited(imaging, 'Larkspur Cardiology', 'Lärkspür Cardiology').replace('D8*1958', 'D8*1858x'),
    )
    const plain = faultsOf(imaging.replace('D8*1958', 'D8*1858x'))
    const byteOf = (fault = '') => Number(/byte (\d+)/.exec(fault)?.[1])
    assert.equal(byteOf(faults[0]), byteOf(plain[0]) + 2)
  })
})

describe('the envelope', () => {
  refused([
    [
      'IEA must count the groups',
      imaging,
      'IEA*1*',
      'IEA*2*',
      /^IEA-01, segment 36.*expected the count 1 \(group\); found "2"/,
    ],
    [
      'IEA must repeat the number of the ISA',
      imaging,
      'IEA*1*000004711',
      'IEA*1*000004712',
      /^IEA-02.*of ISA-13, "000004711"; found "000004712"/,
    ],
    [
      'GE must count the transactions',
      imaging,
      'GE*1*',
      'GE*7*',
      /^GE-01.*expected the count 1 \(transaction\); found "7"/,
    ],
    [
      'GE must repeat the number of the GS',
      imaging,
      'GE*1*4711',
      'GE*1*4712',
      /^GE-02.*of GS-06, "4711"; found "4712"/,
    ],
    [
      'SE must count the segments',
      imaging,
      'SE*32*',
      'SE*33*',
      /^SE-01.*expected the count 32 .*; found "33"/,
    ],
    [
      'SE must repeat the number of the ST',
      imaging,
      '*0001~GE',
      '*0002~GE',
      /^SE-02.*of ST-02, "0001"; found "0002"/,
    ],
    ['a missing IEA is named', imaging, 'IEA*1*000004711~', '', /^GE, segment 35.*expected IEA/],
    ['a missing GE is named', imaging, 'GE*1*4711~', '', /expected GE/],
    [
      'a second transaction is refused',
      imaging,
      'GE*1',
      'ST*278*0002*005010X217~SE*2*0002~GE*2',
      /^ST, segment 35.*a second ST/,
    ],
    [
      'a segment outside the transaction is refused',
      imaging,
      'GE*1',
      'MSG*late~GE*1',
      /^MSG, segment 35.*stands outside a transaction: after SE/,
    ],
    [
      'an ISA13 that is no nine digits is refused',
      imaging.replace('IEA*1*000004711', 'IEA*1*00000471X'),
      '*000004711*0*',
      '*00000471X*0*',
      /^ISA-13.*nine digits/,
    ],
    ['an older version of the envelope is refused', imaging, '*00501*', '*00401*', /^ISA-12.*00501/],
    [
      'a usage other than test or production is refused',
      imaging,
      '*0*T*',
      '*0*X*',
      /^ISA-15.*T \(test\) or P \(production\)/,
    ],
    ['a group of another kind is refused', imaging, 'GS*HI', 'GS*HS', /^GS-01.*HI/],
    [
      'another transaction set is refused by its number',
      imaging,
      'ST*278',
      'ST*837',
      /^ST-01.*expected 278.*found "837"/,
    ],
    [
      'a guide we do not have is refused by its name',
      imaging.replace('0001*005010X217', '0001*005010X279A1'),
      'X*005010X217',
      'X*005010X279A1',
      /^GS-08.*005010X279A1/,
    ],
    [
      'ST and GS must name the same guide',
      imaging,
      '0001*005010X217',
      '0001*005010X215',
      /^ST-03.*"005010X217"; found "005010X215"/,
    ],
  ])

  test('a missing SE is named, after the last segment before it', () => {
    const [fault = '', ...more] = faultsOf(imaging.replace(/SE\*32\*0001~/, ''))
    assert.match(fault, /^NM1, segment 33.*expected SE \(the end of the transaction\) after this/)
    assert.deepEqual(more, [])
  })

  test('every fault of a document comes back at once, in the order of the text', () => {
    const broken = imaging.replace('ISA*00', 'ISA*0').replace('*F~', '*Q~').replace('GE*1*', 'GE*2*')
    assert.deepEqual(
      faultsOf(broken).map((fault) => fault.split(',')[0]),
      ['ISA-01', '2010C/DMG-03', 'GE-01'],
    )
  })
})

describe('the tree', () => {
  refused([
    [
      'a level that is missing is named',
      imaging,
      'NM1*IL*1*Ferreira-Dunn*Odalys*T***MI*QF100200300~REF*6P*GRP-7781~DMG*D8*19581103*F~',
      '',
      /^2000C\/HL, segment 15.*loop 2010C \(NM1\*IL: who the subscriber is\) is missing/,
    ],
    [
      'a required segment that is missing is named',
      imaging,
      'UM*HS*I*73*22:B**U~',
      '',
      /^2000E\/HL, segment 19.*UM \(.*\) is missing in 2000E/,
    ],
    [
      'a missing BHT is named',
      imaging,
      'BHT*0007*13*LK-2026-000815*20260302*141530~',
      '',
      /^: BHT .* is missing/,
    ],
    [
      'an HL that names no HL before it as parent is refused',
      imaging,
      'HL*5*4*SS',
      'HL*5*9*SS',
      /^2000F\/HL-02, segment 27.*expected 4 \(the patient event\), found "9", which is no HL before/,
    ],
    [
      'an HL that names a parent of the wrong level is refused',
      imaging,
      'HL*5*4*SS',
      'HL*5*3*SS',
      /expected 4 \(the patient event\), found 3 \(the subscriber\)/,
    ],
    [
      'an HL without its number is refused',
      imaging,
      'HL*6*4*SS',
      'HL**4*SS',
      /^2000F\/HL-01, segment 31.*found nothing/,
    ],
    [
      'a segment that is unknown where it stands is refused',
      imaging,
      'HI*ABK',
      'CLM*1~HI*ABK',
      /^2000E\/CLM, segment 22, byte \d+: CLM has no place here \(the patient event\)/,
    ],
    [
      'a date that the guide does not have is refused',
      imaging,
      'DTP*472',
      'DTP*999',
      /^2000F\/DTP-01, segment 29.*expected 472; found "999"/,
    ],
    [
      'an unknown party is one fault, not one for each segment that follows it',
      imaging,
      'NM1*SJ*1',
      'NM1*ZZ*1',
      /^2000E\/NM1-01, segment 24.*found "ZZ"/,
    ],
    [
      'a segment too many is refused',
      imaging,
      'DMG*D8',
      'DMG*D8*19581103~DMG*D8',
      /^2010C\/DMG, segment 19.*DMG may stand once in 2010C/,
    ],
    [
      'a loop too many is refused',
      imaging,
      'HL*2*1*21',
      'NM1*X3*2*Other Plan*****PI*9~HL*2*1*21',
      /^2010A\/NM1, segment 7.*loop 2010A .* may stand once/,
    ],
  ])

  test('a level that the guide does not know is refused, and the levels under it are not', () => {
    const faults = faultsOf(edited(imaging, 'HL*4*3*EV*1', 'HL*4*3*PT*1'))
    assert.equal(faults.length, 2)
    assert.match(faults[0] ?? '', /^HL-03, segment 19.*EV \(the patient event\).*found "PT"/)
    assert.match(faults[1] ?? '', /loop 2000E .* is missing/)
  })

  test('a request without its patient event is refused', () => {
    const from = imaging.indexOf('HL*4*')
    const text = imaging.slice(0, from) + imaging.slice(imaging.indexOf('SE*'))
    assert.match(faultsOf(text.replace(/SE\*\d+/, 'SE*17')).join('\n'), /loop 2000E .* is missing/)
  })

  test('a level without the one it stands under is refused', () => {
    const from = imaging.indexOf('HL*2*')
    const text = imaging.slice(0, from) + imaging.slice(imaging.indexOf('HL*3*'))
    assert.match(
      faultsOf(text).join('\n'),
      /level 22 \(the subscriber\) stands under 21 \(the requester\), and no such level/,
    )
  })

  test('an answer at the door for requests is refused as what it is', () => {
    const faults = faultsOf(edited(imaging, 'BHT*0007*13', 'BHT*0007*11'))
    assert.deepEqual(faults.length, 1)
    assert.match(
      faults[0] ?? '',
      /expected 13 \(a request for review\), found "11", which marks the answer to a request/,
    )
  })

  test('a request where an answer is expected is refused as what it is', () => {
    const read = decodeAnswer(inquiry)
    assert.ok(!read.ok)
    assert.match(read.faults[0]?.message ?? '', /expected 49 .* found "28", which marks an inquiry/)
  })
})

describe('the elements', () => {
  refused([
    [
      'a code outside its list is refused, and the list is told',
      imaging,
      '*19581103*F~',
      '*19581103*Q~',
      /^2010C\/DMG-03, segment 18.*expected F, M or U, found "Q"/,
    ],
    [
      'a day that does not exist is refused',
      imaging,
      '19581103',
      '19580231',
      /^2010C\/DMG-02, segment 18.*found "19580231"/,
    ],
    [
      'a period that ends before it begins is refused',
      imaging,
      '20260310-20260331',
      '20260331-20260310',
      /^2000E\/DTP-03.*ends before it begins/,
    ],
    [
      'a period without its second day is refused',
      imaging,
      'RD8*20260310-20260331',
      'RD8*20260310',
      /^2000E\/DTP-03.*CCYYMMDD-CCYYMMDD/,
    ],
    [
      'a date of an unknown format is refused',
      imaging,
      'DTP*472*D8',
      'DTP*472*TM',
      /^2000F\/DTP-02.*D8 \(one day\) or RD8/,
    ],
    [
      'a period where one day is meant is refused',
      admission,
      'HI*ABJ',
      'DTP*096*RD8*20260302-20260303~HI*ABJ',
      /^2000E\/DTP-03.*expected one day/,
    ],
    [
      'a component is named by its number',
      imaging,
      'ABF:R07.9',
      'XXX:R07.9',
      /^2000E\/HI-02-1, segment 22.*expected ABK, .*found "XXX"/,
    ],
    [
      'a place without its list is refused',
      imaging,
      '*22:B**U',
      '*22**U',
      /^2000E\/UM-04-2.*A \(type of bill\) or B \(place of service\), found nothing/,
    ],
    [
      'a payer without a number is refused',
      imaging,
      '*****PI*QFHP01',
      '',
      /^2010A\/NM1-09, segment 6.*expected the payer's number/,
    ],
    [
      'a number without the numbering it is of is refused',
      imaging,
      '*MI*QF100200300',
      '**QF100200300',
      /^2010C\/NM1-08.*beside a number/,
    ],
    [
      'a subscriber known by another number than the member number is refused',
      imaging,
      '*MI*QF',
      '*34*QF',
      /^2010C\/NM1-08.*expected MI/,
    ],
    [
      'an NPI that is not ten digits is refused',
      imaging,
      '*XX*1234567893',
      '*XX*12345',
      /^2010EA\/NM1-09.*NPI, ten digits/,
    ],
    [
      'a party that is neither person nor organization is refused',
      imaging,
      'NM1*SJ*1',
      'NM1*SJ*7',
      /^2010EA\/NM1-02.*1 \(a person\) or 2/,
    ],
    [
      'a service without a procedure is refused',
      imaging,
      'SV1*HC:78452:26',
      'SV1*',
      /^2000F\/SV1-01.*expected a procedure/,
    ],
    [
      'a count that is no number is refused',
      imaging,
      '*UN*1~',
      '*UN*-1~',
      /^2000F\/SV1-04.*not negative, found "-1"/,
    ],
    ['a count without its unit is refused', imaging, '*UN*1~', '**1~', /^2000F\/SV1-03.*expected the unit/],
    [
      'two services on one line are refused',
      imaging,
      'SV1*',
      'SV2*0343~SV1*',
      /^2000F\/SV2.*a line is one service; SV1 stands on it already/,
    ],
    [
      'a contact number without its kind is refused',
      imaging,
      'PER*IC**EM*',
      'PER*IC***',
      /^2010B\/PER-03.*before a number/,
    ],
    [
      'a beginning without the submitter’s number is refused',
      imaging,
      '*LK-2026-000815*',
      '**',
      /^278\/BHT-03.*found nothing/,
    ],
  ])
})

describe('what is tolerated', () => {
  const tolerated: readonly Case[] = [
    ['a date of the ISA that is none is noted', imaging, '*260302*', '*0623  *', /^ISA-09.*found "0623"/],
    [
      'a date of the BHT that is none is noted',
      imaging,
      '*20260302*141530~HL',
      '*20055002*141530~HL',
      /^278\/BHT-04.*found "20055002"/,
    ],
    [
      'a password in spite of its absence is noted',
      imaging,
      'ISA*00*          ',
      'ISA*00*4444      ',
      /^ISA-02/,
    ],
    [
      'a name in GS other than in ISA is noted',
      imaging,
      'GS*HI*LARKSPUR',
      'GS*HI*LARK',
      /^GS-02.*"LARK" is another name/,
    ],
    [
      'an HL number used twice is noted',
      imaging,
      'HL*6*4',
      'HL*5*4',
      /^2000F\/HL-01, segment 31.*used twice/,
    ],
    [
      'an HL number that skips is noted',
      imaging,
      'HL*6*4',
      'HL*8*4',
      /^2000F\/HL-01, segment 31.*expected HL number 6, found 8/,
    ],
    [
      'a service line under its neighbour is noted',
      imaging,
      'HL*6*4',
      'HL*6*5',
      /^2000F\/HL-02, segment 31.*its neighbour; read as 4/,
    ],
    [
      'an HL04 that denies its children is noted',
      imaging,
      'HL*4*3*EV*1',
      'HL*4*3*EV*0',
      /^2000E\/HL-04, segment 19.*expected 1/,
    ],
    [
      'a check digit of an NPI that is wrong is noted',
      imaging,
      '1234567893',
      '1234567890',
      /^2010EA\/NM1-09.*check digit/,
    ],
    [
      'a number of a kind that the guide does not have there is noted',
      imaging,
      'REF*6P',
      'REF*XY*1~REF*6P',
      /^2010C\/REF-01.*"XY"/,
    ],
    [
      'an element that the model has no place for is noted',
      imaging,
      'HI*ABK',
      'CR2*1*10***MO~HI*ABK',
      /^2000E\/CR2-05, segment 22.*not read/,
    ],
    [
      'how urgent a service line is by itself is noted, as the event says it',
      imaging,
      'UM*HS*I**22:B~',
      'UM*HS*I**22:B**03~',
      /^2000F\/UM-06.*not read/,
    ],
    [
      'a second line of an address without a first is noted, and read as the first',
      imaging,
      'N3*12 Heron Street*Suite 4~',
      'N3**Suite 4~',
      /^2010B\/N3-02.*first line/,
    ],
    [
      'a value longer than its element is noted',
      imaging,
      'N4*Millbrook*NY*12545',
      'N4*Millbrook*NY*1254512545125451',
      /^2010B\/N4-03.*expected 3 to 15 characters, found 16/,
    ],
    [
      'a component shorter than the standard says is noted',
      imaging,
      '*22:B**U~',
      '*22:B*A*U~',
      /^2000E\/UM-05.*expected 2 to 3 characters, found 1/,
    ],
    [
      'a place of service that nobody published is noted',
      imaging,
      '*22:B**U~',
      '*28:B**U~',
      /^2000E\/UM-04.*expected a place of service, found "28"/,
    ],
    [
      'a state that there is none is noted',
      imaging,
      'N4*Millbrook*NY*12545',
      'N4*Millbrook*ZZ*12545',
      /^2010B\/N4-02.*expected a state, found "ZZ"/,
    ],
    [
      'a tenth number of the subscriber is noted',
      imaging,
      'REF*6P',
      `${'REF*SY*1~'.repeat(9)}REF*6P`,
      /^2010C\/REF, segment \d+.*may stand 9 times in 2010C.*read all the same/,
    ],
    [
      'a reservation that BHT06 does not name is noted',
      imaging,
      'BHT*0007*13',
      'BHT*0007*36',
      /^278\/BHT-06.*expected RU beside 36/,
    ],
    [
      'segments out of the order of the guide are noted',
      imaging,
      'N3*12 Heron Street*Suite 4~N4*Millbrook*NY*12545~',
      'N4*Millbrook*NY*12545~N3*12 Heron Street*Suite 4~',
      /^2010B\/N3, segment 11.*stands after N4/,
    ],
    [
      'a provider code without a word of ours is noted',
      imaging,
      'NM1*FA',
      'NM1*QV',
      /^2010F\/NM1-01.*QV is read as service-provider/,
    ],
    ['a guide that ST leaves out is noted', imaging, '0001*005010X217', '0001', /^ST-03/],
    ['a repetition separator that is none is noted', imaging, '*^*', '*U*', /^ISA-11/],
  ]
  for (const [promise, sample, from, to, expected] of tolerated) {
    test(promise, () => {
      const notes = notesOf(edited(sample, from, to))
      assert.ok(
        notes.some((note) => expected.test(note)),
        notes.join('\n'),
      )
    })
  }

  test('a document without departures has no notes', () => {
    assert.deepEqual(notesOf(imaging), [])
  })

  test('another organization that denied before is read, and does not spill into its neighbours', () => {
    const denial = 'NM1*CA*2*Other Plan~REF*ZZ*A1**ZZ:B2:ZZ:C3~DTP*598*D8*20260101~HL*5*'
    const read = decodeRequest(edited(imaging, 'HL*5*', denial))
    assert.ok(read.ok && read.value.guide === '217')
    assert.deepEqual(read.notes, [])
    assert.deepEqual(read.value.request.event.earlierDenials, [
      { by: 'CA', name: 'Other Plan', reasons: ['A1', 'B2', 'C3'], deniedOn: '2026-01-01' },
    ])
  })
})

describe('strict reading', () => {
  const broken: readonly (readonly [string, string, string, RegExp])[] = [
    ['a wrong check digit of an NPI', '1234567893', '1234567890', /45 CFR 162\.406/],
    ['a value of another length', 'N4*Millbrook*NY*12545', 'N4*Millbrook*NY*12', /X12 005010, N403: 3 to 15/],
    ['a place of service that nobody published', '*22:B**U~', '*28:B**U~', /CMS, Place of Service/],
    ['a state that there is none', 'N4*Millbrook*NY*12545', 'N4*Millbrook*ZZ*12545', /USPS, Publication 28/],
    ['a tenth number of a party', 'REF*6P', `${'REF*SY*1~'.repeat(9)}REF*6P`, /at most nine/],
  ]
  for (const [what, from, to, rule] of broken) {
    test(`refuses ${what}, and says where that is written`, () => {
      const read = decodeRequest(edited(imaging, from, to), { strictness: 'strict' })
      assert.ok(!read.ok)
      assert.match(JSON.stringify(read.faults), rule)
      assert.ok(decodeRequest(edited(imaging, from, to)).ok)
    })
  }

  test('takes a document without departures', () => {
    assert.ok(decodeRequest(imaging, { strictness: 'strict' }).ok)
  })
})
