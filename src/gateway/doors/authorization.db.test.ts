import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { decodeDetermination } from '../../formats/json/index.ts'
import { encodeRequest } from '../../formats/x12/index.ts'
import type { Instant } from '../../kernel/time.ts'

let databases: TestDatabases
let servers: TestServers
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  company = await servers.sandbox.aCompany(['pa:determine', 'pa:inquire', 'pa:submit', 'pa:read'])
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aMember = () => `QFORCH${++serial}`

/** About a member of its own unless one is given. */
function aQuestion(codes: readonly string[], memberId = aMember(), more: object = {}) {
  const submission = aSubmission({ memberId, transaction: `T-${++serial}` })
  return {
    ...submission,
    patientEventDetail: {
      ...(submission.patientEventDetail as object),
      serviceTypeCode: undefined,
      facilityTypeCode: undefined,
      facilityCodeQualifier: undefined,
      serviceLevel: codes.map((procedureCode) => ({
        professionalService: { productOrServiceIDQualifier: 'HC', procedureCode },
      })),
    },
    ...more,
  }
}

interface Rendering {
  readonly x12: string
  readonly json: {
    readonly patientEventDetail: {
      readonly serviceLevel?: readonly Line[]
      readonly [field: string]: unknown
    }
  }
}
interface Line {
  readonly certificationActionCode?: string
  readonly professionalService?: { readonly procedureCode?: string }
}
interface Envelope {
  readonly authorizationId?: string
  readonly determination: Rendering
  readonly inquiry: readonly Rendering[]
  readonly submission?: Rendering
}

const opened = (answer: Answer): Envelope => {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}
const orchestrated = async (body: object, path = 'authorization', by = company) =>
  opened(await by.post(path, body))
const codesOf = ({ json }: Rendering) =>
  (json.patientEventDetail.serviceLevel ?? []).map((line) => line.professionalService?.procedureCode)
const submitted = async (codes: readonly string[], memberId: string) => {
  const answer = await company.post('submission', aQuestion(codes, memberId))
  assert.equal(answer.statusCode, 200, answer.body)
  return String(answer.json().authorizationId)
}

describe('what is inquired after', () => {
  test('nothing, where no line needs authorization', async () => {
    const envelope = await orchestrated(aQuestion(['6789T', '9876T']))
    assert.deepEqual(Object.keys(envelope), ['determination', 'inquiry'])
    assert.deepEqual(envelope.inquiry, [])
    assert.deepEqual(
      envelope.determination.json.patientEventDetail.serviceLevel?.map(
        (line) => line.certificationActionCode,
      ),
      ['NA', 'NA'],
    )
  })

  test('the line that needs it, and no other', async () => {
    const { inquiry, determination } = await orchestrated(aQuestion(['T1000', '9876T']))
    assert.deepEqual(codesOf(determination), ['T1000', '9876T'])
    assert.deepEqual(inquiry.map(codesOf), [['T1000']])
    assert.match(inquiry[0]?.x12 ?? '', /005010X215.*~AAA\*N\*\*AA\*C~/)
  })

  test('each line that needs it by an inquiry of its own, with a control number of its own', async () => {
    const { inquiry } = await orchestrated(aQuestion(['T1000', '0214T']))
    assert.deepEqual(inquiry.map(codesOf), [['T1000'], ['0214T']])
    assert.equal(new Set(inquiry.map(({ x12 }) => x12.split('*')[13])).size, 2)
  })

  test('what one reviews in one inquiry, where the payer wants it so', async () => {
    const codes = ['0200T', 'T1000', '0214T', '6789T']
    const split = (by: string) =>
      servers.sandbox.database.transaction({ role: 'staff' }, (tx) =>
        sql`update payers set inquiry_split = ${by} where stands_in_for_unknown`.execute(tx),
      )
    await split('reviewer')
    const { inquiry } = await orchestrated(aQuestion(codes))
    await split('line')
    assert.deepEqual(inquiry.map(codesOf), [['0200T', '0214T'], ['T1000']])
  })

  test('a line whose answer hangs on a fact, or that no rule speaks of, is left to the sender', async () => {
    const { inquiry, determination } = await orchestrated(aQuestion(['00000']))
    assert.deepEqual(inquiry, [])
    assert.match(determination.x12, /~MSG\*Whether prior authorization is required depends on the place/)
  })

  test('a stay that is asked for as a whole', async () => {
    const question = aQuestion([])
    const event = { ...question.patientEventDetail, facilityTypeCode: '21', facilityCodeQualifier: 'B' }
    const { inquiry } = await orchestrated({ ...question, patientEventDetail: event })
    assert.equal(inquiry.length, 1)
  })

  test('more than a hundred lines by a hundred inquiries at most, and none is forgotten', async () => {
    const codes = Array.from({ length: 150 }, (_, i) => ['T1000', '0214T', '0200T', 'J9271'][i % 4] ?? '')
    const { inquiry } = await orchestrated(aQuestion(codes))
    assert.equal(inquiry.length, 75)
    assert.deepEqual(inquiry.flatMap(codesOf), codes)
  })

  test('a case that there is, is found and told first', async () => {
    const memberId = aMember()
    const id = await submitted(['T1000'], memberId)
    const { authorizationId, inquiry } = await orchestrated(aQuestion(['0214T', 'T1000'], memberId))
    assert.equal(authorizationId, id)
    assert.match(inquiry[0]?.x12 ?? '', /AAA\*N\*\*AA\*C/)
    assert.match(inquiry[1]?.x12 ?? '', /HCR\*A4/)
  })

  test('another company’s case is found by nobody else', async () => {
    const memberId = aMember()
    await submitted(['T1000'], memberId)
    const other = await servers.sandbox.aCompany(['pa:determine', 'pa:inquire'], [])
    const otherNpi = await servers.sandbox.aCompany(
      ['pa:determine', 'pa:inquire'],
      [{ npi: '1144221234', relation: 'own', from: 0 as Instant }],
    )
    const question = aQuestion(['T1000'], memberId)
    assert.equal((await other.post('authorization', question)).statusCode, 403)
    const requester = { ...(question as unknown as { requester: object }).requester, npi: '1144221234' }
    const { authorizationId } = await orchestrated({ ...question, requester }, 'authorization', otherNpi)
    assert.equal(authorizationId, undefined)
  })
})

