import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aNotice } from '../../../test/support/admissions.ts'
import type { Instant } from '../../kernel/time.ts'
import {
  decodeAnswer,
  decodeNoticeAnswer,
  decodeRequest,
  encodeNotice,
  encodeNoticeAnswer,
  encodeRequest,
} from './index.ts'

const at = Date.UTC(2026, 10, 3) as Instant
const sent = { interchangeControlNumber: '000000042', usage: 'T', at } as const
const TEXT = encodeNotice(aNotice(), sent)

/** With one segment changed, and the count of SE made right again. */
function changed(from: string | RegExp, to: string, more = 0): string {
  const text = TEXT.replace(from, to)
  assert.notEqual(text, TEXT)
  return text.replace(/~SE\*(\d+)/, (_, count) => `~SE*${Number(count) + more}`)
}

function faultsOf(text: string): readonly string[] {
  const read = decodeRequest(text)
  return read.ok ? [] : read.faults.map(({ at: place, message }) => `${place.split(',')[0]}: ${message}`)
}

describe('a notice of admission as a 278', () => {
  test('begins with who tells, and goes on with whom it is told to (005010X216)', () => {
    assert.match(
      TEXT,
      /BHT\*0007\*CN\*T-1\*\d+\*\d+\*NO~HL\*1\*\*20\*1~NM1\*FA.*~HL\*2\*1\*21\*1~NM1\*X3\*2\*Quillfeather/,
    )
    assert.match(TEXT, /UM\*AR\*I\*.*DTP\*435\*D8\*20261101/)
  })

  test('without its day of admission is refused, and told what to send', () => {
    assert.deepEqual(faultsOf(changed('DTP*435*D8*20261101~', '', -1)), [
      '2000E/UM-01: DTP*435 (the day of admission) is missing',
    ])
  })

  test('of a discharge before the admission is refused at the day of discharge', () => {
    const early = changed('DTP*435*D8*20261101~', 'DTP*435*D8*20261101~DTP*096*D8*20261031~', 1)
    assert.deepEqual(faultsOf(early), ['2000E/DTP-03: the discharge is before the admission (DTP*435)'])
  })

  test('that cancels without REF*NT is refused', () => {
    assert.match(faultsOf(changed('UM*AR*I', 'UM*AR*3')).join(), /UM-02: .*REF\*NT is missing/)
  })

  test('that asks for an extension is refused: a notice asks for nothing', () => {
    assert.match(faultsOf(changed('UM*AR*I', 'UM*AR*4')).join(), /UM-02: .*asks for nothing/)
  })

  test('that carries a decision is refused: HCR has no place in it', () => {
    assert.deepEqual(faultsOf(changed('DTP*435', 'HCR*A1*123~DTP*435', 1)), [
      '2000E/HCR: HCR has no place here (the patient event)',
    ])
  })

  test('with another category than AR is read as one, with a note', () => {
    const read = decodeRequest(changed('UM*AR', 'UM*HS'))
    assert.ok(read.ok && read.value.guide === '216')
    assert.equal(read.value.notice.event.category, 'admission')
    assert.deepEqual(
      read.notes.map((note) => note.message),
      ['expected AR (admission), found HS; read as AR'],
    )
  })

  test('with an NPI whose check digit is wrong is read, with a note', () => {
    const read = decodeRequest(changed('*XX*1234567893', '*XX*1234567890'))
    assert.ok(read.ok)
    assert.match(read.notes[0]?.message ?? '', /check digit/)
  })

  test('whose parties stand as in a request is refused: a payer does not tell', () => {
    const request = encodeRequest(aNotice(), { guide: '217', ...sent })
    const text = request.replaceAll('005010X217', '005010X216').replace('*0007*13*', '*0007*CN*')
    assert.match(faultsOf(text).join(), /NM1-01: expected X3, PR; found "FA"/)
  })

  test('is not taken for a request for review when its BHT02 is that of one', () => {
    assert.match(faultsOf(changed('*0007*CN*', '*0007*13*')).join(), /expected CN \(a notice of admission\)/)
  })
})

describe('what a payer says to a notice, as a 278', () => {
  const answer = {
    request: aNotice(),
    payer: { id: '00001', name: 'Quillfeather' },
    answeredAt: at,
    outcome: { kind: 'acknowledged', referenceNumber: 'N123' },
  } as const
  const text = encodeNoticeAnswer(answer, { at, controlNumber: 7, usage: 'T' })

  test('acknowledges it by REF*NT, and has no HCR', () => {
    assert.match(text, /BHT\*0007\*11\*T-1.*~REF\*NT\*N123~/)
    assert.doesNotMatch(text, /~HCR/)
  })

  test('refuses it by AAA in the loop of its level: the payer’s is 2010B', () => {
    const rejections = [{ level: 'payer', reason: '79', followUp: 'C' }] as const
    const refused = encodeNoticeAnswer(
      { ...answer, outcome: { kind: 'rejected', rejections } },
      { at, controlNumber: 7, usage: 'T' },
    )
    assert.match(refused, /HL\*2\*1\*21\*1~NM1\*X3\*[^~]*~AAA\*N\*\*79\*C~/)
  })

  test('that neither acknowledges nor refuses is refused', () => {
    const read = decodeNoticeAnswer(
      text.replace('REF*NT*N123~', '').replace(/~SE\*(\d+)/, (_, count) => `~SE*${Number(count) - 1}`),
    )
    assert.ok(!read.ok)
    assert.match(read.faults[0]?.message ?? '', /says nothing/)
  })

  test('is not taken for a decision', () => {
    const read = decodeAnswer(text)
    assert.ok(!read.ok)
    assert.match(read.faults[0]?.message ?? '', /notice of admission/)
  })
})
