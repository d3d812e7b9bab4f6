import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { ALARM_AFTER_MS } from './alarm.ts'

const OPERATOR = { kind: 'operator' } as const
let databases: TestDatabases
let control: Control
let company: OrganizationId
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control)
  const { body } = await control.call('POST', '/operator/organizations', { name: 'Alarm Health' })
  company = body.id
})
after(async () => {
  await control.close()
  await databases.close()
})

test('a withdrawal that no gateway acknowledges raises the alarm after half a minute, until one does', async () => {
  control.gateways.sandbox.down = true
  const withdrawal = { organizationId: company, environment: 'sandbox', product: 'inquiry' } as const
  const { isAcknowledged, grant } = await control.subscriptions.withdrawProduct(withdrawal, OPERATOR)
  assert.equal(isAcknowledged, false)
  control.pass(ALARM_AFTER_MS)
  assert.deepEqual(await control.subscriptions.requireAcknowledged(), { pending: 1 })
  control.pass(1)
  await assert.rejects(control.subscriptions.requireAcknowledged(), new RegExp(`${grant.id} \\(sandbox\\)`))
  control.gateways.sandbox.down = false
  await control.subscriptions.deliverPending()
  assert.deepEqual(await control.subscriptions.requireAcknowledged(), { pending: 0 })
})

test('something that was given and is not acknowledged is no alarm', async () => {
  control.gateways.sandbox.down = true
  const gift = { organizationId: company, environment: 'sandbox', product: 'inquiry' } as const
  await control.subscriptions.addProduct(gift, OPERATOR)
  control.pass(10 * ALARM_AFTER_MS)
  assert.deepEqual(await control.subscriptions.requireAcknowledged(), { pending: 1 })
  control.gateways.sandbox.down = false
})
