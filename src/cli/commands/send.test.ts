import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WrongUsage } from '../command.ts'
import { refusalInWords, requestOf, told } from './send.ts'

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

for (const [what, text, as, path] of [
  ['JSON is a submission', '{}', undefined, '/submission'],
  ['JSON is what it is said to be', '{}', 'inquiry', '/inquiry'],
  ['a 217 is a submission', ' ISA*…ST*278*0001*005010X217~', undefined, '/submission/x12'],
  ['a 215 is an inquiry', 'ISA*…ST*278*0001*005010X215~', undefined, '/inquiry/x12'],
  ['a 215 may be a determination', 'ISA*…ST*278*0001*005010X215~', 'determination', '/determination/x12'],
  ['a 216 is a notice', 'ISA*…ST*278*0001*005010X216~', undefined, '/noa/x12'],
] as const)
  test(`${what}: it goes to ${path}`, () => assert.equal(requestOf(text, as).path, path))

test('what no operation is called is refused', () => {
  assert.throws(() => requestOf('{}', 'claim'), WrongUsage)
})

test('each second of waiting is told, and nothing once the answer is there', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const seconds: number[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const waiting = told(promise, (passed) => seconds.push(passed))
  t.mock.timers.tick(2500)
  resolve('answered')
  assert.equal(await waiting, 'answered')
  t.mock.timers.tick(5000)
  assert.deepEqual(seconds, [1, 2])
})
