/** Both published notices of admission. @see reference sections 2.4 and 4.7 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { openTestServers, type TestServers } from '../../support/gateway-server.ts'
import { missing, reference } from '../json/reference.ts'
import { publishedX12 } from './published.ts'

let databases: TestDatabases
let servers: TestServers
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

/** Who sent the published interchange marked it for production; to us it is a test. */
const asTest = (x12: string) => x12.replace('*0*P*:~', '*0*T*:~')

describe('the published notices are acknowledged by a number', { skip: missing ?? false }, () => {
  for (const [file, path, body] of [
    ['user-noa-request.json', 'noa', () => reference('json/user-noa-request.json')],
    [
      'schema-noa-x12-request.edi',
      'noa/x12',
      () => ({ x12: asTest(publishedX12('schema-noa-x12-request.edi')) }),
    ],
  ] as const)
    test(file, async () => {
      const company = await servers.sandbox.aCompany()
      const answer = await company.post(path, body())
      assert.equal(answer.statusCode, 200, answer.body)
      const { x12, json } = answer.json().noa
      assert.match(x12, /^ISA\*.*~ST\*278\*0001\*005010X216~.*~REF\*NT\*N/)
      assert.match(json.patientEventDetail.administrativeReferenceNumber, /^N/)
    })
})
