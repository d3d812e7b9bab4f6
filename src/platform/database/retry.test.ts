import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retrying } from './retry.ts'

const failure = (code: string, message = 'failed') => Object.assign(new Error(message), { code })

/** Fails with each of the errors in turn, then passes; keeps the pauses it was given. */
function anAttempt(...errors: readonly Error[]) {
  const left = [...errors]
  const pauses: number[] = []
  let tries = 0
  return {
    pauses,
    tries: () => tries,
    run: () =>
      retrying(
        async () => {
          tries++
          const error = left.shift()
          if (error) throw error
          return 'done'
        },
        async (milliseconds) => pauses.push(milliseconds),
      ),
  }
}

for (const [code, what] of [
  ['40001', 'a serialization failure'],
  ['40P01', 'a deadlock'],
] as const) {
  test(`${what} is tried again`, async () => {
    const attempt = anAttempt(failure(code))
    assert.equal(await attempt.run(), 'done')
    assert.equal(attempt.tries(), 2)
  })
}

test('a plan that a migration made stale is tried again', async () => {
  assert.equal(await anAttempt(failure('0A000', 'cached plan must not change result type')).run(), 'done')
})

test('a feature that the database does not have is not tried again', async () => {
  const attempt = anAttempt(failure('0A000', 'not implemented'))
  await assert.rejects(attempt.run(), /not implemented/)
  assert.equal(attempt.tries(), 1)
})

test('an error that another attempt cannot mend is thrown at once', async () => {
  const attempt = anAttempt(failure('23505'))
  await assert.rejects(attempt.run(), { code: '23505' })
  assert.equal(attempt.tries(), 1)
})

test('after five attempts the last error is thrown', async () => {
  const attempt = anAttempt(...Array.from({ length: 9 }, () => failure('40001')))
  await assert.rejects(attempt.run(), { code: '40001' })
  assert.equal(attempt.tries(), 5)
})

test('the pauses grow, and together stay under a tenth of a second', async () => {
  const attempt = anAttempt(...Array.from({ length: 4 }, () => failure('40001')))
  await attempt.run()
  assert.equal(attempt.pauses.length, 4)
  for (const [i, pause] of attempt.pauses.entries()) {
    assert.ok(pause >= 2 ** (i + 1) && pause < 2 ** (i + 1) + 8, `pause ${i + 1} is ${pause} ms`)
  }
})

test('two that collided do not wait equally long', async () => {
  const [one, other] = [anAttempt(failure('40001')), anAttempt(failure('40001'))]
  await Promise.all([one.run(), other.run()])
  assert.notEqual(one.pauses[0], other.pauses[0])
})
