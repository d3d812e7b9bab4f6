import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission, type SubmissionParts } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { keepDecided, requestOf } from '../../../test/support/decided-cases.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import type { Authorization } from '../../core/authorization.ts'
import type { CertificationAction } from '../../core/decision.ts'
import { encodeRequest } from '../../formats/x12/index.ts'
import { readId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { GrantedProvider } from '../administration/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aMember = () => `QFFOL${++serial}`
const DETAIL = aSubmission().patientEventDetail as object

/** A request about an earlier case: UM02, the number that it is named by, and what else it says of the event. */
function aFollowUp(memberId: string, um02: string, event: object): SubmissionParts {
  return {
    memberId,
    transaction: `T-${++serial}`,
    patientEventDetail: { ...DETAIL, certificationTypeCode: um02, ...event },
  }
}

interface Said {
  readonly x12: string
  readonly id?: string
  readonly action?: string
  /** Reason and follow-up of a refusal. */
  readonly refused?: string
}

function said(answer: Answer): Said {
  assert.equal(answer.statusCode, 200, answer.body)
  const { authorizationId, submission } = answer.json()
  const x12 = String(submission.x12)
  const aaa = /AAA\*N\*\*(\w+)\*(\w)/.exec(x12)
  const hcr = /HCR\*(\w+)/.exec(x12)
  return {
    x12,
    ...(authorizationId ? { id: authorizationId } : {}),
    ...(hcr?.[1] ? { action: hcr[1] } : {}),
    ...(aaa ? { refused: `${aaa[1]} ${aaa[2]}` } : {}),
  }
}

/** The doors that a follow-up comes in by; what it comes to may not depend on which. */
const DOORS = {
  json: (company: TestCompany, parts: SubmissionParts) => company.post('submission', aSubmission(parts)),
  x12: (company: TestCompany, parts: SubmissionParts) =>
    company.post('submission/x12', {
      x12: encodeRequest(requestOf(parts), {
        guide: '217',
        at: servers.clock.now(),
        interchangeControlNumber: String(++serial).padStart(9, '0'),
        usage: 'T',
      }),
    }),
} as const

async function reading(company: TestCompany, id: string | undefined) {
  const answer = await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

/** A submission that is certified, or pended; with its number and its case. */
async function submitted(company: TestCompany, parts: SubmissionParts) {
  const { id } = said(await company.post('submission', aSubmission(parts)))
  return reading(company, id)
}

async function decided(
  company: TestCompany,
  memberId: string,
  ...actions: readonly CertificationAction[]
): Promise<Extract<Authorization, { readonly administrativeReference: string }>> {
  const line = (DETAIL as { serviceLevel: readonly object[] }).serviceLevel[0]
  const request = requestOf({
    memberId,
    patientEventDetail: { ...DETAIL, serviceLevel: actions.map(() => line) },
  })
  const kept = await keepDecided(sandbox, company.organizationId, servers.clock.now(), actions, request)
  assert.ok('administrativeReference' in kept)
  return kept
}

for (const [door, send] of Object.entries(DOORS))
  describe(`through the door ${door}`, () => {
    test('a certified case that is cancelled is answered C, and ends', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const before = await submitted(company, { memberId })
      const answer = said(
        await send(
          company,
          aFollowUp(memberId, '3', { previousReviewAuthorizationNumber: before.authorizationNumber }),
        ),
      )
      assert.deepEqual([answer.action, readId('authorization', answer.id ?? '')], ['C', before.id])
      assert.match(answer.x12, /UM\*HS\*3/)
      const now = await reading(company, answer.id)
      assert.equal(now.state, 'cancelled')
      assert.deepEqual(now.events.at(-1).type, 'authorization.cancelled')
    })

    test('a pended case that is cancelled is withdrawn', async () => {
      const company = await sandbox.aCompany()
      const before = await submitted(company, { memberId: 'QFPEND001', transaction: `T-${++serial}` })
      assert.equal(before.state, 'pended')
      const answer = said(
        await send(
          company,
          aFollowUp('QFPEND001', '3', {
            previousAdministrativeReferenceNumber: before.administrativeReference,
          }),
        ),
      )
      assert.equal(answer.action, 'C')
      const now = await reading(company, answer.id)
      assert.equal(now.state, 'withdrawn')
      assert.equal(now.dueAt, undefined)
    })

    for (const [um02, purpose] of [
      ['4', 'extension'],
      ['S', 'revised'],
      ['R', 'renewal'],
    ] as const)
      test(`a ${purpose} opens a case that follows the earlier one, waits for a reviewer, and leaves that one alone`, async () => {
        const company = await sandbox.aCompany()
        const memberId = aMember()
        const before = await submitted(company, { memberId })
        const answer = said(
          await send(
            company,
            aFollowUp(memberId, um02, {
              previousReviewAuthorizationNumber: before.authorizationNumber,
              eventDateBegin: '20270504',
            }),
          ),
        )
        assert.equal(answer.action, 'A4')
        const opened = await reading(company, answer.id)
        assert.deepEqual(
          [opened.state, opened.follows, opened.request.event.purpose],
          ['pended', before.id, purpose],
        )
        assert.equal((await reading(company, before.id)).state, 'approved')
      })

    test('while a change of a case is waited for another is refused, with the number of the first', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const before = await submitted(company, { memberId, transaction: `T-${++serial}` })
      const previousReviewAuthorizationNumber = before.authorizationNumber
      const [line] = (DETAIL as { serviceLevel: readonly object[] }).serviceLevel
      const more = {
        ...line,
        professionalService: {
          ...(line as { professionalService: object }).professionalService,
          serviceUnitCount: '5',
        },
      }
      const revise = (event: object) =>
        send(company, aFollowUp(memberId, 'S', { previousReviewAuthorizationNumber, ...event }))
      const first = await reading(company, said(await revise({})).id)
      const second = said(await revise({ serviceLevel: [more] }))
      assert.deepEqual([second.refused, second.id], ['33 N', undefined])
      assert.ok(second.x12.includes(`REF*NT*${first.administrativeReference}~`), second.x12)
      const extension = await send(
        company,
        aFollowUp(memberId, '4', { previousReviewAuthorizationNumber, eventDateBegin: '20270504' }),
      )
      assert.equal(said(extension).refused, '33 N')
      // A renewal is a period of its own, and takes the place of nothing.
      const renewal = await send(
        company,
        aFollowUp(memberId, 'R', { previousReviewAuthorizationNumber, eventDateBegin: '20270504' }),
      )
      assert.equal(said(renewal).action, 'A4')
      // What is asked for again, word for word, is the change that is waited for.
      assert.equal(readId('authorization', said(await revise({})).id ?? ''), first.id)
      const withdrawn = await send(
        company,
        aFollowUp(memberId, '3', { previousAdministrativeReferenceNumber: first.administrativeReference }),
      )
      assert.equal(said(withdrawn).action, 'C')
      assert.equal(said(await revise({ serviceLevel: [more] })).action, 'A4')
    })

    for (const [um02, kind, hours] of [
      ['1', 'immediate', 72],
      ['2', 'standard', 30 * 24],
      ['N', 'reconsideration', 30 * 24],
    ] as const)
      test(`a denial that is contested (${kind}) waits for a reviewer, by the clock of appeals`, async () => {
        const company = await sandbox.aCompany()
        const memberId = aMember()
        const before = await decided(company, memberId, 'not-certified')
        const answer = said(
          await send(
            company,
            aFollowUp(memberId, um02, {
              previousAdministrativeReferenceNumber: before.administrativeReference,
            }),
          ),
        )
        assert.equal(answer.action, 'A4')
        const now = await reading(company, answer.id)
        assert.deepEqual([now.id, now.state, now.appeal.kind], [before.id, 'appealed', kind])
        assert.equal(Date.parse(now.dueAt) - servers.clock.now(), hours * 3_600_000)
        assert.equal(now.events.at(-1).type, 'authorization.appealed')
      })

    test('of a split decision that is contested the refused line is open again, and the certified one stands', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const before = await decided(company, memberId, 'certified', 'not-certified')
      const { x12 } = said(
        await send(
          company,
          aFollowUp(memberId, '2', { previousAdministrativeReferenceNumber: before.administrativeReference }),
        ),
      )
      assert.deepEqual(
        [...x12.matchAll(/HCR\*(\w+)/g)].map(([, action]) => action),
        ['A4', 'A1', 'A4'],
      )
    })

    for (const um02 of ['S', '4'])
      test(`a denial is never revised or extended (UM02 ${um02}): 33, do not resubmit, and nothing changes`, async () => {
        const company = await sandbox.aCompany()
        const memberId = aMember()
        const before = await decided(company, memberId, 'not-certified')
        const answer = said(
          await send(
            company,
            aFollowUp(memberId, um02, {
              previousAdministrativeReferenceNumber: before.administrativeReference,
            }),
          ),
        )
        assert.deepEqual([answer.refused, answer.action, answer.id], ['33 N', undefined, undefined])
        assert.equal((await reading(company, before.id)).state, 'denied')
      })

    test('what is asked of a number that is nobody’s, and of one that is another company’s, is answered alike: AA', async () => {
      const company = await sandbox.aCompany()
      const other = await sandbox.aCompany()
      const memberId = aMember()
      const theirs = await submitted(other, { memberId })
      for (const number of ['A0000000000000', theirs.authorizationNumber]) {
        const { refused } = said(
          await send(company, aFollowUp(memberId, '3', { previousReviewAuthorizationNumber: number })),
        )
        assert.equal(refused, 'AA C')
      }
      assert.equal((await reading(other, theirs.id)).state, 'approved')
    })

    test('a follow-up without the number of a case is told so: MA', async () => {
      const company = await sandbox.aCompany()
      assert.equal(said(await send(company, aFollowUp(aMember(), '3', {}))).refused, 'MA C')
    })

    test('a number with another member is not taken: CI', async () => {
      const company = await sandbox.aCompany()
      const before = await submitted(company, { memberId: aMember() })
      const { refused } = said(
        await send(
          company,
          aFollowUp(aMember(), '3', { previousReviewAuthorizationNumber: before.authorizationNumber }),
        ),
      )
      assert.equal(refused, 'CI C')
      assert.equal((await reading(company, before.id)).state, 'approved')
    })

    test('a cancellation that names a part of the lines ends nothing: 33', async () => {
      const company = await sandbox.aCompany()
      const memberId = aMember()
      const before = await decided(company, memberId, 'certified', 'certified')
      const { refused } = said(
        await send(
          company,
          aFollowUp(memberId, '3', { previousAdministrativeReferenceNumber: before.administrativeReference }),
        ),
      )
      assert.equal(refused, '33 C')
      assert.equal((await reading(company, before.id)).state, 'approved')
    })
  })

