import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import {
  aCast,
  aCompany,
  aDeskPerson,
  type Cast,
  type Company,
  MANY_SIGN_UPS,
} from '../../../test/support/contracts.ts'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

let databases: TestDatabases
let control: Control
let desk: string
let cast: Cast
let others: Cast
let company: Company
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control, MANY_SIGN_UPS)
  desk = (await aDeskPerson(control)).cookie
  cast = await aCast(control)
  others = await aCast(control)
})
after(async () => {
  await control.close()
  await databases.close()
})
beforeEach(async () => {
  control.pass(1)
  company = await aCompany(control, cast)
})

const ask = (cookie: string, path: string, body?: object) =>
  control.call(body === undefined ? 'GET' : 'POST', path, body, { cookie })
const QUESTION = {
  about: 'clause',
  ref: 'services/7',
  subject: 'Liability',
  text: 'Twelve months of which fees?',
}

test('anybody of a company asks before any request, and the desk answers', async () => {
  const asked = await ask(company.viewer, '/api/questions', QUESTION)
  assert.deepEqual([asked.status, asked.body.state, asked.body.holder], [201, 'open', 'operator'])
  const { id } = asked.body
  const queue = (await ask(desk, '/api/operator/questions?state=open')).body.questions
  assert.ok(queue.some((one: { id: string }) => one.id === id))
  control.pass(1)
  const answered = await ask(desk, `/api/operator/questions/${id}/messages`, {
    text: 'Those that were paid.',
  })
  assert.deepEqual([answered.body.state, answered.body.holder], ['answered', 'partner'])
  control.pass(1)
  const again = await ask(company.administrator, `/api/questions/${id}/messages`, {
    text: 'Thank you; and taxes?',
  })
  assert.equal(again.body.state, 'open')
  assert.deepEqual(
    again.body.messages.map(({ side }: { side: string }) => side),
    ['partner', 'operator', 'partner'],
  )
})

test('what was asked before goes along with the request that is made then, and later questions are its own', async () => {
  const before = (await ask(company.viewer, '/api/questions', QUESTION)).body
  const wish = { plan: 'standard', products: ['inquiry'] }
  const request = (await ask(company.administrator, '/api/production-requests', wish)).body
  const later = (await ask(company.viewer, '/api/questions', QUESTION)).body
  for (const { id } of [before, later])
    assert.equal((await ask(company.viewer, `/api/questions/${id}`)).body.requestId, request.id)
})

test('a closed question takes no more', async () => {
  const { id } = (await ask(company.viewer, '/api/questions', QUESTION)).body
  assert.equal((await ask(company.viewer, `/api/questions/${id}/close`, {})).body.state, 'closed')
  const late = await ask(desk, `/api/operator/questions/${id}/messages`, { text: 'But …' })
  assert.equal(late.body.code, 'state/not-allowed')
})

test('another company finds none of it', async () => {
  const { id } = (await ask(company.viewer, '/api/questions', QUESTION)).body
  const other = await aCompany(control, others)
  assert.equal((await ask(other.viewer, `/api/questions/${id}`)).status, 404)
  assert.equal((await ask(other.viewer, `/api/questions/${id}/messages`, { text: 'x' })).status, 404)
  assert.deepEqual((await ask(other.viewer, '/api/questions')).body.questions, [])
})

test('what was said is on no record', async () => {
  const { id } = (await ask(company.viewer, '/api/questions', QUESTION)).body
  const entries = (await control.audit()).filter(({ on_id }) => on_id === id)
  assert.equal(entries.length, 1)
  assert.doesNotMatch(JSON.stringify(entries), /Twelve months|Liability/)
})
