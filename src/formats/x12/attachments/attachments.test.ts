import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type AttachmentParts, anAttachmentInterchange, PDF } from '../../../../test/support/attachments.ts'
import { acknowledge } from '../acknowledgements/encode.ts'
import { decodeAttachments, withFaults } from './index.ts'

const BUDGET = { objectBytes: 100_000, objects: 50, segments: 2_000 }
const read = (bytes: Uint8Array) => {
  const decoded = decodeAttachments(bytes, BUDGET)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.value
}
const reading = (parts?: AttachmentParts) => read(anAttachmentInterchange(parts))
const told = (parts: AttachmentParts) =>
  reading(parts).faults.map(({ at, message }) => `${at.split(',')[0]}: ${message}`)
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')

describe('an object', () => {
  test('comes out as it went in, with every number that it is linked by', () => {
    const { faults, objects } = reading({ head: ['REF*EJ*ACCOUNT1', 'REF*NT*A7'] })
    assert.deepEqual(faults, [])
    const [object, ...others] = objects
    assert.deepEqual(others, [])
    assert.deepEqual(Buffer.from(object?.content ?? []), Buffer.from(PDF))
    assert.deepEqual([object?.payerId, object?.memberId, object?.assignedNumber], ['QFHP1', 'QF10001', '1'])
    assert.deepEqual(
      object?.numbers.map(({ qualifier, value }) => `${qualifier} ${value}`),
      ['TRN1 DMN0012', 'NT A7'],
    )
    assert.equal(object?.controlNumber?.value, 'DMN0012')
  })

  test('may hold delimiters and whole segments: its length says where it ends (X12.6, binary data)', () => {
    const data = Buffer.from('~IEA*1*000000275~ISA*00*\r\n~BDS*ASC*5*')
    const { objects, faults } = reading({ objects: [{ data, filter: 'ASC' }, { data: PDF }] })
    assert.deepEqual(faults, [])
    assert.deepEqual(
      objects.map(({ content }) => text(content)),
      [text(data), text(PDF)],
    )
  })

  for (const guide of ['006020X316', '005010X211', '006020X314', '005010X210'])
    test(`is read out of a ${guide}`, () => assert.equal(reading({ guide }).faults.length, 0))

  test('is read out of a BIN, as the guides of 5010 have it', () => {
    const { objects, faults } = reading({
      version: '00501',
      guide: '005010X211',
      objects: [{ data: PDF, filter: null }],
    })
    assert.deepEqual([faults, text(objects[0]?.content)], [[], text(PDF)])
  })

  test('generated, of any bytes, comes back by each filter and in each loop', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 })
    const objects = fc.array(fc.record({ data: bytes, filter: fc.constantFrom('B64', 'ASC', null) }), {
      minLength: 1,
      maxLength: 4,
    })
    // What begins as a MIME entity is taken out of it: see below.
    const plain = objects.filter((all) => all.every(({ data }) => !/^(mime|content)-/i.test(text(data))))
    fc.assert(
      fc.property(plain, (sent) => {
        const { objects: got, faults } = reading({ objects: sent })
        assert.deepEqual(faults, [])
        assert.deepEqual(
          got.map(({ content }) => text(content)),
          sent.map(({ data }) => text(data)),
        )
      }),
    )
  })

  describe('in a MIME entity, as companion guides have it, is taken out of it', () => {
    const encoded = Buffer.from(PDF).toString('base64').replaceAll(/.{20}/g, '$&\r\n')
    const head = 'MIME-Version: 1.0\r\nContent-Type: application/pdf;\r\n name="notes.pdf"\r\n'
    for (const [what, data, filter] of [
      ['that is not encoded', `${head}\r\n${text(PDF)}`, 'ASC'],
      ['encoded in it', `${head}Content-Transfer-Encoding: base64\r\n\r\n${encoded}`, 'ASC'],
      ['that is encoded as a whole', `${head}\r\n${text(PDF)}`, 'B64'],
    ] as const)
      test(what, () => {
        const { objects, faults } = reading({ objects: [{ data: Buffer.from(data, 'latin1'), filter }] })
        assert.deepEqual([faults, text(objects[0]?.content)], [[], text(PDF)])
      })

    test('encoded by the filter, below a header that is not', () => {
      const data = Buffer.from(`${head}\r\n${encoded}`)
      const whole = anAttachmentInterchange({ objects: [{ data, filter: 'ASC' }] })
      const { objects, faults } = read(
        Buffer.from(whole.toString('latin1').replace('BDS*ASC', 'BDS*B64'), 'latin1'),
      )
      assert.deepEqual([faults, text(objects[0]?.content)], [[], text(PDF)])
    })

    test('but not one of several parts', () => {
      const data = Buffer.from('Content-Type: multipart/mixed; boundary=x\r\n\r\n--x')
      assert.match(
        told({ objects: [{ data, filter: 'ASC' }] }).join(),
        /^BDS: holds a MIME entity of several parts$/,
      )
    })
  })
})

