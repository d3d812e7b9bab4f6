import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import {
  anEmail,
  aVerifiedPerson,
  type Control,
  openControl,
  PASSWORD,
  PORTAL,
  tokenFor,
} from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let databases: TestDatabases
let control: Control
before(async () => {
  databases = await openTestDatabases()
  // Every test calls from one address: only the tests of the limits mind them.
  const plenty = { attempts: 1000, windowMs: HOUR }
  control = await openControl(databases.control, {
    limits: { 'sign-up/visitor': plenty, 'resend/visitor': plenty, 'sign-in/visitor': plenty },
  })
})
after(async () => {
  await control.close()
  await databases.close()
})

const aForm = (more: object = {}) => ({
  email: anEmail(),
  password: PASSWORD,
  company: 'Northwind Clinics',
  acceptTerms: true,
  ...more,
})
const signUp = (form: object) => control.call('POST', '/api/sign-up', form)
const verify = (token: string) => control.call('POST', '/api/sign-up/verification', { token })
const resend = async (email: string) => {
  const answer = await control.call('POST', '/api/sign-up/resend', { email })
  await control.people.settled()
  return answer
}
const signIn = (email: string, password = PASSWORD, headers = {}) =>
  control.call('POST', '/api/sign-in', { email, password }, headers)
const session = (cookie: string) => control.call('GET', '/api/session', undefined, { cookie })
const lettersTo = (email: string) => control.mail.filter((message) => message.to === email)
const count = async (table: string) => {
  const name = sql.table(`${control.database.schema}_identity.${table}`)
  const { rows } = await control.database.transaction({ role: 'identity' }, (tx) =>
    sql<{ n: number }>`select count(*)::int as n from ${name}`.execute(tx),
  )
  return rows[0]?.n
}

test('signing up mails a link to the address', async () => {
  const form = aForm()
  const answer = await signUp(form)
  assert.equal(answer.status, 202)
  assert.deepEqual(answer.body, { email: form.email })
  assert.match(lettersTo(form.email)[0]?.text ?? '', new RegExp(`${PORTAL}/verify#token=[\\w-]{43}\\n`))
})

test('signing up with a known address is answered alike', async () => {
  const { email } = await aVerifiedPerson(control)
  const known = await signUp(aForm({ email }))
  const form = aForm()
  const unknown = await signUp(form)
  const shape = (answer: typeof known) => {
    const { date, 'content-length': length, ...headers } = answer.headers
    return { status: answer.status, keys: Object.keys(answer.body), headers, hasLength: Boolean(length) }
  }
  assert.deepEqual(shape(known), shape(unknown))
  assert.deepEqual(known.body, { email })
})

test('signing up with a known address mails that there is an account, and no link', async () => {
  const { email } = await aVerifiedPerson(control)
  await signUp(aForm({ email }))
  const letter = lettersTo(email).at(-1)
  assert.match(letter?.subject ?? '', /already have/)
  assert.equal(letter?.text.includes('token='), false)
})

test('signing up with a known address leaves its password as it was', async () => {
  const { email } = await aVerifiedPerson(control)
  await signUp(aForm({ email, password: 'another lantern entirely' }))
  assert.equal((await signIn(email, 'another lantern entirely')).status, 401)
  assert.equal((await signIn(email)).status, 200)
})

test('an address is the same in capitals', async () => {
  const { email } = await aVerifiedPerson(control)
  assert.equal((await signIn(email.toUpperCase())).status, 200)
  await signUp(aForm({ email: email.toUpperCase() }))
  assert.match(lettersTo(email).at(-1)?.subject ?? '', /already have/)
})

test('a letter repeats nothing that a stranger typed', async () => {
  const form = aForm({ company: 'Win at https://example.net now' })
  await signUp(form)
  assert.equal(lettersTo(form.email)[0]?.text.includes('example.net'), false)
})

