import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Inquiry, ReviewRequest } from '../../../src/core/request.ts'
import {
  decodeAnswer,
  decodeNoticeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeNotice,
  encodeRequest,
} from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { publishedX12, skipWithoutReference } from './reference.ts'

const at = Date.UTC(2026, 1, 20) as Instant

function requestIn(name: string): ReviewRequest {
  const read = decodeRequest(publishedX12(name))
  assert.ok(read.ok, JSON.stringify(read))
  assert.ok(read.value.guide === '217')
  return read.value.request
}

function inquiryIn(name: string): Inquiry {
  const read = decodeRequest(publishedX12(name))
  assert.ok(read.ok, JSON.stringify(read))
  assert.ok(read.value.guide === '215')
  return read.value.inquiry
}

function noticeIn(name: string) {
  const read = decodeRequest(publishedX12(name))
  assert.ok(read.ok, JSON.stringify(read))
  assert.ok(read.value.guide === '216')
  return read.value
}

function notesOf(name: string): readonly string[] {
  const read = decodeRequest(publishedX12(name))
  assert.ok(read.ok)
  return read.notes.map((note) => note.at.split(',')[0] ?? '')
}

/** Ids of segments, each with its qualifier where that tells two apart. */
function outline(text: string): readonly string[] {
  return text
    .split('~')
    .map((segment) => segment.split('*'))
    .map(([id = '', first = '']) => (['REF', 'DTP', 'NM1'].includes(id) ? `${id}*${first}` : id))
}

