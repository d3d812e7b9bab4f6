/** Whatever anybody does, in whatever order: production credentials come with a live grant, and with nothing else. */

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  aCast,
  aCompany,
  aDeskPerson,
  aSignature,
  type Cast,
  type Company,
  MANY_SIGN_UPS,
} from '../../../test/support/contracts.ts'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

const DAY = 24 * 60 * 60 * 1000
/** Each of some twenty acts, with a try for credentials after each. */
const RUNS = 12
const PRODUCTS = ['determination', 'inquiry', 'submission']
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  determination: ['pa:determine'],
  inquiry: ['pa:inquire', 'pa:read'],
  submission: ['pa:submit', 'pa:read'],
}

let databases: TestDatabases
let control: Control
let desk: string
let cast: Cast
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control, MANY_SIGN_UPS)
  desk = (await aDeskPerson(control)).cookie
  cast = await aCast(control)
  // Self-service is offered here, so that there is that path too.
  const { plans } = (await control.call('GET', '/api/operator/plans', undefined, { cookie: desk })).body
  const plan = plans.find(({ id }: { id: string }) => id === 'pay-as-you-go')
  const offered = { ...plan, isOffered: true }
  assert.equal((await control.call('POST', '/api/operator/plans', offered, { cookie: desk })).status, 200)
})
after(async () => {
  await control.close()
  await databases.close()
})

/** A basis of production, as the model knows it: what was agreed, and from when until when. */
interface Basis {
  products: readonly string[]
  from: number
  until: number
}

/** What the model believes. It is told of an act only when the act was let in. */
interface Model {
  readonly bases: Map<string, Basis>
  /** What the open request asks for, and the contract offered on it. */
  offered: { id: string; products: readonly string[]; amends?: string; beginsInDays: number } | undefined
  isSigned: boolean
}

interface Real {
  readonly company: Company
  readonly ask: (cookie: string, path: string, body?: object) => Promise<{ status: number; body: Body }>
}
// biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
type Body = any

type Step = (model: Model, real: Real) => Promise<void>
const isIn = (status: number) => status < 300

const latestRequest = async ({ company, ask }: Real) =>
  (await ask(company.viewer, '/api/production-requests')).body.requests[0]
const latestContract = async ({ company, ask }: Real) =>
  (await ask(company.viewer, '/api/contracts')).body.contracts[0]
const onRequest = async (real: Real, side: 'ours' | 'theirs', verb: string, more: object = {}) => {
  const request = await latestRequest(real)
  if (!request) return undefined
  const stem = side === 'ours' ? '/api/production-requests' : '/api/operator/production-requests'
  const cookie = side === 'ours' ? real.company.administrator : desk
  return real.ask(cookie, `${stem}/${request.id}/${verb}`, { version: request.version, ...more })
}
const over = (model: Model) => {
  model.offered = undefined
  model.isSigned = false
}

const draft =
  (products: readonly string[], amends: boolean): Step =>
  async (_model, real) => {
    const inForce = amends ? await latestContract(real) : undefined
    const wish = { plan: 'standard', products, ...(inForce && { amends: inForce.id }) }
    await real.ask(real.company.administrator, '/api/production-requests', wish)
  }
const submit: Step = async (_model, real) => void (await onRequest(real, 'ours', 'submit'))
const review: Step = async (_model, real) => void (await onRequest(real, 'theirs', 'review'))
const withdraw: Step = async (model, real) => {
  const answer = await onRequest(real, 'ours', 'withdraw')
  if (answer && isIn(answer.status)) over(model)
}
const decline: Step = async (model, real) => {
  const answer = await onRequest(real, 'theirs', 'decline', { reason: 'No.' })
  if (answer && isIn(answer.status)) over(model)
}
const takeBack: Step = async (model, real) => {
  const answer = await onRequest(real, 'theirs', 'take-back')
  if (answer && isIn(answer.status)) over(model)
}
const offer =
  (beginsInDays: number, renews: 'by-notice' | 'never'): Step =>
  async (model, real) => {
    const beginsAt = new Date(control.now() + beginsInDays * DAY).toISOString()
    const conditions = { months: 1, renews, noticeDays: 5, ...(beginsInDays > 0 && { beginsAt }) }
    const answer = await onRequest(real, 'theirs', 'offer', conditions)
    if (!answer || !isIn(answer.status)) return
    const { id, products, amends } = answer.body.contract
    model.offered = { id, products, ...(amends && { amends }), beginsInDays }
  }