test('a retry of a cancellation gets the same answer, byte for byte, and there is one event of it', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const before = await submitted(company, { memberId })
  const body = aSubmission(
    aFollowUp(memberId, '3', { previousReviewAuthorizationNumber: before.authorizationNumber }),
  )
  const first = await company.post('submission', body)
  const second = await company.post('submission', body)
  assert.equal(second.headers['idempotency-replayed'], 'true')
  assert.equal(second.body, first.body)
  assert.equal((await reading(company, before.id)).events.length, before.events.length + 1)
})

test('a refusal that nothing is kept of is not given again: the same request is taken when the case allows it', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const pended = await company.post('submission', aSubmission({ memberId, transaction: `T-${++serial}` }), {
    'x-sandbox-scenario': 'pend-then-approve',
  })
  const { administrativeReference } = await reading(company, said(pended).id)
  const extension = aSubmission(
    aFollowUp(memberId, '4', { previousAdministrativeReferenceNumber: administrativeReference }),
  )
  assert.equal(said(await company.post('submission', extension)).refused, '33 N')
  const { organizationId } = company
  await sandbox.gateway.administration.advanceClock({ organizationId, byMs: 3_600_000 }, { kind: 'operator' })
  const again = await company.post('submission', extension)
  assert.equal(again.headers['idempotency-replayed'], undefined)
  assert.equal(said(again).action, 'A4')
})

