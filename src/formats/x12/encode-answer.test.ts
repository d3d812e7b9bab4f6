import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CertificationAction, LineOutcome, Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import { type AnswerEnvelope, encodeAnswer } from './index.ts'

const at = Date.UTC(2026, 2, 2, 14, 15, 31) as Instant
const answeredAt = Date.UTC(2026, 2, 2, 14, 15, 30) as Instant
const day = (text: string) => text as PlainDate

function aLine(number: number, given: Partial<ServiceLine> = {}): ServiceLine {
  return {
    number,
    kind: 'professional',
    procedure: { system: 'HC', code: '78452', modifiers: [] },
    quantity: { unit: 'UN', value: '1' },
    providers: [],
    ...given,
  }
}

function aRequest(given: Partial<ReviewRequest> = {}): ReviewRequest {
  return {
    correspondence: { senderId: 'LARKSPUR', receiverId: 'QUILLFEATHER', transactionIdentifier: 'LK-815' },
    payer: { id: 'QFHP01', name: 'Quillfeather' },
    requester: {
      kind: 'provider',
      name: { kind: 'organization', name: 'Larkspur Cardiology' },
      references: [],
    },
    subscriber: { memberId: 'QF100', name: { kind: 'person', last: 'Ferreira-Dunn' }, references: [] },
    event: {
      category: 'health-services',
      purpose: 'initial',
      diagnoses: [],
      conditions: [],
      transportStops: [],
      providers: [],
      lines: [aLine(1)],
    },
    ...given,
  }
}

type Decision = Extract<ReviewAnswer['outcome'], { kind: 'decided' }>

function decided(given: Partial<Decision> = {}, request = aRequest()): ReviewAnswer {
  return answer(request, {
    kind: 'decided',
    action: 'certified',
    lines: [outcome(1, 'certified')],
    administrativeReference: 'R-77',
    requestedOn: day('2026-03-02'),
    ...given,
  })
}

function outcome(line: number, action: CertificationAction, given: Partial<LineOutcome> = {}): LineOutcome {
  return { line, action, grounds: [], ...given }
}

function rejected(rejections: readonly Rejection[], request = aRequest()): ReviewAnswer {
  return answer(request, { kind: 'rejected', rejections })
}

function answer(request: ReviewRequest, what: ReviewAnswer['outcome']): ReviewAnswer {
  return { request, payer: { id: 'QFHP01', name: 'Quillfeather Health Plan' }, answeredAt, outcome: what }
}

function segments(of: ReviewAnswer, given: Partial<AnswerEnvelope> = {}): readonly string[] {
  return encodeAnswer(of, { guide: '217', at, controlNumber: 42, usage: 'T', ...given }).split('~')
}

/** The segments from the HL of a level up to the next HL. */
function level(all: readonly string[], code: string): readonly string[] {
  const start = all.findIndex((segment) => segment.startsWith('HL*') && segment.split('*')[3] === code)
  const end = all.findIndex((segment, index) => index > start && /^(HL|SE)\*/.test(segment))
  return all.slice(start + 1, end)
}