describe('a fault says where, and what to do', () => {
  for (const [what, parts, expected] of [
    [
      'a length that is too short',
      { objects: [{ data: PDF, length: '4' }] },
      /^BDS-02: says 4 bytes, and no segment terminator follows them; up to the next one there are \d+$/,
    ],
    [
      'a length beyond the end',
      { objects: [{ data: PDF, length: '99999' }] },
      /^BDS-02: says 99999 bytes, and the interchange ends before$/,
    ],
    [
      'a length that is no number',
      { objects: [{ data: PDF, length: 'x' }] },
      /^BDS-02: expected how many bytes/,
    ],
    [
      'a filter that is not known',
      { objects: [{ data: PDF, filter: 'ZIP' }] },
      /^BDS-01: expected one of ASC, B64$/,
    ],
    ['no bytes', { objects: [{ data: Buffer.alloc(0), filter: 'ASC' }] }, /^BDS: holds no bytes$/],
    [
      'too many bytes',
      { objects: [{ data: Buffer.alloc(100_001), filter: 'ASC' }] },
      /^BDS: holds more than 100000 bytes$/,
    ],
    [
      'no number of a case',
      { objects: [{ data: PDF, below: [] }] },
      /^LX: names no case: expected a TRN below it$/,
    ],
    ['no object', { objects: [] }, /expected LX, and an object below it$/],
    ['a claim in place of a 275', { guide: '005010X222A1' }, /^ST-03: expected one of 006020X316/],
    ['a group of another kind', { groupKind: 'HI' }, /^GS-01: expected PI/],
    ['a wrong count of segments', { se: 'SE*3*0001' }, /^SE-01: says "3", and there are 11/],
    ['another number at its end', { iea: 'IEA*1*000000276' }, /^IEA-02: expected "000000275"/],
  ] as const)
    test(what, () => assert.match(told(parts as AttachmentParts).join('; '), expected as RegExp))

  test('Base64 that is none', () => {
    const whole = anAttachmentInterchange({ objects: [{ data: PDF, filter: 'ASC' }] })
    const { faults } = read(Buffer.from(whole.toString('latin1').replace('BDS*ASC', 'BDS*B64'), 'latin1'))
    assert.deepEqual(
      faults.map(({ message }) => message),
      ['is not Base64'],
    )
  })

  test('all are told at once', () => {
    const faults = told({
      groupKind: 'HI',
      se: 'SE*3*0001',
      objects: [
        { data: PDF, filter: 'ZIP' },
        { data: PDF, below: [] },
      ],
    })
    assert.equal(faults.length, 4, faults.join('; '))
  })

  test('an interchange cut off anywhere is a fault, and never a crash', () => {
    const whole = anAttachmentInterchange()
    for (let end = 0; end < whole.length - 1; end += 3) {
      const decoded = decodeAttachments(whole.subarray(0, end), BUDGET)
      assert.ok(decoded.ok ? decoded.value.faults.length > 0 : decoded.faults.length > 0, String(end))
    }
  })
})

describe('any bytes at all', () => {
  test('are read without a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void decodeAttachments(bytes, BUDGET)),
    )
  })

  test('in place of any part of an interchange are read without a crash, and acknowledged', () => {
    const whole = anAttachmentInterchange({ objects: [{ data: PDF }, { data: PDF, filter: 'ASC' }] })
    const place = fc.nat({ max: whole.length - 1 })
    fc.assert(
      fc.property(place, fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 40 }), (at, dropped, put) => {
        const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + dropped)])
        const decoded = decodeAttachments(bytes, BUDGET)
        if (decoded.ok) acknowledge(decoded.value.received, false)
      }),
      { numRuns: 1_000 },
    )
  })

  for (const [what, filling] of [
    ['terminators', '~'],
    ['binary segments of no length', 'BDS*B64*0*~'],
    ['loops', 'LX*1~'],
    ['transactions', 'ST*275*0001~'],
    ['groups', 'GS*PI~'],
    ['line breaks', '\r\n'],
  ] as const)
    test(`two megabytes of ${what} are read in bounded time`, () => {
      const head = anAttachmentInterchange().subarray(0, 106)
      const bytes = Buffer.concat([head, Buffer.alloc(2_000_000, filling)])
      const start = performance.now()
      const decoded = decodeAttachments(bytes, BUDGET)
      assert.ok(decoded.ok && decoded.value.faults.length > 0)
      assert.ok(performance.now() - start < 10_000)
    })
})

describe('what is said of it', () => {
  test('a sound one is accepted by its 999', () => {
    const { groups } = acknowledge(reading().received, false)
    assert.deepEqual(
      groups.map(({ kind, status, accepted }) => [kind, status, accepted]),
      [['PI', 'accepted', 1]],
    )
  })

  test('a fault of a transaction refuses it, by segment and element', () => {
    const { groups } = acknowledge(reading({ objects: [{ data: PDF, filter: 'ZIP' }] }).received, false)
    const [transaction] = groups[0]?.transactions ?? []
    assert.equal(transaction?.status, 'rejected')
    assert.deepEqual(
      transaction?.errors.map(({ segmentId, position, elements }) => [
        segmentId,
        position,
        elements[0]?.element,
      ]),
      [['BDS', 10, 1]],
    )
  })

  test('a fault that is found later refuses the transaction that it stands in', () => {
    const { received, objects } = reading()
    const place = objects[0]?.controlNumber?.place
    assert.ok(place)
    const refused = withFaults(received, [{ at: '', message: 'no case goes by it', kind: 'content', place }])
    const [transaction] = acknowledge(refused, false).groups[0]?.transactions ?? []
    assert.deepEqual([transaction?.status, transaction?.errors[0]?.segmentId], ['rejected', 'TRN'])
  })

  test('a broken envelope is refused by a TA1', () => {
    const { interchange } = acknowledge(reading({ iea: 'IEA*1*000000276' }).received, false)
    assert.deepEqual([interchange?.status, interchange?.note], ['rejected', '001'])
  })
})
