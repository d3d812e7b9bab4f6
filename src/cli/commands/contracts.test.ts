import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inWords } from './contracts.ts'

const seal = { isIntact: true, coversTheFile: true, isOurs: true, certificate: 'AA:BB' }

test('each verdict says what the file is', () => {
  assert.match(inWords({ isUntouched: true, contractId: 'ctr_1', seal }), /^Untouched: this is ctr_1/)
  assert.match(inWords({ isUntouched: true, contractId: 'ctr_1' }), /no seal, as a scan/)
  assert.match(inWords({ isUntouched: false }), /^Not a copy/)
  assert.match(inWords({ isUntouched: false, seal: { ...seal, isIntact: false } }), /^Changed/)
  assert.match(inWords({ isUntouched: false, seal: { ...seal, coversTheFile: false } }), /^Added to/)
  assert.match(inWords({ isUntouched: false, seal }), /no such copy is kept/)
  assert.match(inWords({ isUntouched: false, seal: { ...seal, isOurs: false } }), /somebody else’s: AA:BB/)
})