describe('the envelope of an answer', () => {
  test('names are turned round, as the correspondence has them', () => {
    const [isa = '', gs = ''] = segments(decided())
    assert.equal(
      isa,
      'ISA*00*          *00*          *ZZ*QUILLFEATHER   *ZZ*LARKSPUR       *260302*1415*^*00501*000000042*0*T*:',
    )
    assert.equal(gs, 'GS*HI*QUILLFEATHER*LARKSPUR*20260302*141531*42*X*005010X217')
  })

  test('names are turned round exactly when the envelope of the request is given', () => {
    const [isa = '', gs = ''] = segments(decided(), {
      inReplyTo: {
        senderId: 'A6',
        receiverId: '278_217_01_A1',
        applicationSender: 'GS2',
        applicationReceiver: 'GS3',
        interchangeControlNumber: '000000001',
        groupControlNumber: '1',
        transactionControlNumber: '0001',
        usage: 'T',
        beginningReference: 'LK-815',
      },
    })
    assert.deepEqual(
      [isa.slice(35, 50), isa.slice(54, 69)].map((name) => name.trim()),
      ['278_217_01_A1', 'A6'],
    )
    assert.match(gs, /^GS\*HI\*GS3\*GS2\*/)
  })

  test('a decision repeats BHT03, and BHT says answer and final (217) or details (215)', () => {
    assert.ok(segments(decided()).includes('BHT*0007*11*LK-815*20260302*141530*18'))
    assert.ok(segments(decided(), { guide: '215' }).includes('BHT*0007*49*LK-815*20260302*141530*RD'))
  })

  test('control numbers and counts agree, and a number beyond nine digits starts again', () => {
    const all = segments(decided(), { controlNumber: 1_000_000_007 })
    const st = all.findIndex((segment) => segment.startsWith('ST*'))
    const se = all.findIndex((segment) => segment.startsWith('SE*'))
    assert.deepEqual(all.slice(se), [`SE*${se - st + 1}*0001`, 'GE*1*7', 'IEA*1*000000007', ''])
  })
})

describe('a decision', () => {
  const codes: Readonly<Record<CertificationAction, string>> = {
    certified: 'A1',
    'certified-partially': 'A2',
    'not-certified': 'A3',
    pended: 'A4',
    modified: 'A6',
    cancelled: 'C',
    'contact-payer': 'CT',
    'no-action-required': 'NA',
  }
  for (const [action, code] of Object.entries(codes)) {
    test(`${action} is spelled ${code} at the event and at the line (X12 306)`, () => {
      const word = action as CertificationAction
      const all = segments(decided({ action: word, lines: [outcome(1, word)] }))
      assert.ok(level(all, 'EV').includes(`HCR*${code}`))
      assert.ok(level(all, 'SS').includes(`HCR*${code}`))
    })
  }

  test('stands after the kind of review, and before numbers, days, diagnoses and words', () => {
    const request = aRequest()
    const event = {
      ...request.event,
      diagnoses: [{ role: 'principal' as const, system: 'icd-10' as const, code: 'I25.10' }],
    }
    const all = segments(
      decided(
        {
          authorizationNumber: 'A-9',
          issuedOn: day('2026-03-02'),
          effective: { from: day('2026-03-10'), until: day('2026-06-10') },
          message: 'Approved as asked.',
        },
        { ...request, event },
      ),
    )
    assert.deepEqual(level(all, 'EV'), [
      'UM*HS*I',
      'HCR*A1*A-9',
      'REF*BB*A-9',
      'REF*NT*R-77',
      'DTP*102*D8*20260302',
      'DTP*036*D8*20260610',
      'DTP*007*D8*20260310',
      'DTP*881*D8*20260302',
      'HI*ABK:I25.10',
      'MSG*Approved as asked.',
    ])
  })

  test('gives its number to lines that are certified, and to no other', () => {
    const request = aRequest()
    const event = { ...request.event, lines: [aLine(1), aLine(2)] }
    const lines = [outcome(1, 'certified'), outcome(2, 'not-certified')]
    const all = segments(
      decided({ action: 'certified-partially', lines, authorizationNumber: 'A-9' }, { ...request, event }),
    )
    assert.deepEqual(
      all.filter((segment) => segment.startsWith('HCR*')),
      ['HCR*A2*A-9', 'HCR*A1*A-9', 'HCR*A3'],
    )
  })

  test('says what was certified beside what was asked for', () => {
    const lines = [
      outcome(1, 'modified', {
        certifiedQuantity: { unit: 'UN', value: '3' },
        certifiedPeriod: { from: day('2026-03-10'), until: day('2026-04-10') },
        message: 'Three of five.',
      }),
    ]
    const all = segments(decided({ action: 'modified', lines }))
    assert.deepEqual(level(all, 'SS'), [
      'HCR*A6',
      'DTP*036*D8*20260410',
      'DTP*007*D8*20260310',
      'SV1*HC:78452**UN*1',
      'HSD*FL*3',
      'MSG*Three of five.',
    ])
  })

  test('tells why a line waits with the words for people', () => {
    const lines = [
      outcome(1, 'pended', { pend: { waitingFor: 'reviewer', text: 'A nurse will look at it.' } }),
    ]
    const all = segments(decided({ action: 'pended', lines }))
    assert.ok(level(all, 'SS').includes('MSG*A nurse will look at it.'))
  })

  test('names the payer, and the page to look at (PER with UR)', () => {
    const given = decided()
    const withContact = { ...given, payer: { ...given.payer, contact: { url: 'https//plan.example' } } }
    assert.deepEqual(level(segments(withContact), '20'), [
      'NM1*X3*2*Quillfeather Health Plan*****PI*QFHP01',
      'PER*IC**UR*https//plan.example',
    ])
    assert.equal(level(segments(withContact, { guide: '215' }), '20')[0]?.slice(0, 6), 'NM1*PR')
  })

  test('leaves out what the guide of the answer has no place for: the address and contact of the requester', () => {
    const requester = {
      ...aRequest().requester,
      address: { line1: '12 Heron Street' },
      contact: { telephone: '5550100200' },
    }
    assert.deepEqual(level(segments(decided({}, aRequest({ requester }))), '21'), [
      'NM1*1P*2*Larkspur Cardiology',
    ])
  })

  test('hangs the event under the dependent who is the patient', () => {
    const dependent = {
      name: { kind: 'person' as const, last: 'Ferreira-Dunn', first: 'Ciro' },
      references: [],
    }
    const all = segments(decided({}, aRequest({ dependent })))
    assert.deepEqual(
      all.filter((segment) => segment.startsWith('HL*')),
      ['HL*1**20*1', 'HL*2*1*21*1', 'HL*3*2*22*1', 'HL*4*3*23*1', 'HL*5*4*EV*1', 'HL*6*5*SS*0'],
    )
  })
})

