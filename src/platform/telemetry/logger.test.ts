import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LoggerOptions, openLogger } from './index.ts'

function aLog(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  return { log: openLogger({ level: 'info', format: 'json', destination, ...options }), lines }
}

test('a line of the log is one JSON object with time, level and message', () => {
  const { log, lines } = aLog()
  log.info({ requestId: 'req_1' }, 'hello')
  const { time, ...rest } = JSON.parse(lines.join(''))
  assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  assert.deepEqual(rest, { level: 'info', requestId: 'req_1', msg: 'hello' })
})

test('lines below the level are not written', () => {
  const { log, lines } = aLog({ level: 'warn' })
  log.info('hello')
  assert.deepEqual(lines, [])
})

test('as text, a line begins with time of day, level and message', () => {
  const { log, lines } = aLog({ format: 'text' })
  log.warn({ requestId: 'req_1', status: 200 }, 'hello')
  assert.match(lines.join(''), /^\d\d:\d\d:\d\d\.\d{3} WARN {2}hello requestId=req_1 status=200\n$/)
})

test('as text, an error is followed by its stack and its cause', () => {
  const { log, lines } = aLog({ format: 'text' })
  log.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed')
  assert.match(lines.join(''), /failed\n {2}Error: outer\n {4}at [\s\S]*\n {2}TypeError: inner\n/)
})

for (const name of [
  'authorization',
  'Authorization',
  'headers',
  'body',
  'client_secret',
  'password',
  'memberId',
]) {
  test(`a field named ${name} is taken out, at whatever depth up to four`, () => {
    const { log, lines } = aLog()
    log.info({ [name]: 'hush', inner: { list: [{ [name]: { deep: 'hush' } }] } }, 'hello')
    assert.doesNotMatch(lines.join(''), /hush/)
  })
}

test('what is nested deeper than four levels is left out', () => {
  const { log, lines } = aLog()
  log.info({ a: { b: { c: { d: { e: { f: 'hush' } } } } } })
  assert.doesNotMatch(lines.join(''), /hush/)
})

test('what an error quotes is left out of its message and its stack', () => {
  const { log, lines } = aLog()
  const refused = (() => {
    try {
      return JSON.parse('{"name": Hush}')
    } catch (error) {
      return error
    }
  })()
  log.error({ err: refused })
  assert.doesNotMatch(lines.join(''), /Hush|name/)
  assert.match(lines.join(''), /SyntaxError/)
})

test('of a database error its code and constraint are kept, and its detail is not', () => {
  const { log, lines } = aLog()
  const error = Object.assign(new Error('duplicate key value'), {
    code: '23505',
    constraint: 'members_pkey',
    detail: 'Key (member)=(Hush) already exists.',
    parameters: ['Hush'],
  })
  log.error({ err: error })
  assert.doesNotMatch(lines.join(''), /Hush/)
  assert.match(lines.join(''), /"code":"23505","constraint":"members_pkey"/)
})

for (const secret of ['css_live_0a1b2c3d4e5f', 'Bearer abc.def', 'eyJhbGciOi.eyJzdWIi.c2ln', '900000123']) {
  test(`an error message does not carry ${secret.slice(0, 6)}… into the log`, () => {
    const { log, lines } = aLog()
    log.error({ err: new Error(`refused ${secret} at once`, { cause: new Error(`because of ${secret}`) }) })
    assert.doesNotMatch(lines.join(''), new RegExp(secret))
    assert.match(lines.join(''), /refused \[redacted\] at once/)
  })
}
