import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { anInterchange, aSubmission, MEMBER } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { openTestServers, type TestCompany, type TestServers } from '../../../test/support/gateway-server.ts'
import type { Inquiry } from '../../core/request.ts'
import { decodeDetermination } from '../../formats/json/index.ts'
import { encodeRequest } from '../../formats/x12/index.ts'
import type { Instant } from '../../kernel/time.ts'

let databases: TestDatabases
let servers: TestServers
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { quotas: { calls: 1_000_000 } })
  company = await servers.sandbox.aCompany(['pa:determine'])
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

interface LineAsked {
  readonly code: string
  readonly place?: string
  readonly modifier?: string
}

/** A question about these codes; a day of service in 2027. */
function aQuestion(lines: readonly (string | LineAsked)[], more: object = {}, event: object = {}) {
  const asked = lines.map((line) => (typeof line === 'string' ? { code: line } : line))
  return aSubmission({
    transaction: 'T-ask',
    patientEventDetail: {
      requestCategoryCode: 'HS',
      certificationTypeCode: 'I',
      eventDateBegin: '20270503',
      ...event,
      serviceLevel: asked.map(({ code, place }) => ({
        ...(place ? { requestCategoryCode: 'HS', facilityTypeCode: place, facilityCodeQualifier: 'B' } : {}),
        professionalService: { productOrServiceIDQualifier: 'HC', procedureCode: code },
      })),
    },
    ...more,
  })
}

/** The same as an interchange, beside who the plan is. */
function asX12(question: Readonly<Record<string, unknown>>): object {
  const decoded = decodeDetermination(question)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  const x12 = encodeRequest(decoded.value satisfies Inquiry, {
    guide: '215',
    at: Date.UTC(2027, 0, 4) as Instant,
    interchangeControlNumber: '000000419',
    usage: 'T',
  })
  const { rhPayerId, planId } = question
  return { ...(rhPayerId !== undefined && { rhPayerId }), ...(planId !== undefined && { planId }), x12 }
}

interface Line {
  readonly certificationActionCode?: string
  readonly freeFormMessageText?: string
}
interface Rule {
  readonly line: number
  readonly outcome: string
  readonly authorizationRequired: boolean
  readonly [field: string]: unknown
}

async function determined(body: object, path = 'determination', by: TestCompany = company) {
  const answer = await by.post(path, body)
  assert.equal(answer.statusCode, 200, answer.body)
  const envelope = answer.json()
  assert.deepEqual(Object.keys(envelope), ['determination'])
  const { x12, json, rules } = envelope.determination as {
    readonly x12: string
    readonly json: Record<string, never>
    readonly rules: readonly Rule[]
  }
  const event = json.patientEventDetail as unknown as Line & { readonly serviceLevel?: readonly Line[] }
  return { x12, json, rules, event, lines: event.serviceLevel ?? [], answer }
}

/** HCR01 and MSG01 of each SS loop of an interchange. */
function linesOf(x12: string): readonly { readonly hcr?: string; readonly msg?: string }[] {
  const loops: { hcr?: string; msg?: string }[] = []
  let here: { hcr?: string; msg?: string } = {}
  for (const segment of x12.split('~')) {
    const [id, first, , level] = segment.split('*')
    if (id === 'HL') {
      here = {}
      if (level === 'SS') loops.push(here)
    }
    if (id === 'HCR') here.hcr = first ?? ''
    if (id === 'MSG') here.msg = first ?? ''
  }
  return loops
}