describe('what is submitted, when it is asked for', () => {
  const SUBMIT = 'authorization?submit=true'

  test('what needs authorization and has none, as one case', async () => {
    const question = aQuestion(['T1000', '9876T', '0214T'])
    const { authorizationId, inquiry, submission } = await orchestrated(question, SUBMIT)
    assert.ok(submission)
    assert.equal(inquiry.length, 2)
    assert.deepEqual(codesOf(submission), ['T1000', '0214T'])
    assert.match(submission.x12, /005010X217/)
    assert.equal((await company.call({ url: `/v1/authorizations/${authorizationId}` })).statusCode, 200)
  })

  test('not what is found to have one', async () => {
    const memberId = aMember()
    await submitted(['T1000'], memberId)
    const { submission, authorizationId, inquiry } = await orchestrated(
      aQuestion(['T1000', '0214T'], memberId),
      SUBMIT,
    )
    assert.ok(submission)
    assert.deepEqual(codesOf(submission), ['0214T'])
    assert.match(inquiry[0]?.x12 ?? '', /HCR\*A4/)
    const again = await orchestrated(aQuestion(['0214T'], memberId), SUBMIT)
    assert.equal(again.authorizationId, authorizationId)
    assert.equal(again.submission, undefined)
  })

  test('not what an older case has, where one who reviews both is asked about them together', async () => {
    const memberId = aMember()
    const split = (by: string) =>
      servers.sandbox.database.transaction({ role: 'staff' }, (tx) =>
        sql`update payers set inquiry_split = ${by} where stands_in_for_unknown`.execute(tx),
      )
    await submitted(['0200T'], memberId)
    servers.clock.advance(1)
    await submitted(['0214T'], memberId)
    await split('reviewer')
    const { submission, inquiry } = await orchestrated(aQuestion(['0200T', '0214T'], memberId), SUBMIT)
    await split('line')
    assert.equal(submission, undefined)
    assert.deepEqual(inquiry.map(codesOf), [['0214T'], ['0200T']])
  })

  test('not what an older case has, though a newer one for it was taken back', async () => {
    const memberId = aMember()
    await submitted(['T1000'], memberId)
    const again = await company.post('submission', aQuestion(['T1000'], memberId), {
      'countersign-allow-duplicate': 'true',
    })
    const cancelled = await company.call({
      method: 'POST',
      url: `/v1/authorizations/${again.json().authorizationId}/cancel`,
      headers: { 'content-type': 'application/json' },
      payload: {},
    })
    assert.equal(cancelled.statusCode, 200, cancelled.body)
    const { submission } = await orchestrated(aQuestion(['T1000'], memberId), SUBMIT)
    assert.equal(submission, undefined)
  })

  test('as a test id of the sandbox says, and inquired after as one says', async () => {
    const denied = await orchestrated(
      aQuestion(['T1000'], aMember(), { umClearingHouseId: '278_217_03_A3' }),
      SUBMIT,
    )
    assert.ok(denied.submission)
    assert.match(denied.submission.x12, /HCR\*A3/)
    const found = await orchestrated(
      aQuestion(['T1000'], aMember(), { umClearingHouseId: '000000000000001' }),
    )
    assert.match(found.inquiry[0]?.x12 ?? '', /HCR\*A1/)
    const unable = await orchestrated(
      aQuestion(['T1000'], aMember(), { umClearingHouseId: '000000000000004' }),
      SUBMIT,
    )
    assert.match(unable.inquiry[0]?.x12 ?? '', /AAA\*N\*\*42/)
    assert.equal(unable.submission, undefined)
  })

  test('what was taken back: a cancelled case covers nothing', async () => {
    const memberId = aMember()
    const id = await submitted(['T1000'], memberId)
    const cancelled = await company.call({
      method: 'POST',
      url: `/v1/authorizations/${id}/cancel`,
      headers: { 'content-type': 'application/json' },
      payload: {},
    })
    assert.equal(cancelled.statusCode, 200, cancelled.body)
    const { submission, authorizationId } = await orchestrated(aQuestion(['T1000'], memberId), SUBMIT)
    assert.ok(submission)
    assert.notEqual(authorizationId, id)
  })

  test('nothing, where nothing needs it', async () => {
    const before = await servers.sandbox.rowCounts()
    const { submission, authorizationId } = await orchestrated(aQuestion(['6789T']), SUBMIT)
    assert.deepEqual([submission, authorizationId], [undefined, undefined])
    assert.equal((await servers.sandbox.rowCounts()).authorizations, before.authorizations)
  })

  test('once, however often it comes: known again by its control numbers, and by a key', async () => {
    const question = aQuestion(['T1000'])
    const first = await company.post(SUBMIT, question)
    const second = await company.post(SUBMIT, question)
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.body, first.body)
    const keyed = aQuestion(['0214T'])
    const key = { 'idempotency-key': 'orchestration-1' }
    const once = await company.post(SUBMIT, keyed, key)
    assert.equal((await company.post(SUBMIT, keyed, key)).body, once.body)
  })

  test('without it an orchestration is answered anew: how things stand now', async () => {
    const memberId = aMember()
    const question = aQuestion(['T1000'], memberId)
    assert.equal((await orchestrated(question)).authorizationId, undefined)
    const id = await submitted(['T1000'], memberId)
    assert.equal((await orchestrated(question)).authorizationId, id)
  })

  test('through the X12 door the same', async () => {
    const question = aQuestion(['T1000', '9876T'])
    const decoded = decodeDetermination(question)
    assert.ok(decoded.ok)
    const x12 = encodeRequest(decoded.value, {
      guide: '215',
      at: Date.UTC(2027, 0, 4) as Instant,
      interchangeControlNumber: '000000420',
      usage: 'T',
    })
    const { submission, inquiry } = await orchestrated(
      { rhPayerId: 'UHCDEMODV1', planId: 41, x12 },
      'authorization/x12?submit=true',
    )
    assert.equal(inquiry.length, 1)
    assert.ok(submission)
    assert.deepEqual(codesOf(submission), ['T1000'])
  })

  test('nothing of it is kept when the end of it fails', async () => {
    const question = { ...aQuestion(['T1000']), subscriber: {} }
    const event = { ...question.patientEventDetail, previousReviewAuthorizationNumber: 'AUTH-1' }
    const before = await servers.sandbox.rowCounts()
    const answer = await company.post(SUBMIT, { ...question, patientEventDetail: event })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.body, /^\["\/subscriber: does not say who the member is/)
    assert.deepEqual(await servers.sandbox.rowCounts(), {
      ...before,
      audit_entries: (before.audit_entries ?? 0) + 1,
    })
  })
})

