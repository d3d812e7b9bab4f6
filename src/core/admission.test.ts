import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aNotice, aStay } from '../../test/support/admissions.ts'
import { aCase, NOW } from '../../test/support/cases.ts'
import { day } from '../../test/support/requests.ts'
import type { Instant } from '../kernel/time.ts'
import {
  addsNothing,
  cancel,
  isForAStay,
  isLate,
  kindOf,
  match,
  NO_SUCH_ADMISSION,
  refusalOfUpdate,
  shortcomingsOf,
  update,
} from './admission.ts'
import type { PatientEvent } from './request.ts'

const actor = { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' } as const
const facility = (npi: string): Partial<PatientEvent> => ({
  providers: [{ role: 'facility', identifier: { system: 'npi', value: npi }, references: [] }],
})

describe('what a notice must say', () => {
  test('a notice of a member and a day of admission says enough', () => {
    assert.deepEqual(shortcomingsOf(aNotice()), [])
  })

  test('a notice without a day of admission names the stay by its number', () => {
    const { admission: _, ...event } = aNotice().event
    assert.deepEqual(shortcomingsOf({ ...aNotice(), event }), ['no-admission-date'])
    const named = { ...event, previousAdministrativeReference: 'N1' }
    assert.deepEqual(shortcomingsOf({ ...aNotice(), event: named }), [])
  })

  test('a cancellation names the number that it takes back', () => {
    assert.deepEqual(shortcomingsOf(aNotice({ purpose: 'cancel' })), ['no-number-to-cancel'])
  })

  test('nobody is discharged before they were admitted', () => {
    const early = aNotice({ dischargeDate: day('2026-10-31') })
    assert.deepEqual(shortcomingsOf(early), ['discharge-before-admission'])
    assert.deepEqual(shortcomingsOf(aNotice({ dischargeDate: day('2026-11-01') })), [])
  })

  test('a notice asks for nothing: an extension or an appeal is none', () => {
    for (const purpose of ['renewal', 'extension', 'appeal-immediate', 'reconsideration'] as const)
      assert.deepEqual(shortcomingsOf(aNotice({ purpose })), ['purpose-of-no-notice'])
  })

  test('a notice says who the member is', () => {
    assert.deepEqual(shortcomingsOf({ ...aNotice(), subscriber: { references: [] } }), ['no-member'])
  })
})

describe('what a notice tells of', () => {
  test('an inpatient place makes an admission', () => {
    assert.equal(kindOf(aNotice().event), 'admission')
  })

  test('an outpatient department of a hospital, or an observation room, makes an observation', () => {
    const place = { code: '13', system: 'type-of-bill' } as const
    assert.equal(kindOf(aNotice({ place }).event), 'observation')
    const room = { number: 1, kind: 'institutional', revenueCode: '0762', providers: [] } as const
    assert.equal(kindOf(aNotice({ lines: [room] }).event), 'observation')
  })

  test('another facility than the one that is known makes a transfer', () => {
    const known = aNotice(facility('1234567893')).event
    assert.equal(kindOf(aNotice(facility('1881650737')).event, known), 'transfer')
    assert.equal(kindOf(aNotice(facility('1234567893')).event, known), 'admission')
  })

  test('somebody who came from another facility was transferred (X12 CL102 4, 5 and 6)', () => {
    assert.equal(kindOf(aNotice({ facilityAdmission: { source: '4' } }).event), 'transfer')
    assert.equal(kindOf(aNotice({ facilityAdmission: { source: '1' } }).event), 'admission')
  })

  test('a day of discharge makes a discharge', () => {
    assert.equal(kindOf(aNotice({ dischargeDate: day('2026-11-04') }).event), 'discharge')
  })
})

describe('a late notice', () => {
  // Counted from the end of the day in the last state: 10:00 UTC of the next day.
  const windowEnds = Date.UTC(2026, 10, 2, 10) + 24 * 3_600_000
  test('is one that comes after the payer’s window, counted from the end of the day of admission', () => {
    assert.equal(isLate(day('2026-11-01'), windowEnds as Instant, 24), false)
    assert.equal(isLate(day('2026-11-01'), (windowEnds + 1) as Instant, 24), true)
  })

  test('is marked and acknowledged like any other', () => {
    assert.equal(aStay('org_a').admission.isLate, false)
    const late = aStay('org_a', { receivedAt: (NOW + 30 * 86_400_000) as Instant })
    assert.equal(late.admission.isLate, true)
    assert.equal(late.events[0]?.facts.timeliness, 'late')
    assert.match(late.admission.referenceNumber, /^N/)
  })
})

describe('the life of an admission', () => {
  test('it is received, then matched or unmatched, with an event for each', () => {
    const { admission, events } = aStay('org_a')
    const matched = match(admission, 'auth_1', NOW)
    assert.equal(matched.admission.state, 'matched')
    assert.deepEqual(
      [...events, ...matched.events].map(({ sequence, type }) => [sequence, type]),
      [
        [1, 'admission.received'],
        [2, 'admission.matched'],
      ],
    )
    assert.equal(match(admission, undefined, NOW).admission.state, 'unmatched')
  })

  test('an unmatched one that is not matched again says nothing new', () => {
    const { admission } = match(aStay('org_a').admission, undefined, NOW)
    assert.ok(admission.state === 'unmatched')
    assert.deepEqual(match(admission, undefined, NOW), { admission, events: [] })
  })

  test('a discharge that names the number alone keeps the member and the day of admission', () => {
    const { admission } = aStay('org_a')
    const { admission: _, ...event } = aNotice({ dischargeDate: day('2026-11-04') }).event
    const notice = {
      ...aNotice(),
      subscriber: { references: [] },
      event: { ...event, previousAdministrativeReference: admission.referenceNumber },
    }
    const moved = update(admission, notice, actor, NOW)
    assert.equal(moved.admission.kind, 'discharge')
    assert.deepEqual(moved.admission.notice.event.admission, aNotice().event.admission)
    assert.deepEqual(moved.admission.notice.subscriber, aNotice().subscriber)
    assert.equal(moved.admission.referenceNumber, admission.referenceNumber)
    assert.deepEqual(
      moved.events.map(({ type, facts }) => [type, facts]),
      [['admission.updated', { kind: 'discharge' }]],
    )
  })

  test('a discharge before the admission that is known is refused (X12 901 56)', () => {
    const { admission } = aStay('org_a')
    const { admission: _, ...event } = aNotice({ dischargeDate: day('2026-10-30') }).event
    assert.deepEqual(refusalOfUpdate(admission, { ...aNotice(), event }), {
      level: 'event',
      reason: '56',
      followUp: 'C',
    })
  })

  test('a cancelled one is an end: nothing is taken into it', () => {
    const { admission } = cancel(aStay('org_a').admission, actor, NOW)
    assert.equal(admission.state, 'cancelled')
    assert.deepEqual(refusalOfUpdate(admission, aNotice()), NO_SUCH_ADMISSION)
  })

  test('a notice that differs in its numbers on the wire alone was sent twice', () => {
    const { admission } = aStay('org_a')
    const again = {
      ...aNotice(),
      correspondence: { senderId: 'A', receiverId: 'B', transactionIdentifier: '9' },
    }
    assert.ok(addsNothing(admission, again))
    assert.ok(!addsNothing(admission, aNotice({ message: 'another' })))
    const gone = cancel(admission, actor, NOW).admission
    assert.ok(!addsNothing(gone, again))
    assert.ok(addsNothing(gone, aNotice({ purpose: 'cancel' })))
  })

  test('a number that belongs to the stay of another member is refused (X12 901 CI)', () => {
    const { admission } = aStay('org_a')
    const of = (memberId: string) => aNotice({ purpose: 'cancel' }, { subscriber: { memberId } })
    assert.equal(refusalOfUpdate(admission, of('QFH-OTHER'))?.reason, 'CI')
    assert.equal(refusalOfUpdate(admission, of('qfh 7731 0042')), undefined)
  })
})

describe('an authorization for a stay', () => {
  const inpatient = { category: 'admission', admission: aNotice().event.admission } as Partial<PatientEvent>
  test('is open or certified, and of an admission or an inpatient place', () => {
    assert.ok(isForAStay(aCase('org_a', { request: { event: inpatient } }).authorization))
    assert.ok(isForAStay(aCase('org_a', { pended: true, request: { event: inpatient } }).authorization))
    const place = { code: '21', system: 'place-of-service' } as const
    assert.ok(isForAStay(aCase('org_a', { request: { event: { place } } }).authorization))
  })

  test('is not one for a visit, nor one that was denied', () => {
    const { authorization } = aCase('org_a')
    assert.ok(!isForAStay(authorization))
    const stay = aCase('org_a', { request: { event: inpatient } }).authorization
    assert.ok(!isForAStay({ ...stay, state: 'denied' } as typeof stay))
  })
})