test('a password that is easily guessed is refused, and nothing is mailed', async () => {
  const form = aForm({ password: 'northwind-2026' })
  const answer = await signUp(form)
  assert.equal(answer.status, 422)
  assert.equal(answer.body.code, 'people/password-weak')
  assert.equal(answer.body.faults[0].at, '/password')
  assert.equal(lettersTo(form.email).length, 0)
})

test('every fault of a sign-up is told at once', async () => {
  const answer = await signUp({ email: 'no address', password: '', company: ' ', acceptTerms: false })
  assert.equal(answer.body.code, 'request/invalid')
  const places = new Set(answer.body.faults.map((fault: { at: string }) => fault.at))
  assert.deepEqual([...places].sort(), ['/acceptTerms', '/company', '/email', '/password'])
})

test('a link works until its 24 hours are over', async () => {
  const early = aForm()
  await signUp(early)
  control.pass(24 * HOUR - 1)
  assert.equal((await verify(tokenFor(control, early.email))).status, 200)
})

test('a link older than 24 hours is gone, and another can be had', async () => {
  const form = aForm()
  await signUp(form)
  control.pass(24 * HOUR)
  const answer = await verify(tokenFor(control, form.email))
  assert.equal(answer.status, 410)
  assert.equal(answer.body.code, 'people/link-invalid')
  assert.match(answer.body.detail, /resend/)
  await resend(form.email)
  assert.equal((await verify(tokenFor(control, form.email))).status, 200)
})

test('a link that was used is gone', async () => {
  const form = aForm()
  await signUp(form)
  const token = tokenFor(control, form.email)
  await verify(token)
  const again = await verify(token)
  assert.equal(again.status, 410)
  assert.equal(again.cookie, '')
})

test('a link nobody was sent is gone', async () => {
  assert.equal((await verify('x'.repeat(43))).status, 410)
})

test('a token is kept as a hash alone', async () => {
  const form = aForm()
  await signUp(form)
  const { rows } = await control.database.transaction({ role: 'identity' }, (tx) =>
    sql<{ text: string }>`select l::text as text from links l`.execute(tx),
  )
  const token = tokenFor(control, form.email)
  assert.ok(rows.length > 0)
  assert.equal(
    rows.some(({ text }) => text.includes(token) || text.includes(Buffer.from(token).toString('hex'))),
    false,
  )
})

test('whoever typed the address first does not choose the password of whoever confirms it', async () => {
  const email = anEmail()
  await signUp(aForm({ email, password: 'the intruder chose this' }))
  await signUp(aForm({ email }))
  await verify(tokenFor(control, email))
  assert.equal((await signIn(email, 'the intruder chose this')).status, 401)
  assert.equal((await signIn(email)).status, 200)
})

test('once an address is confirmed, the links of other sign-ups for it are gone', async () => {
  const email = anEmail()
  await signUp(aForm({ email, password: 'the intruder chose this' }))
  const intruders = tokenFor(control, email)
  await signUp(aForm({ email }))
  await verify(tokenFor(control, email))
  assert.equal((await verify(intruders)).status, 410)
})

test('asking for another link is answered alike for every address', async () => {
  const waiting = aForm()
  await signUp(waiting)
  const { email: known } = await aVerifiedPerson(control)
  const unknown = anEmail()
  for (const email of [waiting.email, known, unknown]) {
    const answer = await resend(email)
    assert.equal(answer.status, 202)
    assert.deepEqual(answer.body, { email })
  }
})

test('another link goes to an address that waits, word of the account to one that has one, nothing to a stranger', async () => {
  const waiting = aForm()
  await signUp(waiting)
  const { email: known } = await aVerifiedPerson(control)
  const unknown = anEmail()
  for (const email of [waiting.email, known, unknown]) await resend(email)
  assert.equal(lettersTo(waiting.email).length, 2)
  assert.match(lettersTo(known).at(-1)?.subject ?? '', /already have/)
  assert.equal(lettersTo(unknown).length, 0)
})

