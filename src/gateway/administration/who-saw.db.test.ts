import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { openTestServers, type TestServers } from '../../../test/support/gateway-server.ts'
import { partsAuthority, serveParts } from '../../../test/support/parts.ts'
import { Problem } from '../../kernel/problem.ts'
import { openRemoteAdministration, type RemoteAdministration } from './index.ts'
import { administrationRoutes } from './routes.ts'

const auditor = { kind: 'person', personId: 'per_auditor' } as const
const memberId = 'QFFAR1'

let databases: TestDatabases
let servers: TestServers
let listener: Awaited<ReturnType<typeof serveParts>>
let remote: RemoteAdministration
let caseId: string
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  const { administration } = servers.sandbox.gateway
  const { ca, portal, sandbox } = await partsAuthority()
  listener = await serveParts(administrationRoutes(administration), sandbox, ca)
  const { url } = listener
  remote = openRemoteAdministration({ environment: 'sandbox', url, ...portal, ca, timeoutMs: 10_000 })
  const company = await servers.sandbox.aCompany()
  const answer = await company.post('submission', aSubmission({ memberId }))
  caseId = `auth_${answer.json().authorizationId}`
})
after(async () => {
  remote?.close()
  await listener?.close()
  await servers?.close()
  await databases?.close()
})

const payers = () => remote.listDirectory({})
const quillfeather = async () =>
  (await payers()).find(({ payer }) => payer.wireIds.includes('QFHP1'))?.payer.id ?? 'pay_none'

test('from another process the payers are listed, by the ids that senders know and by ours', async () => {
  assert.deepEqual(await payers(), await servers.sandbox.gateway.administration.listDirectory({}))
  assert.match(await quillfeather(), /^pay_./)
})

test('from another process who saw a member is asked and answered as in this one', async () => {
  const search = { payer: 'QFHP1', memberId, payers: [await quillfeather()], requestId: 'req_far' }
  const found = await remote.whoSaw(search, auditor)
  assert.deepEqual(found.cases, [caseId])
  assert.notEqual(found.touches.length, 0)
  assert.deepEqual(found, await servers.sandbox.gateway.administration.whoSaw(search, auditor))
})

test('from another process a payer beyond the scope is refused as one that is not there', async () => {
  const refused = new Problem('state/not-found', 'No payer of this environment goes by this id.')
  const search = { memberId, payers: ['pay_other'], requestId: 'req_far' } as const
  for (const payer of ['QFHP1', await quillfeather(), 'NOSUCH'])
    await assert.rejects(remote.whoSaw({ ...search, payer }, auditor), refused)
})