/** Whether the first list is the second with some items left out. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let next = 0
  for (const item of whole) if (item === part[next]) next++
  return next === part.length
}

describe('the published interchanges', { skip: skipWithoutReference }, () => {
  test('the ambulance submission is read whole (reference section 4.7)', () => {
    const request = requestIn('schema-submission-x12-request')
    assert.deepEqual(request.correspondence, {
      senderId: '6546564',
      receiverId: 'PERSEPVS',
      transactionIdentifier: '165932',
    })
    assert.deepEqual(request.payer, { id: '1234560010', name: 'ABC PAYER' })
    assert.deepEqual(request.requester, {
      kind: 'provider',
      name: { kind: 'person', last: 'XYZ AMBULANCE SVC' },
      identifier: { system: 'employer', value: '7759621873' },
      references: [],
    })
    assert.deepEqual(request.subscriber, {
      memberId: '12345689001',
      name: { kind: 'person', last: 'SMITH', first: 'JOE' },
      references: [{ kind: 'patient-account', value: '1234567890' }],
      birthDate: '1970-01-01',
      gender: 'male',
    })
    const { event } = request
    assert.deepEqual([event.category, event.purpose, event.serviceType], ['health-services', 'initial', '56'])
    assert.deepEqual(event.place, { code: '41', system: 'place-of-service' })
    assert.deepEqual(event.period, { from: '2025-01-01', until: '2025-01-01' })
    assert.deepEqual(event.conditions, [{ category: 'ambulance', applies: true, codes: ['09'] }])
    assert.deepEqual(event.ambulance, {
      transportCode: 'X',
      reasonCode: 'D',
      distance: '27',
      roundTripPurpose: 'TRIP FROM HOME TO OFFICE VISIT TO DIALYSIS TREATMENT AND BACK HOME',
    })
    assert.deepEqual(
      event.transportStops.map(({ role, address }) => [role, address?.line1]),
      [
        ['pick-up', '123 SOME ROAD'],
        ['next-destination', 'SOME AVENUE'],
        ['next-scheduled', '7622 SOME ROAD'],
        ['final-scheduled', '123 SOME ROAD'],
      ],
    )
    assert.deepEqual(
      event.lines.map(({ number, procedure, quantity }) => [
        number,
        procedure?.code,
        procedure?.modifiers,
        quantity?.value,
      ]),
      [
        [1, 'A0428', ['RX'], '5'],
        [2, 'A0428', ['PD'], '8'],
        [3, 'A0428', ['DR'], '14'],
      ],
    )
  })

  test('the departures of the submission sample are noted, each in its place (reference section 4.1)', () => {
    assert.deepEqual(notesOf('schema-submission-x12-request'), [
      'ISA-02',
      'ISA-04',
      'ISA-09',
      'GS-02',
      'GS-03',
      '2000F/HL-02',
      '2000F/HL-02',
    ])
  })

  test('the inquiry is read whole, its sandbox id in the envelope', () => {
    const read = decodeRequest(publishedX12('schema-inquiry-x12-request'))
    assert.ok(read.ok)
    assert.deepEqual(read.value.envelope, {
      senderId: '943207296',
      receiverId: '000000000000001',
      interchangeControlNumber: '916040697',
      groupControlNumber: '3294199',
      transactionControlNumber: '0001',
      applicationSender: '943207296',
      applicationReceiver: 'INQHEALTHHELP',
      usage: 'P',
      beginningReference: '1402448037',
    })
    const inquiry = inquiryIn('schema-inquiry-x12-request')
    assert.deepEqual(inquiry.subscriber.memberId, 'H1111111')
    assert.deepEqual(inquiry.requester.contact, { telephone: '7635814480', facsimile: '7635814480' })
    assert.deepEqual(inquiry.event.diagnoses, [{ role: 'principal', system: 'icd-10', code: 'C34.32' }])
    assert.deepEqual(
      inquiry.event.providers.map(({ role, identifier }) => [role, identifier?.value]),
      [
        ['service-provider', '1851344907'],
        ['referring', '1851344907'],
      ],
    )
    assert.deepEqual(inquiry.filter, {})
  })

  test('two service lines with the same HL number are two lines', () => {
    const { event } = inquiryIn('x12-orch-request-two-required-codes-with-split')
    assert.deepEqual(
      event.lines.map(({ number, procedure }) => [number, procedure?.code]),
      [
        [1, 'T1000'],
        [2, '0214T'],
      ],
    )
  })

  for (const name of [
    'schema-inquiry-x12-request',
    'schema-determination-x12-request',
    'schema-authorization-x12-request',
    'x12-orch-request-no-procedure-codes',
    'x12-orch-request-two-codes-one-required',
  ]) {
    test(`${name}, written again, reads as the same inquiry`, () => {
      const read = decodeRequest(publishedX12(name))
      assert.ok(read.ok)
      assert.ok(read.value.guide === '215')
      const again = decodeRequest(
        encodeRequest(read.value.inquiry, { guide: '215', at, ...read.value.envelope }),
      )
      assert.ok(again.ok)
      assert.deepEqual(again.value, read.value)
    })
  }

  test('schema-submission-x12-request, written again, reads as the same request', () => {
    const read = decodeRequest(publishedX12('schema-submission-x12-request'))
    assert.ok(read.ok)
    assert.ok(read.value.guide === '217')
    const again = decodeRequest(
      encodeRequest(read.value.request, { guide: '217', at, ...read.value.envelope }),
    )
    assert.ok(again.ok)
    assert.deepEqual(again.value, read.value)
  })

  test('schema-submission-x12-request, written again, has the published segments in the published order', () => {
    const text = publishedX12('schema-submission-x12-request')
    const read = decodeRequest(text)
    assert.ok(read.ok)
    assert.ok(read.value.guide === '217')
    const again = encodeRequest(read.value.request, { guide: '217', at, ...read.value.envelope })
    assert.deepEqual(outline(again), outline(text.trim()))
  })

  test('the notice of admission is read whole: HL 20 is who tells, HL 21 the payer (reference section 2.4)', () => {
    const { notice } = noticeIn('schema-noa-x12-request')
    assert.deepEqual(notice.requester, {
      kind: 'facility',
      name: { kind: 'organization', name: 'Benefis Health System' },
      identifier: { system: 'npi', value: '1881650737' },
      references: [],
      contact: { telephone: '4064552959' },
    })
    assert.deepEqual(notice.payer, { id: '60054', name: 'AETNA' })
    assert.equal(notice.subscriber.memberId, 'NOA-01-SUCCESS')
    const { category, purpose, place, admission, diagnoses, message } = notice.event
    assert.deepEqual([category, purpose, message], ['admission', 'initial', 'AT=061500;ICD=N1330'])
    assert.deepEqual(place, { code: '11', system: 'type-of-bill' })
    assert.deepEqual(admission, { from: '2026-01-01', until: '2026-01-01' })
    assert.deepEqual(diagnoses, [{ role: 'admitting', system: 'icd-10', code: 'N1330' }])
    assert.deepEqual(
      notice.event.providers.map(({ role, identifier }) => [role, identifier?.value]),
      [
        ['attending', '1285928754'],
        ['facility', '1881650737'],
        ['admitting', '1285928754'],
      ],
    )
  })

  test('the notice of admission, written again, has the published segments in the published order', () => {
    const { notice, envelope } = noticeIn('schema-noa-x12-request')
    const again = encodeNotice(notice, { at, ...envelope })
    assert.deepEqual(outline(again), outline(publishedX12('schema-noa-x12-request').trim()))
  })

  test('the published answer to a notice is another transaction under its name, and is refused', () => {
    const read = decodeNoticeAnswer(publishedX12('user-noa-response-noa'))
    assert.ok(!read.ok)
  })

  test('the published answer to an inquiry is read: certified, with its numbers and days', () => {
    const read = decodeAnswer(publishedX12('user-inquiry-response-subscriber-inquiry'))
    assert.ok(read.ok, JSON.stringify(read))
    const { answer } = read.value
    assert.deepEqual(answer.payer, {
      id: 'CIGNA',
      name: 'MEDSOLUTIONS',
      contact: { url: 'https//www.evicore.com/provider#login' },
    })
    assert.equal(answer.request.subscriber.memberId, ' U1234567890')
    assert.deepEqual(answer.outcome, {
      kind: 'decided',
      action: 'certified',
      lines: [
        {
          line: 1,
          action: 'certified',
          grounds: [],
          message: 'MYOCARDIAL PERFUSION IMAGING (SPECT); MULTIPLE STUDIES',
        },
      ],
      authorizationNumber: 'A12345678',
      administrativeReference: '52598960',
      issuedOn: '2024-02-20',
      effective: { from: '2024-02-20', until: '2024-08-18' },
      requestedOn: '2024-02-20',
      message: 'APPROVED',
    })
  })

  test('the published answer to a submission is read, though it has no reference of the payer and no day', () => {
    const read = decodeAnswer(publishedX12('user-submission-response-subscriber-submission'))
    assert.ok(read.ok, JSON.stringify(read))
    const { outcome, answeredAt } = read.value.answer
    assert.equal(answeredAt, Date.UTC(2009, 5, 1, 4, 6, 12))
    assert.ok(outcome.kind === 'decided')
    assert.deepEqual(
      [outcome.action, outcome.authorizationNumber, outcome.administrativeReference, outcome.requestedOn],
      ['certified', '1234567890123', '1234567890123', '2009-06-01'],
    )
    assert.ok(read.notes.some(({ message }) => message.includes('REF*NT is absent')))
  })

  for (const name of [
    'user-inquiry-response-subscriber-inquiry',
    'user-submission-response-subscriber-submission',
  ]) {
    test(`${name}, written again, keeps every published segment in its order`, () => {
      const text = publishedX12(name)
      const read = decodeAnswer(text)
      assert.ok(read.ok)
      const { answer, guide } = read.value
      const again = encodeAnswer(answer, { guide, at, controlNumber: 1, usage: 'T' })
      assert.ok(isWithin(outline(text.trim()), outline(again)), again)
    })
  }
})