test('a mail that cannot be sent is a problem of ours, and leaves the sign-up to be sent again', async () => {
  const broken = await openControl(databases.control, {
    mailer: { send: () => Promise.reject(new Error('no route to the relay')) },
  })
  const form = aForm()
  const answer = await broken.call('POST', '/api/sign-up', form)
  await broken.close()
  assert.equal(answer.body.code, 'system/unavailable')
  assert.equal(JSON.stringify(answer.body).includes('relay'), false)
  await resend(form.email)
  assert.equal((await verify(tokenFor(control, form.email))).status, 200)
})

test('the session cookie is for this host alone, over TLS alone, hidden from scripts and from other sites', async () => {
  const { answer } = await aVerifiedPerson(control)
  const cookie = String(answer.headers['set-cookie'])
  assert.match(cookie, /^__Host-countersign=/)
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'])
    assert.match(cookie, new RegExp(attribute))
  assert.doesNotMatch(cookie, /Domain=/i)
})

test('following the link signs in', async () => {
  const { email, cookie } = await aVerifiedPerson(control, 'Cookie Clinic')
  const { status, body } = await session(cookie)
  assert.equal(status, 200)
  assert.equal(body.person.email, email)
  assert.equal(body.organization.name, 'Cookie Clinic')
  assert.equal(body.sandbox.tokenUrl, 'https://localhost:8444/oauth2/token')
})

test('without a cookie nobody is signed in', async () => {
  const answer = await session('')
  assert.equal(answer.status, 401)
  assert.equal(answer.body.code, 'access/signed-out')
})

test('a cookie whose signature was changed signs nobody in', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const changed = cookie.slice(0, -6) + (cookie.at(-6) === 'A' ? 'B' : 'A') + cookie.slice(-5)
  assert.equal((await session(changed)).status, 401)
})

test('a session that has ended signs nobody in', async () => {
  const { cookie } = await aVerifiedPerson(control)
  await control.database.transaction({ role: 'identity' }, (tx) =>
    sql`update sessions set expires_at = now() - interval '1 second'`.execute(tx),
  )
  assert.equal((await session(cookie)).status, 401)
})

test('a session in use is prolonged', async () => {
  const { cookie } = await aVerifiedPerson(control)
  assert.equal((await session(cookie)).cookie, '')
  await control.database.transaction({ role: 'identity' }, (tx) =>
    sql`update sessions set expires_at = now() + interval '2 hours'`.execute(tx),
  )
  assert.equal((await session(cookie)).cookie, cookie)
})

test('signing out ends the session, here and for whoever kept the cookie', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const answer = await control.call('POST', '/api/sign-out', {}, { cookie })
  assert.equal(answer.status, 204)
  assert.match(String(answer.headers['set-cookie']), /__Host-countersign=;.*Max-Age=0/)
  assert.equal((await session(cookie)).status, 401)
})

test('a wrong password and an unknown address are refused in the same words', async () => {
  const { email } = await aVerifiedPerson(control)
  const wrong = await signIn(email, 'not the password at all')
  const unknown = await signIn(anEmail(), 'not the password at all')
  assert.equal(wrong.status, 401)
  assert.equal(wrong.body.code, 'people/sign-in-refused')
  assert.deepEqual(wrong.body, unknown.body)
})

test('who has not confirmed their address is told so, if they know the password', async () => {
  const form = aForm()
  await signUp(form)
  assert.equal((await signIn(form.email)).body.code, 'people/not-verified')
  assert.equal((await signIn(form.email, 'not the password at all')).body.code, 'people/sign-in-refused')
})

test('a sixth sign-up for one address within the hour is refused, and says when to come back', async () => {
  const form = aForm()
  for (let i = 0; i < 5; i++) assert.equal((await signUp(form)).status, 202)
  control.pass(10 * MINUTE)
  const answer = await signUp(form)
  assert.equal(answer.status, 429)
  assert.equal(answer.body.code, 'request/too-many')
  assert.equal(answer.headers['retry-after'], String(50 * 60))
  assert.equal(lettersTo(form.email).length, 5)
})

