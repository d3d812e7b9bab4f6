import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsOf, withValue } from '../../../test/support/json-pointer.ts'
import inquiryExpected from './fixtures/inquiry-everything.core.json' with { type: 'json' }
import inquiryFixture from './fixtures/inquiry-everything.json' with { type: 'json' }
import submissionExpected from './fixtures/submission-everything.core.json' with { type: 'json' }
import submissionFixture from './fixtures/submission-everything.json' with { type: 'json' }
import { decodeInquiry, decodeSubmission, encodeInquiry, encodeSubmission } from './index.ts'
import type { Leaf, Table } from './table.ts'
import { INQUIRY } from './tables/inquiry.ts'
import { SUBMISSION } from './tables/submission.ts'

/** Fields that share one place with another that the fixture gives, each tried on its own below. */
const ALTERNATIVES = ['ssn', 'etin', 'servicesPlanID', 'employersId', 'payorId'].map((f) => `/requester/${f}`)

const DOCUMENTS = [
  {
    name: 'a submission',
    fixture: submissionFixture,
    expected: submissionExpected,
    table: SUBMISSION,
    read: decodeSubmission,
    rewrite: (value: unknown) => {
      const result = decodeSubmission(value)
      return result.ok ? encodeSubmission(result.value) : result
    },
    alternatives: ['/requester/lastName', '/requester/firstName'],
  },
  {
    name: 'an inquiry',
    fixture: inquiryFixture,
    expected: inquiryExpected,
    table: INQUIRY,
    read: decodeInquiry,
    rewrite: (value: unknown) => {
      const result = decodeInquiry(value)
      return result.ok ? encodeInquiry(result.value) : result
    },
    alternatives: ['/requester/organizationName'],
  },
] as const

for (const { name, fixture, expected, table, read, rewrite, alternatives } of DOCUMENTS) {
  test(`${name} with every field that is read becomes what it says, without a note`, () => {
    assert.deepEqual(read(fixture), { ok: true, value: expected, notes: [] })
  })

  test(`${name} with every field that is read is written again as it was sent`, () => {
    assert.deepEqual(rewrite(fixture), fixture)
  })

  test(`the fixture of ${name} has every field of its table, so that none is untried`, () => {
    const tried = fieldsOf(fixture)
    const untried = leavesOf(table).flatMap(({ at }) => (tried.has(at) ? [] : at))
    const known = [...ALTERNATIVES, ...alternatives, ...untriedOfLaterLists(untried)]
    assert.deepEqual(
      untried.filter((at) => !known.includes(at)),
      [],
    )
  })

  test(`each text of ${name} is taken up to its limit, and one character more is a fault at its field`, () => {
    for (const { at, leaf } of leavesOf(table)) {
      if (!leaf.form.holds.startsWith('text of at most')) continue
      const place = at.replaceAll('/*', '/0')
      const fits = read(withValue(fixture, place, 'X'.repeat(leaf.form.longest)))
      assert.ok(fits.ok || fits.faults.every((fault) => fault.at !== place || isNpi(fault.message)), place)
      const over = read(withValue(fixture, place, 'X'.repeat(leaf.form.longest + 1)))
      assert.ok(!over.ok, place)
      assert.deepEqual(
        over.faults.map((fault) => fault.at).filter((pointer) => pointer === place),
        [place],
      )
    }
  })

  test(`each field of ${name} refuses what is not a string, at its own place`, () => {
    for (const { at } of leavesOf(table)) {
      const place = at.replaceAll('/*', '/0')
      for (const value of [true, [], {}]) {
        const result = read(withValue(fixture, place, value))
        assert.ok(!result.ok && result.faults.some((fault) => fault.at === place), place)
      }
    }
  })
}

const IDENTIFIERS = {
  npi: 'npi',
  employersId: 'employer',
  ssn: 'social-security',
  etin: 'electronic-transmitter',
  servicesPlanID: 'services-plan',
  payorId: 'payer',
}

for (const [field, system] of Object.entries(IDENTIFIERS)) {
  test(`a requester known by its ${field} is read and written`, () => {
    const requester = { organizationName: 'TALLOW CREEK HOSPITAL', [field]: '1234567893' }
    const result = decodeInquiry({ ...inquiryFixture, requester })
    assert.ok(result.ok)
    assert.deepEqual(result.value.requester.identifier, { system, value: '1234567893' })
    assert.deepEqual(encodeInquiry(result.value).requester, { requesterType: '1P', ...requester })
  })
}

function isNpi(message: string): boolean {
  return message === 'expected an NPI, ten digits'
}

/** A line's provider has the fields of an event's provider, which is where they are tried. */
function untriedOfLaterLists(untried: readonly string[]): readonly string[] {
  return untried.filter((at) => at.startsWith('/patientEventDetail/serviceLevel/*/serviceProviderName/'))
}

/** The table's strings, each with its pointer; `*` stands for an index. */
function leavesOf(table: Table, at = ''): readonly { readonly at: string; readonly leaf: Leaf }[] {
  return table.flatMap((row) => {
    const place = `${at}/${row.field}`
    if (row.is === 'leaf') return [{ at: place, leaf: row }]
    if (row.is === 'group') return leavesOf(row.rows, place)
    return row.is === 'list' ? leavesOf(row.rows, `${place}/*`) : []
  })
}