const sign: Step = async (model, real) => {
  const contract = await latestContract(real)
  if (!contract) return
  const path = `/api/contracts/${contract.id}/sign`
  const answer = await real.ask(real.company.signatory, path, aSignature(contract.textHash))
  if (isIn(answer.status) && answer.body.state === 'partner-signed') model.isSigned = true
}
const countersign: Step = async (model, real) => {
  const contract = await latestContract(real)
  if (!contract) return
  const path = `/api/operator/contracts/${contract.id}/countersign`
  const answer = await real.ask(desk, path, aSignature(contract.textHash, 'Dora Desk'))
  if (!isIn(answer.status) || model.bases.has(contract.id)) return
  assert.ok(model.offered && model.isSigned, 'nothing is countersigned that the partner has not signed')
  const { products, amends } = model.offered
  const from = Date.parse(answer.body.beginsAt)
  const until = answer.body.endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(answer.body.endsAt)
  model.bases.set(contract.id, { products, from, until })
  const amended = amends === undefined ? undefined : model.bases.get(amends)
  if (amended) amended.until = from
  over(model)
}
const terminate =
  (inDays: number): Step =>
  async (model, real) => {
    const contract = await latestContract(real)
    if (!contract) return
    const at = control.now() + inDays * DAY
    const ending = { reason: 'Over.', at: new Date(at).toISOString() }
    const answer = await real.ask(desk, `/api/operator/contracts/${contract.id}/terminate`, ending)
    const basis = model.bases.get(contract.id)
    if (isIn(answer.status) && basis) basis.until = Math.max(basis.from, at)
  }
const notice: Step = async (model, real) => {
  const contract = await latestContract(real)
  if (!contract) return
  const answer = await real.ask(real.company.signatory, `/api/contracts/${contract.id}/notice`, {})
  const basis = model.bases.get(contract.id)
  if (isIn(answer.status) && basis) basis.until = Date.parse(answer.body.endsAt)
}
let scans = 0
const recordPaper =
  (products: readonly string[]): Step =>
  async (model, real) => {
    const answer = await real.ask(desk, '/api/operator/contracts/record', {
      organization: real.company.organizationId,
      products,
      mediaType: 'application/pdf',
      file: Buffer.from(`%PDF scan ${++scans}`).toString('base64'),
      attestedBy: 'Dora Desk',
    })
    if (!isIn(answer.status)) return
    model.bases.set(answer.body.id, { products, from: control.now(), until: Number.POSITIVE_INFINITY })
  }
const SELF_SERVICE = { plan: 'pay-as-you-go', products: ['inquiry'] }
const subscribe: Step = async (model, real) => {
  const terms = await real.ask(real.company.administrator, '/api/subscriptions/terms', SELF_SERVICE)
  const accepted = { ...SELF_SERVICE, termsHash: terms.body.hash, accept: true }
  const answer = await real.ask(real.company.administrator, '/api/subscriptions', accepted)
  assert.equal(answer.status, 201)
  if (model.bases.get('subscription')?.until === Number.POSITIVE_INFINITY) return
  const basis = { products: SELF_SERVICE.products, from: control.now(), until: Number.POSITIVE_INFINITY }
  model.bases.set('subscription', basis)
}
const unsubscribe: Step = async (model, real) => {
  const answer = await real.ask(real.company.administrator, '/api/subscriptions/end', {})
  const basis = model.bases.get('subscription')
  if (isIn(answer.status) && basis) basis.until = control.now()
}
/** The operator takes a product away at once, whatever was agreed. */
const removeProduct =
  (product: string): Step =>
  async (model, { company }) => {
    const change = { organizationId: company.organizationId, environment: 'production', product } as const
    const done = await control.subscriptions.withdrawProduct(change, { kind: 'operator' }).then(
      () => true,
      () => false,
    )
    if (!done) return
    for (const basis of model.bases.values())
      basis.products = basis.products.filter((known) => known !== product)
  }
const addProduct: Step = async (_model, { company }) => {
  const gift = {
    organizationId: company.organizationId,
    environment: 'production',
    product: 'submission',
  } as const
  await assert.rejects(async () => control.subscriptions.addProduct(gift, { kind: 'operator' }))
}
const pass =
  (days: number): Step =>
  async () =>
    control.pass(days * DAY)