describe('a rejection', () => {
  const places: readonly (readonly [Rejection['level'], string])[] = [
    ['system', '20'],
    ['payer', '20'],
    ['requester', '21'],
    ['subscriber', '22'],
    ['dependent', '23'],
    ['event', 'EV'],
    ['line', 'SS'],
  ]
  const dependent = { references: [] }
  for (const [where, code] of places) {
    test(`of the ${where} stands in its loop (HL ${code}), and nothing is decided`, () => {
      const rejection = {
        level: where,
        reason: '73',
        followUp: 'C',
        ...(where === 'line' ? { line: 1 } : {}),
      }
      const all = segments(rejected([rejection], aRequest({ dependent })))
      assert.ok(level(all, code).includes('AAA*N**73*C'))
      assert.equal(all.filter((segment) => segment.startsWith('AAA*')).length, 1)
      assert.ok(!all.some((segment) => segment.startsWith('HCR')))
    })
  }

  test('of the system stands before the name of the payer, one of the payer after it', () => {
    const system = segments(rejected([{ level: 'system', reason: '42', followUp: 'Y' }]))
    const payer = segments(rejected([{ level: 'payer', reason: '42', followUp: 'Y' }]))
    assert.equal(level(system, '20')[0], 'AAA*N**42*Y')
    assert.equal(level(payer, '20')[1], 'AAA*N**42*Y')
  })

  test('of a dependent whom nobody sent stands with the subscriber; of a line nobody sent, with the event', () => {
    const all = segments(
      rejected([
        { level: 'dependent', reason: '67', followUp: 'C' },
        { level: 'line', line: 9, reason: 'AG', followUp: 'C' },
      ]),
    )
    assert.ok(level(all, '22').includes('AAA*N**67*C'))
    assert.ok(level(all, 'EV').includes('AAA*N**AG*C'))
  })
})
