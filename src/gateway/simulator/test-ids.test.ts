import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inquiryScenario, isTestId, submissionScenario } from './test-ids.ts'

for (const [id, scenario] of [
  ['278_217_01_A1', 'approve'],
  ['278_217_02_A2', 'partial'],
  ['278_217_03_A3', 'deny'],
  ['278_217_04_A4', 'pend'],
  ['278_217_05_A5', 'modify'],
  ['278_217_06_C', 'cancel'],
  ['AAA_217_07_73', 'reject-member'],
] as const)
  test(`a submission to ${id} comes to ${scenario} (reference section 3.1)`, () => {
    assert.equal(submissionScenario(id), scenario)
  })

for (const [id, scenario] of [
  ['000000000000001', 'found'],
  ['000000000000002', 'found-dependent'],
  ['000000000000003', 'none-found'],
  ['000000000000004', 'unable-to-respond'],
] as const)
  test(`an inquiry to ${id} comes to ${scenario} (reference section 3.2)`, () => {
    assert.equal(inquiryScenario(id), scenario)
  })

for (const id of ['278_217_99_ZZ', '278_217_01_A2', 'AAA_217_07_99'])
  test(`${id} has the form of a test id and is none: nobody can respond`, () => {
    assert.equal(submissionScenario(id), 'unable-to-respond')
  })

test('a test id in small letters is the same one, as with the id of a payer', () => {
  assert.deepEqual(
    [
      submissionScenario('278_217_03_a3'),
      submissionScenario('aaa_217_07_73'),
      submissionScenario('278_217_99_zz'),
    ],
    ['deny', 'reject-member', 'unable-to-respond'],
  )
  assert.equal(isTestId('278_217_03_a3'), true)
})

test('fifteen digits that begin with twelve noughts and are in no table: nobody can respond', () => {
  assert.equal(inquiryScenario('000000000000009'), 'unable-to-respond')
})

for (const id of ['278_217_01', 'QUILLFEATHER', '278_217_01_A1X', ' 278_217_01_A1', '278-217-01-A1', ''])
  test(`a submission to "${id}" is no test`, () => {
    assert.equal(submissionScenario(id), undefined)
  })

for (const id of ['BCBSSC', '123456789012345', '00000000000001', '0000000000000001'])
  test(`an inquiry to "${id}" is no test`, () => {
    assert.equal(inquiryScenario(id), undefined)
  })

test('the tables do not mix: an id of inquiries says nothing to a submission, and the other way round', () => {
  assert.equal(submissionScenario('000000000000001'), undefined)
  assert.equal(inquiryScenario('278_217_01_A1'), undefined)
})

for (const id of ['278_217_03_A3', '278_217_99_ZZ', 'AAA_217_07_73', '000000000000004'])
  test(`${id} is made for tests`, () => {
    assert.equal(isTestId(id), true)
  })

for (const id of ['278_217_01', '000000000000123', 'TANSYRIDGE'])
  test(`somebody may go by "${id}"`, () => {
    assert.equal(isTestId(id), false)
  })