test('a refused follow-up is on the record with the case that its number names', async () => {
  const company = await sandbox.aCompany()
  const before = await submitted(company, { memberId: aMember(), transaction: `T-${++serial}` })
  const answer = await company.post(
    'submission',
    aSubmission(aFollowUp(aMember(), '3', { previousReviewAuthorizationNumber: before.authorizationNumber })),
  )
  assert.equal(said(answer).refused, 'CI C')
  const entries = (await sandbox.audit()).filter((row) => row.request_id === answer.headers['x-request-id'])
  assert.deepEqual(
    entries.map(({ act, on_id }) => [act, on_id]),
    [['authorization.cancel', before.id]],
  )
})

test('of two cancellations at once one is put down, and both are answered C', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const before = await submitted(company, { memberId })
  const cancel = () =>
    company.post(
      'submission',
      aSubmission(
        aFollowUp(memberId, '3', { previousReviewAuthorizationNumber: before.authorizationNumber }),
      ),
    )
  const answers = await Promise.all([cancel(), cancel(), cancel()])
  assert.deepEqual(
    answers.map((answer) => said(answer).action),
    ['C', 'C', 'C'],
  )
  const now = await reading(company, before.id)
  assert.equal(now.events.length, before.events.length + 1)
})

test('of two different changes of one case at once one is taken, and the other is refused', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const { authorizationNumber } = await submitted(company, { memberId, transaction: `T-${++serial}` })
  const answers = await Promise.all(
    ['20270504', '20270505', '20270506'].map((eventDateBegin) =>
      DOORS.json(
        company,
        aFollowUp(memberId, 'S', { previousReviewAuthorizationNumber: authorizationNumber, eventDateBegin }),
      ),
    ),
  )
  const outcomes = answers.map(said).map(({ action, refused }) => action ?? refused)
  assert.deepEqual(outcomes.sort(), ['33 N', '33 N', 'A4'])
})

