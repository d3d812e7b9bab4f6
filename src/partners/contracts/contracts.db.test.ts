/** From asking for production to production credentials: who may do what, in which order, and what each refusal is. */

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import {
  aCast,
  aCompany,
  aDeskPerson,
  type Cast,
  type Company,
  MANY_SIGN_UPS,
  toCountersigned,
  toOffered,
} from '../../../test/support/contracts.ts'
import { type Control, openControl, PASSWORD } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { hashOf } from '../subscriptions/index.ts'

let databases: TestDatabases
let control: Control
let desk: string
let company: Company
let cast: Cast
let others: Cast
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

const WISH = { plan: 'standard', products: ['inquiry', 'submission'] }
const ask = (cookie: string, path: string, body?: object) =>
  control.call(body === undefined ? 'GET' : 'POST', path, body, { cookie })
const requests = '/api/production-requests'
const atDesk = '/api/operator/production-requests'
const signing = (textHash: string, more: object = {}) => ({
  textHash,
  name: 'Ada Larkspur',
  title: 'Chief Operating Officer',
  intent: true,
  consent: true,
  authority: true,
  password: PASSWORD,
  ...more,
})
const liveCredential = (cookie = company.administrator) =>
  ask(cookie, '/api/credentials', { environment: 'production', label: 'Live' })

test('from a request to production credentials, each state says what comes next and who holds it', async () => {
  const { administrator, signatory } = company
  const drafted = await ask(administrator, requests, WISH)
  assert.deepEqual([drafted.status, drafted.body.state, drafted.body.next.holder], [201, 'draft', 'partner'])
  const { id } = drafted.body
  const submitted = await ask(administrator, `${requests}/${id}/submit`, { version: 1 })
  assert.deepEqual([submitted.body.state, submitted.body.next.holder], ['submitted', 'operator'])
  const reviewed = await ask(desk, `${atDesk}/${id}/review`, { version: 2 })
  assert.deepEqual([reviewed.body.state, reviewed.body.next.holder], ['in-review', 'operator'])
  const offered = await ask(desk, `${atDesk}/${id}/offer`, { version: 3 })
  assert.deepEqual([offered.status, offered.body.request.next.holder], [201, 'partner'])
  const contractId = offered.body.contract.id
  const shown = await ask(signatory, `/api/contracts/${contractId}`)
  assert.equal((await liveCredential()).body.code, 'access/no-grant')
  const signed = await ask(signatory, `/api/contracts/${contractId}/sign`, signing(shown.body.textHash))
  assert.deepEqual([signed.status, signed.body.state], [200, 'partner-signed'])
  assert.equal((await liveCredential()).body.code, 'access/no-grant')
  const countersigned = await ask(
    desk,
    `/api/operator/contracts/${contractId}/countersign`,
    signing(shown.body.textHash, { name: 'Dora Desk', title: 'Partner desk' }),
  )
  assert.deepEqual([countersigned.status, countersigned.body.state], [200, 'active'])
  const made = await liveCredential()
  assert.equal(made.status, 201)
  assert.deepEqual(made.body.scopes, ['pa:inquire', 'pa:read', 'pa:submit'])
  const last = await ask(administrator, `${requests}/${id}`)
  assert.deepEqual([last.body.state, last.body.contractId], ['countersigned', contractId])
})

test('each step is on the record, by whom', async () => {
  const { contractId, requestId } = await toCountersigned(control, company, desk)
  const acts = (await control.audit()).filter(
    ({ on_id, organization_id }) =>
      organization_id === company.organizationId && (on_id === requestId || on_id === contractId),
  )
  const names = acts.map(({ act, actor_kind }) => `${act} by ${actor_kind}`)
  for (const act of [
    'production-request.draft',
    'production-request.submit',
    'production-request.review',
    'production-request.offer',
    'production-request.sign',
    'contract.sign',
    'production-request.countersign',
    'contract.countersign',
  ])
    assert.ok(names.includes(`${act} by person`), act)
})

