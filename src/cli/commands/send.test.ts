import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalInWords } from './send.ts'

test('each fault of a refusal is on a line', () => {
  assert.equal(refusalInWords(400, '["one","two"]'), 'Refused (400):\n  one\n  two\n')
})

test('a refusal that is not the gateway’s own is shown as it came', () => {
  assert.equal(
    refusalInWords(502, '<html>Bad gateway</html>'),
    'Refused (502):\n  <html>Bad gateway</html>\n',
  )
  assert.equal(refusalInWords(408, '{"code":"x"}'), 'Refused (408):\n  {"code":"x"}\n')
})