describe('what is on the record', () => {
  test('the orchestration, each inquiry and the submission', async () => {
    const answer = await company.post('authorization?submit=true', aQuestion(['T1000', '0214T', '6789T']))
    const acts = (await servers.sandbox.audit())
      .filter(({ request_id }) => request_id === answer.headers['x-request-id'])
      .map(({ act }) => act)
    assert.deepEqual(acts.toSorted(), [
      'authorization.inquire',
      'authorization.inquire',
      'authorization.orchestrate',
      'authorization.submit',
    ])
  })
})

describe('what is refused', () => {
  const refused = async (by: TestCompany, path: string) => {
    const answer = await by.post(path, aQuestion(['T1000']), { accept: 'application/problem+json' })
    return [answer.statusCode, answer.json().code]
  }

  test('whoever may not determine, or may not inquire', async () => {
    for (const scopes of [['pa:determine'], ['pa:inquire', 'pa:submit']] as const) {
      const by = await servers.sandbox.aCompany(scopes)
      assert.deepEqual(await refused(by, 'authorization'), [403, 'access/scope-missing'])
    }
  })

  test('to submit, whoever may not submit', async () => {
    const by = await servers.sandbox.aCompany(['pa:determine', 'pa:inquire'])
    assert.equal((await by.post('authorization', aQuestion(['T1000']))).statusCode, 200)
    assert.deepEqual(await refused(by, 'authorization?submit=true'), [403, 'access/scope-missing'])
  })

  test('a query that is neither true nor false', async () => {
    for (const query of ['submit=yes', 'submit=', 'submit=true&submit=false'])
      assert.deepEqual(await refused(company, `authorization?${query}`), [422, 'request/invalid'])
  })

  test('in production a payer that nobody knows: as the format refuses, and nothing is inquired or submitted', async () => {
    const production = await servers.production.aCompany(['pa:determine', 'pa:inquire', 'pa:submit'])
    const { determination, inquiry, submission } = await orchestrated(
      aQuestion(['T1000']),
      'authorization?submit=true',
      production,
    )
    assert.match(determination.x12, /~AAA\*N\*\*79\*C~/)
    assert.deepEqual([inquiry, submission], [[], undefined])
  })
})