describe('what is answered', () => {
  test('a service that needs authorization has no action, and the rule in words', async () => {
    const { lines, x12, event } = await determined(aQuestion(['A0428']))
    assert.deepEqual(lines[0]?.certificationActionCode, undefined)
    assert.match(
      lines[0]?.freeFormMessageText ?? '',
      /^Prior authorization is required\. Reviewed by Quillfeather Transport Desk\. Send Transport order\. /,
    )
    assert.deepEqual(linesOf(x12), [{ msg: lines[0]?.freeFormMessageText }])
    assert.equal(event.certificationActionCode, undefined)
    assert.equal(event.freeFormMessageText, 'This is not a guarantee of payment.')
  })

  test('a service that a rule frees is answered NA, and is no guarantee of payment', async () => {
    const { lines, x12, event } = await determined(aQuestion(['A0429']))
    assert.equal(lines[0]?.certificationActionCode, 'NA')
    assert.match(lines[0]?.freeFormMessageText ?? '', /not required\. This is not a guarantee of payment\./)
    assert.deepEqual(
      linesOf(x12).map(({ hcr }) => hcr),
      ['NA'],
    )
    assert.equal(event.certificationActionCode, 'NA')
  })

  test('a service that no rule speaks of is answered CT, with whom to ask', async () => {
    const { lines, json, rules, x12 } = await determined(aQuestion([{ code: '99999', place: '11' }]))
    assert.equal(lines[0]?.certificationActionCode, 'CT')
    assert.equal(json.contactTelephone, '6155550142')
    assert.match(x12, /PER\*IC\*Quillfeather Utilization Desk\*TE\*6155550142/)
    assert.equal(rules[0]?.outcome, 'unknown')
    assert.deepEqual(rules[0]?.contact, {
      name: 'Quillfeather Utilization Desk',
      telephone: '6155550142',
      email: 'utilization@quillfeather.example',
    })
  })

  test('where a fact is missing it is named, and nothing is promised', async () => {
    const { subscriber: _, ...question } = aQuestion(['97110'])
    const { memberId, firstName, lastName } = MEMBER
    const { lines, rules } = await determined({ ...question, subscriber: { memberId, firstName, lastName } })
    assert.equal(lines[0]?.certificationActionCode, undefined)
    assert.match(lines[0]?.freeFormMessageText ?? '', /^Whether prior authorization is required depends on /)
    assert.equal(rules[0]?.outcome, 'conditional')
    assert.equal(rules[0]?.authorizationRequired, true)
    assert.match(JSON.stringify(rules[0]?.missing), /^\["[^"]+"\]$/)
  })

  test('each line is answered for itself, and an event whose lines differ has no action', async () => {
    const { lines, event } = await determined(aQuestion(['A0428', 'A0429', { code: '99999', place: '11' }]))
    assert.deepEqual(
      lines.map((line) => line.certificationActionCode),
      [undefined, 'NA', 'CT'],
    )
    assert.equal(event.certificationActionCode, undefined)
  })

  test('an event without service lines is answered as a whole', async () => {
    const question = aQuestion([], {}, { facilityTypeCode: '21', facilityCodeQualifier: 'B' })
    const { event, rules } = await determined(question)
    assert.match(
      event.freeFormMessageText ?? '',
      /^Prior authorization is required\. .*guarantee of payment\.$/,
    )
    assert.deepEqual(
      rules.map(({ line, outcome }) => [line, outcome]),
      [[0, 'required']],
    )
  })

  test('the rules that fired are told with their version, source and days', async () => {
    const question = aQuestion([{ code: '71260', place: '23' }], { rhPayerId: 'QUILLFEATHER', planId: 41 })
    const { rules } = await determined(question)
    const [{ fired, rule, ...told } = { fired: [], rule: '' }] = rules
    assert.deepEqual(told, {
      authorizationRequired: false,
      rhPayerId: 'QUILLFEATHER',
      planId: '41',
      code: '71260',
      exceptions: 'The most specific row that applies decides.',
      payerXrefStatus: 'found',
      canSubmit: true,
      lob: 'medicaid-managed-care',
      isGlobal: true,
      line: 1,
      outcome: 'not-required',
      missing: [],
      documents: [],
      disclaimer: 'This is not a guarantee of payment.',
    })
    const [deciding, overruled] = fired as readonly Record<string, unknown>[]
    assert.match(String(deciding?.id), /^rul_/)
    assert.equal(deciding?.id, rule)
    assert.deepEqual(
      { ...deciding, id: '', version: 0 },
      {
        id: '',
        version: 0,
        answer: 'not-required',
        decides: true,
        text: 'Imaging of the chest in an emergency room',
        source: 'Quillfeather Provider Manual section 5.3',
        effectiveFrom: '2015-01-01',
        documents: [],
      },
    )
    assert.deepEqual([overruled?.answer, overruled?.decides], ['required', false])
  })

  test('no case comes of it: one entry of the audit record, which names no patient and no code', async () => {
    const before = await servers.sandbox.rowCounts()
    const { answer } = await determined(aQuestion(['A0428', 'A0429']))
    assert.deepEqual(await servers.sandbox.rowCounts(), {
      ...before,
      audit_entries: (before.audit_entries ?? 0) + 1,
    })
    const entry = (await servers.sandbox.audit()).find(
      ({ request_id }) => request_id === answer.headers['x-request-id'],
    )
    assert.deepEqual([entry?.act, entry?.outcome], ['authorization.determine', 'done'])
    assert.match(entry?.on_id ?? '', /^pay_/)
    assert.equal(JSON.stringify(entry).includes('A0428'), false)
  })
})

describe('who the payer is', () => {
  test('rhPayerId stands in for a payerId that is not there', async () => {
    const { payerId: _, ...question } = aQuestion(['T1000'], { rhPayerId: 'TRM01' })
    const { rules } = await determined(question)
    assert.equal(rules[0]?.umVendor, 'Tansy Ridge Clinical Desk')
  })

  test('an rhPayerId that is known beats a payerId that nobody knows', async () => {
    const { rules } = await determined(aQuestion(['T1000'], { payerId: 'NOBODY', rhPayerId: 'TRM01' }))
    assert.equal(rules[0]?.lob, 'commercial')
  })

  test('in the sandbox an id that nobody knows is answered for, and said to be', async () => {
    const { rules } = await determined(aQuestion(['T1000'], { payerId: 'NOBODY' }))
    assert.equal(rules[0]?.payerXrefStatus, 'stand-in')
  })

  test('in production a payer that nobody knows is refused as the format refuses: AAA 79', async () => {
    const production = await servers.production.aCompany(['pa:determine'])
    const question = { ...aQuestion(['A0428']) }
    const { x12, json, rules } = await determined(question, 'determination', production)
    assert.match(x12, /~AAA\*N\*\*79\*C~/)
    assert.deepEqual(json.umRequestValidation, [
      { responseCode: 'N', rejectReasonCode: '79', followupActionCode: 'C' },
    ])
    assert.deepEqual(rules, [])
  })
})

describe('what is refused', () => {
  const refused = async (body: unknown, path = 'determination', by: TestCompany = company) => {
    const before = await servers.sandbox.rowCounts()
    const answer = await by.post(path, body)
    assert.deepEqual(await servers.sandbox.rowCounts(), {
      ...before,
      audit_entries: (before.audit_entries ?? 0) + 1,
    })
    return { status: answer.statusCode, errors: answer.json() as readonly string[] }
  }

  test('an rhPayerId of another payer than payerId', async () => {
    for (const path of ['determination', 'determination/x12']) {
      const question = aQuestion(['A0428'], { rhPayerId: 'TRM01' })
      const { status, errors } = await refused(path.endsWith('x12') ? asX12(question) : question, path)
      assert.equal(status, 400)
      assert.match(errors[0] ?? '', /^\/rhPayerId: is the id of another payer/)
    }
  })

  test('an rhPayerId or planId that is no text and no whole number', async () => {
    const { status, errors } = await refused(aQuestion(['A0428'], { rhPayerId: {}, planId: 4.5 }))
    assert.equal(status, 400)
    assert.deepEqual(
      errors.map((error) => error.split(':')[0]),
      ['/rhPayerId', '/planId'],
    )
  })

  test('a request for review in place of an inquiry (005010X217)', async () => {
    const { status, errors } = await refused({ x12: anInterchange() }, 'determination/x12')
    assert.equal(status, 400)
    assert.match(errors[0] ?? '', /^ST-03: expected 005010X215, found 005010X217/)
  })

  test('more than 999 service lines, in either spelling', async () => {
    const many = Array.from({ length: 1000 }, () => 'A0428')
    const json = await company.post('determination', aQuestion(many))
    assert.equal(json.statusCode, 413)
    const short = { patientEventDetail: { serviceLevel: many.map(() => ({ serviceTypeCode: '1' })) } }
    assert.equal((await refused(aQuestion([], short))).status, 400)
    const lines = many.map((_, i) => `HL*${i + 5}*4*SS*0~UM*HS***11:B`).join('~')
    const { x12 } = asX12(aQuestion([])) as { x12: string }
    const at = x12.indexOf('SE*')
    const body = `${x12.slice(0, at)}${lines}~`.replace(/(HL\*4\*3\*EV\*)0/, '$11')
    const count = body.slice(body.indexOf('ST*')).split('~').length
    const whole = `${body}SE*${count}*0001~${x12.slice(x12.indexOf('GE*'))}`
    const { status, errors } = await refused({ x12: whole }, 'determination/x12')
    assert.equal(status, 400)
    assert.match(errors.join(), /at most 999 service lines, found 1000/)
  })

  test('a client whose token or grant does not have pa:determine', async () => {
    const other = await servers.sandbox.aCompany(['pa:submit', 'pa:inquire', 'pa:read'])
    assert.equal((await refused(aQuestion(['A0428']), 'determination', other)).status, 403)
  })

  test('a client whose grant lost pa:determine since its token was given', async () => {
    const other = await servers.sandbox.aCompany(['pa:determine'])
    await determined(aQuestion(['A0428']), 'determination', other)
    await servers.sandbox.gateway.administration.applyGrant(
      {
        id: 'grt_00000000-0000-7000-8000-000000000001',
        organizationId: other.organizationId,
        organizationName: 'Larkspur Orthopedics',
        version: 2,
        products: ['submission'],
        scopes: ['pa:submit'],
        from: 0 as Instant,
      },
      { kind: 'operator' },
    )
    await servers.sandbox.gateway.access.refresh()
    assert.equal((await refused(aQuestion(['A0428']), 'determination', other)).status, 403)
  })
})

const aLine = fc.record(
  {
    code: fc.constantFrom(
      'A0428',
      'A0429',
      '71260',
      '97110',
      'E0601',
      'T1000',
      '6789T',
      'J9271',
      '99213',
      '00000',
    ),
    place: fc.constantFrom('11', '21', '23'),
  },
  { requiredKeys: ['code'] },
)

test('whatever is asked, a determination never certifies, denies or pends, and both doors say the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(aLine, { maxLength: 6 }),
      fc.constantFrom('QFHP1', 'TRM01', 'NOBODY'),
      fc.option(fc.constantFrom('41', 7), { nil: undefined }),
      fc.boolean(),
      async (lines, payerId, planId, hasBirthDate) => {
        const { memberId, firstName, lastName, dateOfBirth } = MEMBER
        const subscriber = { memberId, firstName, lastName, ...(hasBirthDate ? { dateOfBirth } : {}) }
        const question = aQuestion(lines, { payerId, planId, subscriber })
        const json = await determined(question)
        const x12 = await determined(asX12(question), 'determination/x12')
        for (const { event, lines: answered, x12: interchange, rules } of [json, x12]) {
          const actions = [event, ...answered].map((one) => one.certificationActionCode)
          assert.deepEqual(
            actions.filter((action) => action !== undefined && action !== 'NA' && action !== 'CT'),
            [],
          )
          assert.doesNotMatch(interchange, /~HCR\*(?!NA~|CT~)/)
          assert.deepEqual(
            linesOf(interchange),
            answered.map(({ certificationActionCode: hcr, freeFormMessageText: msg }) => ({
              ...(hcr && { hcr }),
              ...(msg && { msg }),
            })),
          )
          for (const { outcome, line } of rules) {
            const action = (answered[line - 1] ?? event).certificationActionCode
            assert.equal(action === 'NA', outcome === 'not-required')
            assert.equal(action === 'CT', outcome === 'unknown')
          }
        }
        assert.deepEqual(x12.json, json.json)
        assert.deepEqual(x12.rules, json.rules)
      },
    ),
    { numRuns: 60 },
  ))

test('nothing that was asked is in the log', () => {
  for (const text of [MEMBER.memberId, MEMBER.lastName, 'A0428'])
    assert.equal(servers.log().includes(text), false)
})
