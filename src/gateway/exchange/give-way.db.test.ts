import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aVault, payerKeysInMemory } from '../../../test/support/cases.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  asCompany,
  byReviewer,
  requestOf,
  reviewed,
  sandboxRecord,
} from '../../../test/support/decided-cases.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { openAdmissions } from '../../cases/admissions/index.ts'
import type { Authorization } from '../../core/authorization.ts'
import type { Decided } from '../../core/decision.ts'
import { settle } from '../../core/lifecycle.ts'
import type { Purpose } from '../../core/request.ts'
import type { AuthorizationId } from '../../kernel/ids.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import type { Adjudication } from '../../utilization/adjudication/index.ts'
import { openRules } from '../../utilization/rules/index.ts'
import { localConnector } from '../connectors/index.ts'
import { openExchange } from './exchange.ts'
import { giveWay } from './give-way.ts'

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

/** A payer whose policy certifies everything as asked, follow-ups too; or pends everything. */
const deciding = (action: 'certified' | 'pended'): Adjudication =>
  ({
    adjudicate: async (
      _tx: unknown,
      _payer: unknown,
      { event }: { event: { lines: { number: number }[] } },
    ) => ({
      by: 'machine',
      action,
      lines: event.lines.map(({ number }) => ({
        line: number,
        action,
        grounds: [],
        ...(action === 'pended' ? { pend: { waitingFor: 'reviewer', text: 'A reviewer decides.' } } : {}),
      })),
    }),
  }) as unknown as Adjudication

async function asked(
  company: TestCompany,
  action: 'certified' | 'pended',
  memberId: string,
  purpose: Purpose = 'initial',
  earlier?: AuthorizationId,
): Promise<Authorization> {
  const { clock } = servers
  const exchange = openExchange({
    database: databases.sandbox,
    record: sandboxRecord,
    connectors: { for: () => localConnector(deciding(action)) },
    clock,
    random: secureRandom,
    rules: openRules(),
    admissions: openAdmissions({ vault: aVault(), keyOf: payerKeysInMemory(), random: secureRandom }),
  })
  const request = requestOf({ memberId, transaction: `T-${++serial}` })
  const caller = {
    environment: 'sandbox',
    clientId: company.client.clientId,
    organizationId: company.organizationId,
    scopes: new Set<string>(),
    providers: 'any',
    tokenId: 'tok_1',
    epoch: 1,
  } as const
  const { told } = await sandbox.database.transaction(asCompany(company.organizationId), (tx) =>
    exchange.submit(
      tx,
      {
        caller,
        requestId: 'req_1',
        door: 'resources',
        format: 'json',
        raw: Buffer.from('{}'),
        notes: [],
        insists: true,
        request: { ...request, event: { ...request.event, purpose } },
        ...(earlier ? { earlier } : {}),
      },
      () => Buffer.from('{}'),
    ),
  )
  assert.ok(told)
  return told.authorization
}

const found = async (company: TestCompany, id: AuthorizationId) => {
  const kept = await sandbox.database.transaction(asCompany(company.organizationId), (tx) =>
    sandboxRecord.find(tx, id),
  )
  assert.ok(kept)
  return kept
}

for (const [purpose, state] of [
  ['extension', 'extended'],
  ['revised', 'revised'],
] as const) {
  test(`a case is ${state} once its ${purpose} is certified, in the same transaction, and names its successor`, async () => {
    const company = await sandbox.aCompany()
    const memberId = `QFGW${++serial}`
    const earlier = await asked(company, 'certified', memberId)
    const successor = await asked(company, 'certified', memberId, purpose, earlier.id)
    assert.equal(successor.state, 'approved')
    const now = await found(company, earlier.id)
    assert.equal(now.state, state)
    assert.deepEqual('successor' in now && now.successor, {
      id: successor.id,
      authorizationNumber: successor.authorizationNumber,
    })
    assert.equal((await found(company, successor.id)).follows, earlier.id)
  })

  test(`a case stands while its ${purpose} waits, and gives way when a reviewer certifies it`, async () => {
    const company = await sandbox.aCompany()
    const memberId = `QFGW${++serial}`
    const earlier = await asked(company, 'certified', memberId)
    const pended = await asked(company, 'pended', memberId, purpose, earlier.id)
    assert.equal(pended.state, 'pended')
    assert.equal((await found(company, earlier.id)).state, 'approved')
    await decideLater(company, earlier.id, pended, byReviewer([reviewed(1, 'certified')]))
    assert.equal((await found(company, earlier.id)).state, state)
  })

  test(`a case stands when its ${purpose} is refused`, async () => {
    const company = await sandbox.aCompany()
    const memberId = `QFGW${++serial}`
    const earlier = await asked(company, 'certified', memberId)
    const pended = await asked(company, 'pended', memberId, purpose, earlier.id)
    await decideLater(company, earlier.id, pended, byReviewer([reviewed(1, 'not-certified')]))
    assert.equal((await found(company, earlier.id)).state, 'approved')
  })
}

test('a renewal leaves the earlier case as it is, certified or not', async () => {
  const company = await sandbox.aCompany()
  const memberId = `QFGW${++serial}`
  const earlier = await asked(company, 'certified', memberId)
  await asked(company, 'certified', memberId, 'renewal', earlier.id)
  assert.equal((await found(company, earlier.id)).state, 'approved')
})

test('a case that was cancelled while its extension waited stays cancelled', async () => {
  const company = await sandbox.aCompany()
  const memberId = `QFGW${++serial}`
  const earlier = await asked(company, 'certified', memberId)
  const pended = await asked(company, 'pended', memberId, 'extension', earlier.id)
  await asked(company, 'pended', memberId, 'cancel', earlier.id)
  await decideLater(company, earlier.id, pended, byReviewer([reviewed(1, 'certified')]))
  assert.equal((await found(company, earlier.id)).state, 'cancelled')
})

/** As whoever decides a case that waits does it: the decision itself is not kept here, no role of a company may. */
async function decideLater(
  company: TestCompany,
  earlier: AuthorizationId,
  pended: Authorization,
  decided: Decided,
): Promise<void> {
  assert.equal(pended.state, 'pended')
  const { authorization } = settle(pended, decided, servers.clock.now(), {
    administrativeReference: 'R1',
    authorizationNumber: 'A1',
    dueAt: servers.clock.now(),
  })
  await sandbox.database.transaction(asCompany(company.organizationId), async (tx) => {
    const locked = await sandboxRecord.lock(tx, earlier)
    assert.ok(locked)
    await giveWay({ record: sandboxRecord }, tx, locked, authorization)
  })
}
