import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { ask, type RunningServer, startServer } from '../support/running-server.ts'
import { overflow, SCREENSHOTS, shown, signUp, violations, visit, WIDTHS } from '../support/visit.ts'

let server: RunningServer
let browser: Browser
before(async () => {
  if (noBrowser) return
  await mkdir(SCREENSHOTS, { recursive: true })
  server = await startServer({ LOG_LEVEL: 'warn' })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.remove()
})

interface Held {
  readonly context: BrowserContext
  readonly page: Page
  readonly faults: string[]
  readonly clientId: string
  readonly secret: string
  readonly tokenUrl: string
}

/** Somebody who has just signed up and sees their first credential. */
async function aCompany(name: string, width: number): Promise<Held> {
  const { context, page, faults } = await visit(browser, server.portalUrl, width)
  await signUp(page, server.portalUrl, `guard@${name}.example`, `Guard ${name}`)
  const [clientId, secret, tokenUrl] = await Promise.all([
    shown(page, 'Client id'),
    shown(page, 'Client secret'),
    shown(page, 'Token URL'),
  ])
  return { context, page, faults, clientId, secret, tokenUrl }
}

const tokenStatus = async (held: Held, secret = held.secret) =>
  (
    await ask(server.ca, held.tokenUrl, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${held.clientId}:${secret}`).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
    })
  ).status

for (const [name, width] of Object.entries(WIDTHS)) {
  test(`a secret is rotated with an overlap, the old one revoked, the credential fenced in and ended (${name})`, {
    skip: noBrowser,
  }, async () => {
    const held = await aCompany(name, width)
    const { page, faults, context } = held
    const seen = async (shot: string) => {
      assert.deepEqual(await violations(page), [], shot)
      assert.equal(await overflow(page), 0, `${shot} scrolls sideways`)
      await page.screenshot({ path: join(SCREENSHOTS, `credentials-${shot}-${name}.png`), fullPage: true })
    }
    assert.equal(await page.title(), 'Credentials · Countersign')
    assert.equal(await tokenStatus(held), 200)

    await page.getByText('Rotate the secret').click()
    await seen('1-rotating')
    await page.getByRole('button', { name: 'Rotate secret' }).click()
    await page.getByRole('heading', { name: 'A new secret for' }).waitFor()
    const second = await shown(page, 'Client secret')
    assert.match(second, /^css_test_[0-9A-Za-z]{49}$/)
    assert.notEqual(second, held.secret)
    assert.deepEqual(
      [await tokenStatus(held), await tokenStatus(held, second)],
      [200, 200],
      'both work while they overlap',
    )
    await page.getByRole('listitem').nth(1).waitFor()
    await seen('2-two-live')

    const older = page.getByRole('listitem').first()
    await older.getByRole('button', { name: 'Revoke this secret' }).click()
    await page.getByText('fail within a second').waitFor()
    await seen('3-revoking')
    await older.getByRole('button', { name: 'Revoke this secret' }).click()
    await older.getByText('Revoked', { exact: true }).waitFor()
    await pass(async () => (await tokenStatus(held)) === 401, 'the old secret is refused')
    assert.equal(await tokenStatus(held, second), 200)

    await page.getByText('May call from anywhere').click()
    await page.getByLabel('Addresses and ranges').fill('203.0.113.7\nnot-an-address')
    await page.getByRole('button', { name: 'Save where it may call from' }).click()
    await page.getByText('not-an-address:').waitFor()
    await seen('4-address-refused')
    await page.getByLabel('Addresses and ranges').fill('203.0.113.7')
    await page.getByRole('button', { name: 'Save where it may call from' }).click()
    await page.getByText('May call from 1 network').waitFor()
    await pass(async () => (await tokenStatus(held, second)) === 401, 'from elsewhere it is refused')

    await page.getByText('End tokens, or the whole credential').click()
    await page.getByRole('button', { name: 'Disable for good' }).click()
    await seen('5-disabling')
    await page.getByRole('button', { name: 'Disable for good' }).click()
    await page.getByText('nothing gets in with it any more').waitFor()
    await seen('6-ended')
    assert.deepEqual(faults, [])
    await context.close()
  })
}

/** Waits until something has become so on the server: at most five seconds. */
async function pass(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(what)
}

test('a credential by a key pair is made from a pasted JWK Set, and what is no JWK Set is told beside the field', {
  skip: noBrowser,
}, async () => {
  const { page, context, faults } = await aCompany('keys', WIDTHS.wide)
  await page.getByRole('radio', { name: 'A key pair' }).check()
  await page.getByLabel('Label').fill('build server')
  await page.getByLabel('Public keys').fill('{"kty": "EC"}')
  await page.getByRole('button', { name: 'Create sandbox credential' }).click()
  await page.getByText('This JSON has no "keys"').waitFor()
  assert.deepEqual(await violations(page), [])

  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'build-1', alg: 'ES384', use: 'sig' }
  await page.getByLabel('Public keys').fill(JSON.stringify({ keys: [jwk] }))
  await page.getByRole('button', { name: 'Create sandbox credential' }).click()
  await page.getByText('It has no secret').waitFor()
  const card = page.getByRole('article', { name: 'build server' })
  await card.getByText('build-1').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.screenshot({ path: join(SCREENSHOTS, 'credentials-7-by-keys-wide.png'), fullPage: true })
  assert.deepEqual(faults, [])
  await context.close()
})