test('when the hour is over the address may sign up again', async () => {
  const form = aForm()
  for (let i = 0; i < 6; i++) await signUp(form)
  control.pass(HOUR)
  assert.equal((await signUp(form)).status, 202)
})

test('a sixth letter asked for within the hour is refused', async () => {
  const email = anEmail()
  for (let i = 0; i < 5; i++) assert.equal((await resend(email)).status, 202)
  assert.equal((await resend(email)).status, 429)
})

test('an eleventh guess from one place is refused, even when it is right', async () => {
  const { email } = await aVerifiedPerson(control)
  for (let i = 0; i < 10; i++) assert.equal((await signIn(email, 'not the password at all')).status, 401)
  assert.equal((await signIn(email)).status, 429)
})

test('whoever guesses elsewhere does not lock the person out', async () => {
  const { email } = await aVerifiedPerson(control)
  const elsewhere = { address: '203.0.113.9', userAgent: '', cookie: '' }
  for (let i = 0; i < 11; i++)
    await control.people
      .signIn({ email, password: 'not the password at all' }, elsewhere)
      .catch(() => undefined)
  assert.equal((await signIn(email)).status, 200)
})

test('signing in forgets the wrong guesses before it', async () => {
  const { email } = await aVerifiedPerson(control)
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 9; i++) await signIn(email, 'not the password at all')
    assert.equal((await signIn(email)).status, 200)
  }
})

test('one visitor can sign up so many addresses an hour, and no more', async () => {
  const strict = await openControl(databases.control, {
    limits: { 'sign-up/visitor': { attempts: 2, windowMs: HOUR } },
  })
  const visitor = { address: '198.51.100.7', userAgent: '', cookie: '' }
  const attempt = () =>
    strict.people.signUp({ email: anEmail(), password: PASSWORD, company: 'X Clinic' }, visitor)
  await attempt()
  await attempt()
  await assert.rejects(attempt(), /request\/too-many/)
  await strict.close()
})

test('a refused sign-in is in the audit record, without address or password', async () => {
  const { email } = await aVerifiedPerson(control)
  control.pass(1)
  await signIn(email, 'not the password at all')
  const entry = (await control.audit()).findLast(({ act }) => act === 'person.sign-in')
  assert.equal(entry?.outcome, 'refused')
  assert.equal(entry?.actor_kind, 'anonymous')
  assert.match(entry?.on_id ?? '', /^per_/)
  assert.equal(JSON.stringify(entry).includes(email), false)
})

test('sign-ups nobody confirmed are deleted after seven days, people are not', async () => {
  const form = aForm()
  await signUp(form)
  const people = await count('people')
  control.pass(7 * 24 * HOUR + 1)
  await control.people.prune()
  assert.equal(await count('people'), people)
  const waiting = await control.database.transaction({ role: 'identity' }, (tx) =>
    sql`select from sign_ups where email = ${form.email}`.execute(tx),
  )
  assert.equal(waiting.rows.length, 0)
})

const STATE_CHANGING = [
  '/api/sign-up',
  '/api/sign-up/resend',
  '/api/sign-up/verification',
  '/api/sign-in',
  '/api/sign-out',
  '/api/credentials',
]
for (const url of STATE_CHANGING) {
  test(`POST ${url} from another site is refused`, async () => {
    const answer = await control.call(
      'POST',
      url,
      {},
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    )
    assert.equal(answer.status, 403)
    assert.equal(answer.body.code, 'access/foreign-origin')
  })

  test(`POST ${url} as a form can send it is refused`, async () => {
    const answer = await control.call('POST', url, {}, { 'content-type': 'text/plain' })
    assert.equal(answer.status, 415)
  })
}

test('a neighbour on the same site is another origin', async () => {
  const answer = await control.call('POST', '/api/sign-out', {}, { 'sec-fetch-site': 'same-site' })
  assert.equal(answer.body.code, 'access/foreign-origin')
})

test('without an outbox there is nothing at its path', async () => {
  assert.equal((await control.call('GET', '/api/outbox')).status, 404)
})