describe('the text', () => {
  test('is named by the SHA-256 of its bytes, and says parties, products, prices and term', async () => {
    const { textHash, text } = await toOffered(control, company, desk)
    assert.equal(hashOf(text), textHash)
    for (const said of [
      'Operator of the tests',
      company.name,
      'Inquiry, Submission',
      'USD 0.25 per transaction',
      'runs for 12 months',
    ])
      assert.ok(text.includes(said), said)
    assert.doesNotMatch(text, /[{}]/)
  })

  test('holds a business associate agreement for a provider, and vendor authority for who acts for providers', async () => {
    assert.match((await toOffered(control, company, desk)).text, /Business Associate Agreement/)
    const vendor = await aCompany(control, others, 'ehr')
    const { text } = await toOffered(control, vendor, desk)
    assert.match(text, /PART 3\. Subcontractor Business Associate Agreement/)
    assert.match(text, /PART 4\. Vendor Authority/)
  })

  test('can be read before anything is asked for', async () => {
    const shown = await ask(company.administrator, `${requests}/preview`, WISH)
    assert.equal(shown.status, 200)
    assert.match(shown.body.text, /PART 1\. Services Agreement \(version 1\)/)
  })
})

describe('a signature', () => {
  test('keeps what shows it: the text, the statements, how identity was proved, from where and when', async () => {
    const { contractId, textHash } = await toCountersigned(control, company, desk)
    const { signatures } = await control.contracts.contract(
      { side: 'partner', membership: company.membership },
      contractId,
    )
    assert.deepEqual(
      signatures.map(({ side, name, textHash: text, identityMethod, address, signedAt }) => [
        side,
        name,
        text,
        identityMethod,
        address,
        signedAt > 0,
      ]),
      [
        ['partner', 'Ada Larkspur', textHash, 'password', '127.0.0.1', true],
        ['operator', 'Dora Desk', textHash, 'password', '127.0.0.1', true],
      ],
    )
    assert.match(signatures[0]?.statements.consent ?? '', /electronic means/)
    assert.match(signatures[0]?.statements.authority ?? '', /authority to bind/)
  })

  test('needs the password again, and a wrong one signs nothing', async () => {
    const { contractId, textHash } = await toOffered(control, company, desk)
    const body = signing(textHash, { password: 'a wrong guess 99' })
    const answer = await ask(company.signatory, `/api/contracts/${contractId}/sign`, body)
    assert.deepEqual([answer.status, answer.body.code], [403, 'people/identity-unproven'])
    assert.equal((await ask(company.signatory, `/api/contracts/${contractId}`)).body.state, 'offered')
  })

  test('needs every statement ticked', async () => {
    const { contractId, textHash } = await toOffered(control, company, desk)
    for (const name of ['intent', 'consent', 'authority']) {
      const answer = await ask(
        company.signatory,
        `/api/contracts/${contractId}/sign`,
        signing(textHash, { [name]: false }),
      )
      assert.equal(answer.body.code, 'request/invalid', name)
    }
  })

  test('is of the text that was shown: another hash is refused', async () => {
    const { contractId } = await toOffered(control, company, desk)
    const answer = await ask(company.signatory, `/api/contracts/${contractId}/sign`, signing('0'.repeat(64)))
    assert.equal(answer.body.code, 'state/moved-on')
  })

  test('is made once by a double click', async () => {
    const { contractId, textHash } = await toOffered(control, company, desk)
    const clicks = await Promise.all(
      [1, 2].map(() => ask(company.signatory, `/api/contracts/${contractId}/sign`, signing(textHash))),
    )
    assert.deepEqual(
      clicks.map(({ status }) => status),
      [200, 200],
    )
    const { body } = await ask(company.signatory, `/api/contracts/${contractId}`)
    assert.equal(body.signatures.length, 1)
  })

  test('is the signatory’s: an administrator signs only where the company has none', async () => {
    const { contractId, textHash } = await toOffered(control, company, desk)
    const sign = () => ask(company.administrator, `/api/contracts/${contractId}/sign`, signing(textHash))
    assert.equal((await sign()).body.code, 'access/role-missing')
    const small = await aCompany(control, others, 'provider', { signatory: false })
    const offered = await toOffered(control, small, desk)
    const alone = await ask(
      small.administrator,
      `/api/contracts/${offered.contractId}/sign`,
      signing(offered.textHash),
    )
    assert.equal(alone.body.state, 'partner-signed')
  })

  test('of the operator waits for the partner’s', async () => {
    const { contractId, textHash } = await toOffered(control, company, desk)
    const answer = await ask(desk, `/api/operator/contracts/${contractId}/countersign`, signing(textHash))
    assert.equal(answer.body.code, 'state/not-allowed')
  })
})