/** What the worker does once a minute. */
const keepUp: Step = async () => {
  await control.subscriptions.settleDue()
  await control.subscriptions.deliverPending()
}

const products = fc.subarray(PRODUCTS, { minLength: 1 })
/** Each with its name, for the counterexample. */
const named = (name: string, step: fc.Arbitrary<Step>) => step.map((run) => ({ run, toString: () => name }))
const always = (name: string, run: Step) => named(name, fc.constant(run))
const STEP = fc.oneof(
  named(
    'draft',
    fc.tuple(products, fc.boolean()).map(([wanted, amends]) => draft(wanted, amends)),
  ),
  always('submit', submit),
  always('review', review),
  named(
    'offer',
    fc
      .tuple(fc.constantFrom(0, 0, 10), fc.constantFrom('by-notice' as const, 'never' as const))
      .map(([days, renews]) => offer(days, renews)),
  ),
  always('sign', sign),
  always('countersign', countersign),
  always('withdraw', withdraw),
  always('decline', decline),
  always('take back', takeBack),
  named('terminate', fc.constantFrom(0, 3, 40).map(terminate)),
  always('notice', notice),
  named('record paper', products.map(recordPaper)),
  always('subscribe', subscribe),
  always('unsubscribe', unsubscribe),
  named('remove product', fc.constantFrom(...PRODUCTS).map(removeProduct)),
  always('add product', addProduct),
  named('pass', fc.constantFrom(1, 4, 11, 35).map(pass)),
  always('keep up', keepUp),
)
/** Most random sequences get nowhere near a contract; so the way to one is a step too. */
const TO_CONTRACT = products.chain((wanted) =>
  fc.constantFrom(0, 10).map((days) => [
    { run: draft(wanted, false), toString: () => 'draft' },
    { run: submit, toString: () => 'submit' },
    { run: review, toString: () => 'review' },
    { run: offer(days, 'by-notice'), toString: () => 'offer' },
    { run: sign, toString: () => 'sign' },
    { run: countersign, toString: () => 'countersign' },
  ]),
)
const STORY = fc
  .array(
    fc.oneof({ weight: 8, arbitrary: STEP.map((step) => [step]) }, { weight: 2, arbitrary: TO_CONTRACT }),
    {
      maxLength: 14,
      size: 'max',
    },
  )
  .map((parts) => parts.flat())

/** Tries to make credentials in production, and holds the answer against what was agreed. */
async function probe(model: Model, { company, ask }: Real): Promise<boolean> {
  const now = control.now()
  const agreed = [...model.bases.values()]
    .filter(({ from, until }) => from <= now && now < until)
    .flatMap((basis) => basis.products)
  const answer = await ask(company.administrator, '/api/credentials', {
    environment: 'production',
    label: 'Live',
  })
  if (!isIn(answer.status)) {
    assert.equal(answer.body.code, 'access/no-grant')
    return false
  }
  const allowed = new Set(agreed.flatMap((product) => SCOPES[product] ?? []))
  const beyond = answer.body.scopes.filter((scope: string) => !allowed.has(scope))
  assert.deepEqual(beyond, [], `${JSON.stringify(answer.body.scopes)} while ${agreed} is agreed`)
  assert.notEqual(agreed.length, 0, 'credentials were made while nothing is agreed')
  return true
}

test('no sequence of acts makes production credentials without a live grant, nor beyond what was agreed', async () => {
  let made = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(STORY, async (story) => {
      const company = await aCompany(control, cast)
      const ask: Real['ask'] = (cookie, path, body) =>
        control.call(body === undefined ? 'GET' : 'POST', path, body, { cookie })
      const real: Real = { company, ask }
      const model: Model = { bases: new Map(), offered: undefined, isSigned: false }
      for (const step of story) {
        await step.run(model, real)
        if (await probe(model, real)) made++
        else refused++
        control.pass(1)
      }
    }),
    { numRuns: RUNS, seed: 5, interruptAfterTimeLimit: 240_000, endOnFailure: true },
  )
  // Otherwise it would have proved nothing.
  assert.ok(made > 10 && refused > 10, `${made} made, ${refused} refused`)
})
