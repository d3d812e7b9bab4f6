/** Every published request of a determination or an orchestration. @see reference sections 2.5, 2.6 and 4.7 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Compile } from 'typebox/schema'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { openTestServers, type TestCompany, type TestServers } from '../../support/gateway-server.ts'
import { missing, reference } from '../json/reference.ts'
import { type Json, publishedX12 } from './published.ts'

let databases: TestDatabases
let servers: TestServers
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  company = await servers.sandbox.aCompany(['pa:determine', 'pa:inquire', 'pa:submit'])
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

/** A published schema with everything that it refers to put in its place. */
function publishedSchema(name: string): Json {
  const { schemas } = (
    reference('openapi/optum-prior-authorization-v1.json') as {
      components: { schemas: Record<string, Json> }
    }
  ).components
  const inlined = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inlined)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, ...rest } = value as { readonly $ref?: string }
    if ($ref !== undefined) return inlined(schemas[$ref.slice($ref.lastIndexOf('/') + 1)])
    return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, inlined(inner)]))
  }
  return inlined(schemas[name]) as Json
}

/** The published answers write null where the payer refused nothing, which their own schema does not allow. */
const withoutNull = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (key, value) =>
      key === 'umRequestValidation' && value === null ? undefined : value,
    ),
  )

interface Answered {
  readonly determination: {
    readonly x12: string
    readonly json: { readonly patientEventDetail: { readonly serviceLevel: readonly Json[] } }
    readonly rules: readonly { readonly code: string; readonly outcome: string }[]
  }
  readonly inquiry: readonly { readonly x12: string; readonly json: Json }[]
}

async function sent(path: string, body: unknown): Promise<Answered> {
  const answer = await company.post(path, body)
  assert.equal(answer.statusCode, 200, answer.body)
  const operation = path.split('/')[0] ?? ''
  const name = operation === 'determination' ? 'DeterminationResponse' : 'AuthorizationResponse'
  const validator = Compile(publishedSchema(name) as object)
  const [isValid, errors] = validator.Errors(withoutNull(answer.json()))
  assert.equal(isValid, true, JSON.stringify(errors))
  const rules = Compile(publishedSchema('ExecuteRulesResponse') as object)
  for (const rule of answer.json().determination.rules) assert.equal(rules.Check(rule), true)
  return answer.json()
}

const outcomes = ({ determination }: Answered) =>
  Object.fromEntries(determination.rules.map(({ code, outcome }) => [code, outcome]))
const inquired = ({ inquiry }: Answered) => inquiry.map(({ x12 }) => /~SV1\*HC:([^~*]+)/.exec(x12)?.[1])

/** What the titles of the examples say (reference section 2.6). */
const ORCHESTRATIONS = [
  {
    files: [
      'json/orchestration-json-request-auth-not-required.json',
      'json/x12-orch-request-no-procedure-codes.json',
    ],
    outcomes: { '6789T': 'not-required', '9876T': 'not-required' },
    inquired: [],
  },
  {
    files: [
      'json/orchestration-json-request-one-required.json',
      'json/x12-orch-request-two-codes-one-required.json',
    ],
    outcomes: { T1000: 'required', '9876T': 'not-required' },
    inquired: ['T1000'],
  },
  {
    files: [
      'json/orchestration-json-request-with-split.json',
      'json/x12-orch-request-two-required-codes-with-split.json',
    ],
    outcomes: { T1000: 'required', '0214T': 'required' },
    inquired: ['T1000', '0214T'],
  },
] as const

describe('the published orchestrations answer as their titles say', { skip: missing ?? false }, () => {
  for (const { files, ...expected } of ORCHESTRATIONS)
    for (const file of files)
      test(file, async () => {
        const path = file.includes('x12-orch') ? 'authorization/x12' : 'authorization'
        const answered = await sent(path, reference(file))
        assert.deepEqual(outcomes(answered), expected.outcomes)
        assert.deepEqual(inquired(answered), expected.inquired)
      })

  test('schema-authorization-x12-request.edi, whose two codes are split', async () => {
    const x12 = publishedX12('schema-authorization-x12-request.edi')
    const answered = await sent('authorization/x12', { rhPayerId: 'UHCDEMODV1', planId: '41', x12 })
    assert.deepEqual(inquired(answered), ['T1000', '0214T'])
  })
})

describe('the published determinations', { skip: missing ?? false }, () => {
  for (const patient of ['subscriber', 'dependent'])
    test(`user-inquiry-request-${patient}-with-determination.json: both codes need authorization`, async () => {
      const body = reference(`json/user-inquiry-request-${patient}-with-determination.json`)
      assert.deepEqual(outcomes(await sent('determination', body)), {
        '71260': 'required',
        '0200T': 'required',
      })
    })

  test('schema-determination-x12-request.edi needs authorization, whether the plan is a text or a number', async () => {
    const x12 = publishedX12('schema-determination-x12-request.edi')
    for (const planId of ['41', 41]) {
      const answered = await sent('determination/x12', { rhPayerId: 'UHCDEMODV1', planId, x12 })
      assert.deepEqual(outcomes(answered), { '70488': 'required' })
    }
  })

  test('the answer is a 005010X215 with the same words as the JSON', async () => {
    const body = reference('json/orchestration-json-request-one-required.json')
    const { determination } = await sent('determination', body)
    assert.match(determination.x12, /^ISA\*.*~ST\*278\*0001\*005010X215~BHT\*0007\*49\*1234567890\*/)
    for (const { freeFormMessageText } of determination.json.patientEventDetail.serviceLevel)
      assert.ok(determination.x12.includes(`~MSG*${freeFormMessageText}~`))
  })
})