describe('who may', () => {
  test('a viewer, a developer and billing read, and neither ask nor sign', async () => {
    const { contractId, textHash, requestId } = await toOffered(control, company, desk)
    const { viewer } = company
    assert.equal((await ask(viewer, `/api/contracts/${contractId}`)).status, 200)
    assert.equal((await ask(viewer, requests)).body.requests.length, 1)
    for (const [path, body] of [
      [requests, WISH],
      [`${requests}/${requestId}/withdraw`, { version: 4 }],
      [`/api/contracts/${contractId}/sign`, signing(textHash)],
    ] as const)
      assert.equal((await ask(viewer, path, body)).body.code, 'access/role-missing', path)
  })

  test('an auditor reads at the desk, and decides nothing', async () => {
    const { requestId, contractId } = await toOffered(control, company, desk)
    const auditor = (await aDeskPerson(control, 'auditor')).cookie
    assert.equal((await ask(auditor, `/api/operator/contracts/${contractId}`)).status, 200)
    const answer = await ask(auditor, `${atDesk}/${requestId}/decline`, { version: 4, reason: 'x' })
    assert.equal(answer.body.code, 'access/role-missing')
  })

  test('a desk of the sandbox has nothing to do with production', async () => {
    const other = (await aDeskPerson(control, 'partner-desk', 'sandbox')).cookie
    assert.equal((await ask(other, atDesk)).body.code, 'access/role-missing')
  })

  test('another company finds neither request nor contract', async () => {
    const { requestId, contractId, textHash } = await toOffered(control, company, desk)
    const other = await aCompany(control, others)
    for (const [path, body] of [
      [`${requests}/${requestId}`, undefined],
      [`${requests}/${requestId}/withdraw`, { version: 4 }],
      [`/api/contracts/${contractId}`, undefined],
    ] as const)
      assert.equal((await ask(other.administrator, path, body)).status, 404, path)
    assert.equal(
      (await ask(other.signatory, `/api/contracts/${contractId}/sign`, signing(textHash))).status,
      404,
    )
  })
})

describe('a request', () => {
  test('is one at a time', async () => {
    await ask(company.administrator, requests, WISH)
    assert.equal((await ask(company.administrator, requests, WISH)).body.code, 'state/already-there')
  })

  test('names products of its plan', async () => {
    const answer = await ask(company.administrator, requests, {
      plan: 'standard',
      products: ['inquiry', 'coffee'],
    })
    assert.deepEqual([answer.status, answer.body.faults[0].at], [422, '/products/1'])
    assert.equal((await ask(company.administrator, requests, { ...WISH, plan: 'pay-as-you-go' })).status, 422)
  })

  test('tells whoever changes what they have not seen', async () => {
    const { id } = (await ask(company.administrator, requests, WISH)).body
    await ask(company.administrator, `${requests}/${id}/change`, {
      ...WISH,
      version: 1,
      note: 'Soon, please.',
    })
    const late = await ask(company.signatory, `${requests}/${id}/change`, { ...WISH, version: 1 })
    assert.deepEqual([late.status, late.body.code], [409, 'state/moved-on'])
  })

  test('is declined with a reason, and another can be made', async () => {
    const { requestId, contractId } = await toOffered(control, company, desk)
    assert.equal(
      (await ask(desk, `${atDesk}/${requestId}/decline`, { version: 4 })).body.code,
      'request/invalid',
    )
    const declined = await ask(desk, `${atDesk}/${requestId}/decline`, {
      version: 4,
      reason: 'No BAA on file.',
    })
    assert.deepEqual(
      [declined.body.state, declined.body.reason, declined.body.next.holder],
      ['declined', 'No BAA on file.', 'nobody'],
    )
    assert.equal((await ask(company.viewer, `/api/contracts/${contractId}`)).body.state, 'void')
    assert.equal((await ask(company.administrator, requests, WISH)).status, 201)
  })

  test('that is withdrawn cannot be signed any more', async () => {
    const { requestId, contractId, textHash } = await toOffered(control, company, desk)
    await ask(company.administrator, `${requests}/${requestId}/withdraw`, { version: 4 })
    const answer = await ask(company.signatory, `/api/contracts/${contractId}/sign`, signing(textHash))
    assert.equal(answer.body.code, 'state/not-allowed')
  })

  test('can be offered anew after an offer was taken back, even a signed one', async () => {
    const { requestId, contractId, textHash } = await toOffered(control, company, desk)
    await ask(company.signatory, `/api/contracts/${contractId}/sign`, signing(textHash))
    await ask(desk, `${atDesk}/${requestId}/take-back`, { version: 5 })
    const again = await ask(desk, `${atDesk}/${requestId}/offer`, { version: 6, months: 24 })
    assert.equal(again.status, 201)
    const old = await ask(desk, `/api/operator/contracts/${contractId}/countersign`, signing(textHash))
    assert.equal(old.body.code, 'state/not-allowed')
  })
})
