import assert from 'node:assert/strict'
import { test } from 'node:test'
import { POLICIES } from '../gateway/limits/index.ts'
import { readConfig } from './config.ts'
import { quotasOf } from './quotas.ts'

test('the limits are those of the published table when no setting says otherwise', () => {
  const published = Object.entries(POLICIES).map(([name, { quota }]) => [name, quota])
  assert.deepEqual(Object.entries(quotasOf(readConfig({}))), published)
})

for (const [name, { setting, times }] of Object.entries(POLICIES))
  test(`${setting} sets the limit ${name}`, () => {
    const quotas = quotasOf(readConfig({ [setting]: '7' }))
    assert.equal(quotas[name as keyof typeof POLICIES], 7 * times)
  })