test('revisions of two cases for the same care are two changes', async () => {
  const company = await sandbox.aCompany()
  const memberId = aMember()
  const revisions = []
  for (const transaction of [`T-${++serial}`, `T-${++serial}`]) {
    const { authorizationNumber } = await submitted(company, { memberId, transaction })
    revisions.push(
      said(
        await DOORS.json(
          company,
          aFollowUp(memberId, 'S', { previousReviewAuthorizationNumber: authorizationNumber }),
        ),
      ).id,
    )
  }
  assert.notEqual(revisions[0], revisions[1])
})

describe('of two companies that act for the requester of a case', () => {
  const CLINIC: GrantedProvider = { npi: '1234567893', relation: 'own', from: 0 as Instant }
  const get = (company: TestCompany, path: string) =>
    company.call({ method: 'GET', url: `/v1/authorizations/${path}` })
  const exchangesOf = async (company: TestCompany, id: string): Promise<readonly { readonly id: string }[]> =>
    (await get(company, `${id}/exchanges`)).json().exchanges

  /** A case that one of them sent, and what the other one asks of it, with a field that is noted as unknown. */
  async function followedUp(um02: string, ...actions: readonly CertificationAction[]) {
    const [sender, other] = [
      await sandbox.aCompany(undefined, [CLINIC]),
      await sandbox.aCompany(undefined, [CLINIC]),
    ]
    const memberId = aMember()
    const sent = aSubmission({ memberId, transaction: `T-${++serial}` })
    const before =
      actions.length > 0
        ? await decided(sender, memberId, ...actions)
        : await reading(sender, said(await sender.post('submission', sent)).id)
    const asked = aSubmission({
      ...aFollowUp(memberId, um02, {
        previousAdministrativeReferenceNumber: before.administrativeReference,
      }),
      unheardOf: true,
    })
    const answer = await other.post('submission', asked)
    assert.equal(said(answer).id, before.id.replace('auth_', ''))
    return { sender, other, id: String(before.id), asked, answer }
  }

  for (const [what, um02, state, ...actions] of [
    ['a cancellation', '3', 'cancelled'],
    ['an appeal', '2', 'appealed', 'not-certified'],
  ] as const) {
    test(`the one that sent ${what} reads it and its answer, byte for byte, and what was noted on it`, async () => {
      const { other, id, asked, answer } = await followedUp(um02, ...actions)
      const exchanges = await exchangesOf(other, id)
      assert.equal(exchanges.length, 2)
      const [inbound, outbound] = exchanges
      assert.equal((await get(other, `${id}/exchanges/${inbound?.id}`)).body, JSON.stringify(asked))
      assert.deepEqual(
        (await get(other, `${id}/exchanges/${outbound?.id}`)).json(),
        answer.json().submission.json,
      )
      const now = await reading(other, id)
      assert.equal(now.state, state)
      assert.ok(now.notes.some(({ at }: { readonly at: string }) => at.includes('unheardOf')))
    })

    test(`the one that sent the case sees what became of it by ${what} of the other, and not a word of that`, async () => {
      const { sender, other, id } = await followedUp(um02, ...actions)
      const own = await exchangesOf(sender, id)
      for (const { id: theirs } of await exchangesOf(other, id)) {
        assert.equal(
          own.some((one) => one.id === theirs),
          false,
        )
        assert.equal((await get(sender, `${id}/exchanges/${theirs}`)).statusCode, 404)
      }
      const now = await reading(sender, id)
      assert.deepEqual([now.state, now.notes], [state, []])
    })
  }

  test('the one that did not send the case reads nothing of what the sender said', async () => {
    const { sender, other, id } = await followedUp('3')
    const own = await exchangesOf(sender, id)
    assert.equal(own.length, 2)
    for (const one of own) assert.equal((await get(other, `${id}/exchanges/${one.id}`)).statusCode, 404)
  })
})
