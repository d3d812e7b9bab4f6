import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withValue } from '../../../test/support/json-pointer.ts'
import type { Instant } from '../../kernel/time.ts'
import submission from './fixtures/submission-everything.json' with { type: 'json' }
import { decodeNotice, decodeSubmission, encodeNotice, encodeNoticeAnswer } from './index.ts'

const NOTICE = {
  senderId: 'TALLOW',
  submitterTransactionIdentifier: 'N-1',
  payerId: 'QFHP1',
  source: { sourceType: 'FA', organizationName: 'Tallow Creek Hospital', npi: '1881650737' },
  subscriber: { lastName: 'CALLOWAY', firstName: 'WREN', memberId: 'QF10001' },
  patientEventDetail: {
    requestCategoryCode: 'AR',
    certificationTypeCode: 'I',
    facilityTypeCode: '11',
    facilityCodeQualifier: 'A',
    admissionDateBegin: '20261101',
  },
}
const EVENT = '/patientEventDetail'

function faultsOf(document: unknown): readonly string[] {
  const read = decodeNotice(document)
  return read.ok ? [] : read.faults.map(({ at, message }) => `${at}: ${message}`)
}

function notesOf(document: unknown): readonly string[] {
  const read = decodeNotice(document)
  assert.ok(read.ok, JSON.stringify(read))
  return read.notes.map(({ at }) => at)
}

describe('a notice of admission as JSON', () => {
  test('says who sends it in its source (reference section 2.4)', () => {
    const read = decodeNotice(NOTICE)
    assert.ok(read.ok)
    assert.deepEqual(read.value.requester, {
      kind: 'facility',
      name: { kind: 'organization', name: 'Tallow Creek Hospital' },
      identifier: { system: 'npi', value: '1881650737' },
      references: [],
    })
    assert.deepEqual(read.notes, [])
  })

  test('may say it in a requester, as the published schema has it', () => {
    const { source, ...rest } = NOTICE
    const { sourceType: requesterType, ...sender } = source
    const read = decodeNotice({ ...rest, requester: { requesterType, ...sender } })
    const usual = decodeNotice(NOTICE)
    assert.ok(read.ok && usual.ok)
    assert.deepEqual(read.value, usual.value)
  })

  test('goes by its source when it has both, and the requester is noted', () => {
    const read = decodeNotice({ ...NOTICE, requester: { organizationName: 'Another' } })
    assert.ok(read.ok)
    assert.deepEqual(read.value.requester.name, { kind: 'organization', name: 'Tallow Creek Hospital' })
    assert.deepEqual(notesOf({ ...NOTICE, requester: { organizationName: 'Another' } }), ['/requester'])
  })

  test('from nobody is refused at its source', () => {
    assert.deepEqual(faultsOf({ ...NOTICE, source: undefined }), ['/source: has no name'])
  })

  test('is about an admission, whatever category it names or leaves out', () => {
    assert.deepEqual(notesOf(withValue(NOTICE, `${EVENT}/requestCategoryCode`, undefined)), [])
    assert.deepEqual(notesOf(withValue(NOTICE, `${EVENT}/requestCategoryCode`, 'HS')), [
      `${EVENT}/requestCategoryCode`,
    ])
  })

  test('has its three dates of a certification ignored, each with a note (reference section 2.4)', () => {
    const dates = [
      'certificationIssueDateBegin',
      'certificationExpirationDateBegin',
      'certificationEffectiveDateBegin',
    ]
    const sent = Object.fromEntries(dates.map((field) => [field, '20261101']))
    const document = { ...NOTICE, patientEventDetail: { ...NOTICE.patientEventDetail, ...sent } }
    assert.deepEqual(
      notesOf(document),
      dates.map((field) => `${EVENT}/${field}`),
    )
  })

  test('without a day of admission is refused at that field', () => {
    assert.deepEqual(faultsOf(withValue(NOTICE, `${EVENT}/admissionDateBegin`, undefined)), [
      `${EVENT}/admissionDateBegin: is missing`,
    ])
  })

  test('whose day of admission does not exist is refused once, for that', () => {
    const faults = faultsOf(withValue(NOTICE, `${EVENT}/admissionDateBegin`, '20260230'))
    assert.equal(faults.length, 1)
    assert.match(faults[0] ?? '', /admissionDateBegin: expected a day that exists/)
  })

  test('of a discharge before the admission is refused at the day of discharge', () => {
    assert.deepEqual(faultsOf(withValue(NOTICE, `${EVENT}/dischargeDate`, '20261031')), [
      `${EVENT}/dischargeDate: is before the admission`,
    ])
  })

  test('that cancels without a number is refused', () => {
    const faults = faultsOf(withValue(NOTICE, `${EVENT}/certificationTypeCode`, '3'))
    assert.match(faults.join(), /previousAdministrativeReferenceNumber: is missing/)
  })

  test('that asks for an extension is refused: a notice asks for nothing', () => {
    const faults = faultsOf(withValue(NOTICE, `${EVENT}/certificationTypeCode`, '4'))
    assert.match(faults.join(), /certificationTypeCode: .*asks for nothing/)
  })

  test('with an NPI whose check digit is wrong is read, with a note', () => {
    assert.deepEqual(notesOf(withValue(NOTICE, '/source/npi', '1881650738')), ['/source/npi'])
  })

  test('carries every field of a submission', () => {
    const { requester, ...rest } = submission
    const { requesterType: sourceType, ...sender } = requester
    const event = { ...rest.patientEventDetail, requestCategoryCode: 'AR', certificationTypeCode: 'S' }
    const read = decodeNotice({ ...rest, source: { sourceType, ...sender }, patientEventDetail: event })
    const asSubmission = decodeSubmission({ ...submission, patientEventDetail: event })
    assert.ok(read.ok && asSubmission.ok)
    assert.deepEqual(read.value, asSubmission.value)
  })

  test('is written as it was sent', () => {
    const read = decodeNotice(NOTICE)
    assert.ok(read.ok)
    assert.deepEqual(encodeNotice(read.value), { ...NOTICE, umClearingHouseId: 'QFHP1' })
  })
})

describe('what a payer says to a notice, as JSON', () => {
  const read = decodeNotice(NOTICE)
  assert.ok(read.ok)
  const common = {
    request: read.value,
    payer: { id: 'QFHP1', name: 'Quillfeather' },
    answeredAt: 0 as Instant,
  }

  test('acknowledges it by a number and decides nothing (reference section 2.4)', () => {
    const json = encodeNoticeAnswer({
      ...common,
      outcome: { kind: 'acknowledged', referenceNumber: 'N123' },
    }) as { patientEventDetail: Record<string, unknown> }
    const event = json.patientEventDetail
    assert.equal(event.administrativeReferenceNumber, 'N123')
    assert.equal('certificationActionCode' in event, false)
    assert.equal('reviewIdentificationNumber' in event, false)
  })

  test('refuses it at the level that is to blame', () => {
    const json = encodeNoticeAnswer({
      ...common,
      outcome: { kind: 'rejected', rejections: [{ level: 'payer', reason: '79', followUp: 'C' }] },
    })
    assert.deepEqual(json.umRequestValidation, [
      { responseCode: 'N', rejectReasonCode: '79', followupActionCode: 'C' },
    ])
  })
})
