import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weaknesses } from './password-strength.ts'

const about = { email: 'grace.holloway@northwind-clinics.com', company: 'Northwind Clinics, Inc.' }
const isWeak = (password: string) => weaknesses(password, about).length > 0

test('eleven characters are too few, twelve will do', () => {
  assert.equal(isWeak('gravel-tulip'.slice(0, 11)), true)
  assert.equal(isWeak('gravel-tulip'), false)
})

test('128 characters are taken, 129 are not', () => {
  const long = 'gravel tulip lantern orbit '.repeat(5)
  assert.equal(isWeak(long.slice(0, 128)), false)
  assert.equal(isWeak(long.slice(0, 129)), true)
})

test('length is counted in characters, not in code units', () => {
  assert.match(weaknesses('🦊🦉🐢🐙🦋🐞🌵🍁🌻🍄🪨', about)[0]?.message ?? '', /^11 characters/)
})

const GUESSED = {
  'a common password with digits': 'password1234',
  'a common password in disguise': 'P@ssw0rd2026!',
  'two common words': 'welcome-admin',
  'the company': 'NorthwindClinics',
  'the company and a year': 'northwind-2026',
  'the person': 'graceholloway!!',
  'the address': 'grace.holloway@northwind-clinics.com',
  'digits alone': '928374650192',
  'one character': 'aaaaaaaaaaaa',
  'the alphabet': 'abcdefghijklmnop',
  'a row of keys': 'qwertyuiop12',
  'a repetition': 'xkqzxkqzxkqz',
}
for (const [what, password] of Object.entries(GUESSED))
  test(`${what} is too easily guessed`, () => assert.equal(isWeak(password), true))

for (const password of [
  'correct horse battery staple',
  'gravel tulip lantern',
  'xR7-kq9Lm2vT!w',
  'мелкий дождь идёт',
])
  test(`"${password}" will do`, () => assert.equal(isWeak(password), false))

test('the fault stands at the password and says what to do', () => {
  const [fault] = weaknesses('password1234', about)
  assert.equal(fault?.at, '/password')
  assert.ok(fault?.remedy)
})
