import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { asJson, ask, type RunningServer, startServer } from '../support/running-server.ts'
import { overflow, SCREENSHOTS, type Scheme, violations, visit, WIDTHS } from '../support/visit.ts'

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

const aVisit = (width: number, scheme?: Scheme) => visit(browser, server.portalUrl, width, scheme)

for (const [name, width] of Object.entries(WIDTHS)) {
  test(`a stranger signs up, verifies, and makes a first call with the credentials shown (${name})`, {
    skip: noBrowser,
  }, async (t) => {
    const { context, page, faults } = await aVisit(width)
    const began = performance.now()
    const seen = async (shot: string) => {
      assert.deepEqual(await violations(page), [], shot)
      assert.equal(await overflow(page), 0, `${shot} scrolls sideways`)
      await page.screenshot({ path: join(SCREENSHOTS, `${shot}-${name}.png`), fullPage: true })
    }
    await page.goto(server.portalUrl)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await seen('1-sign-up')

    await page.getByLabel('Work e-mail').fill(`ada@${name}.example`)
    await page.getByLabel('Password', { exact: true }).fill('heron quartz lantern 9')
    await page.getByLabel('Company').fill(`Larkspur ${name}`)
    await page.getByLabel('I accept the sandbox terms').check()
    await page.getByRole('button', { name: 'Create sandbox account' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await seen('2-check-mail')

    await page.getByRole('link', { name: 'development outbox' }).click()
    const letter = page.getByRole('article').filter({ hasText: `ada@${name}.example` })
    await letter.first().waitFor()
    await seen('3-outbox')
    await letter.first().getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Ready to call' }).waitFor()
    await seen('4-credentials')

    const fact = async (term: string) =>
      (await page.locator('.facts > div', { hasText: term }).locator('code').first().textContent()) ?? ''
    const [clientId, secret, tokenUrl, baseUrl] = await Promise.all([
      fact('Client id'),
      fact('Client secret'),
      fact('Token URL'),
      fact('Base URL'),
    ])
    assert.match(secret, /^css_test_[0-9A-Za-z]{49}$/)
    const command = (await page.locator('.command code').textContent()) ?? ''
    const body = /-d '(\{.*\})'/.exec(command)?.[1] ?? ''
    const token = await ask(server.ca, tokenUrl, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
    })
    assert.equal(token.status, 200)
    const answer = await ask(server.ca, `${baseUrl}/rcm/prior-authorization/v1/submission`, {
      ...asJson(JSON.parse(body), {
        authorization: `Bearer ${token.json<{ access_token: string }>().access_token}`,
      }),
    })
    assert.equal(answer.status, 200)
    assert.match(answer.text, /"certificationActionCode":"A1"/)
    t.diagnostic(
      `from the sign-up page to the first decision, axe and screenshots among it: ${((performance.now() - began) / 1000).toFixed(1)} s`,
    )

    await page.reload()
    await page.getByRole('heading', { name: 'Held by your company' }).waitFor()
    assert.ok(!(await page.content()).includes(secret), 'a secret is shown once')
    await seen('5-held')
    assert.deepEqual(faults, [])
    await context.close()
  })
}

test('a link that was used does not work again, and the page offers a new one', {
  skip: noBrowser,
}, async () => {
  const { context, page } = await aVisit(WIDTHS.wide)
  await page.goto(`${server.portalUrl}/verify#token=never-issued`)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  await page.getByRole('button', { name: 'Send a new link' }).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.screenshot({ path: join(SCREENSHOTS, '6-link-refused-wide.png'), fullPage: true })
  await context.close()
})

test('a weak password is refused beside its field, and what was typed is kept', {
  skip: noBrowser,
}, async () => {
  const { context, page } = await aVisit(WIDTHS.wide, 'dark')
  await page.goto(server.portalUrl)
  await page.getByLabel('Work e-mail').fill('weak@larkspur.example')
  await page.getByLabel('Password', { exact: true }).fill('password1234')
  await page.getByLabel('Company').fill('Larkspur')
  await page.getByLabel('I accept the sandbox terms').check()
  await page.getByRole('button', { name: 'Create sandbox account' }).click()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByLabel('Company').inputValue(), 'Larkspur')
  assert.deepEqual(await violations(page), [])
  await page.screenshot({ path: join(SCREENSHOTS, '7-weak-password-dark.png'), fullPage: true })
  await context.close()
})

test('the credentials page sends whoever is not signed in to the sign-in page', {
  skip: noBrowser,
}, async () => {
  const { context, page } = await aVisit(WIDTHS.phone)
  await page.goto(`${server.portalUrl}/credentials`)
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  await context.close()
})
