import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { PASSWORD } from '../support/control.ts'
import { ask, type RunningServer, startServer, tokenFor } from '../support/running-server.ts'
import { overflow, SCREENSHOTS, shown, signUp, violations, visit, WIDTHS } from '../support/visit.ts'

const CLI = join(import.meta.dirname, '../../bin/countersign.js')

let server: RunningServer
let browser: Browser
before(async () => {
  if (noBrowser) return
  await mkdir(SCREENSHOTS, { recursive: true })
  server = await startServer({ LOG_LEVEL: 'warn', OPERATOR_NAME: 'Quillfeather Health Plan' })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.remove()
})

const countersign = (...args: string[]) =>
  promisify(execFile)(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', COUNTERSIGN_DATA_DIR: server.dataDirectory },
  })

async function sign(page: Page, act: string, name: string, title: string): Promise<void> {
  await page.getByLabel('Your full name').fill(name)
  await page.getByLabel('Your title').fill(title)
  assert.ok(
    await page.getByRole('button', { name: act, exact: true }).isDisabled(),
    'nothing is agreed to yet',
  )
  for (const statement of await page.getByRole('form', { name: act }).getByRole('checkbox').all())
    await statement.check()
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: act, exact: true }).click()
}

for (const [name, width] of Object.entries(WIDTHS)) {
  test(`a company asks for production, both sides sign in two browsers, and its first production call is answered (${name})`, {
    skip: noBrowser,
  }, async () => {
    const partner = await visit(browser, server.portalUrl, width)
    const desk = await visit(browser, server.portalUrl, width)
    const seen = async (page: Page, shot: string) => {
      assert.deepEqual(await violations(page), [], shot)
      assert.equal(await overflow(page), 0, `${shot} scrolls sideways`)
      await page.screenshot({ path: join(SCREENSHOTS, `go-live-${shot}-${name}.png`), fullPage: true })
    }
    await signUp(partner.page, server.portalUrl, `ada@live-${name}.example`, `Larkspur Orthopedics ${name}`)
    await signUp(desk.page, server.portalUrl, `dora@desk-${name}.example`, `Desk ${name}`)
    const role = [
      '--role',
      'partner-desk',
      '--payers',
      'all',
      '--environment',
      'production',
      '--leave-company',
    ]
    await countersign('operators', 'grant', `dora@desk-${name}.example`, ...role)

    // Before both have signed there is nothing to be had in production.
    const { page } = partner
    await page.getByRole('radio', { name: 'Production' }).check()
    await page.getByLabel('Label').fill('too early')
    await page.getByRole('button', { name: 'Create production credential' }).click()
    await page.getByRole('alert').waitFor()

    await page.getByRole('navigation').getByRole('link', { name: 'Go live' }).click()
    await page.getByRole('button', { name: 'Read what you would sign' }).click()
    await page.getByRole('heading', { name: 'What you would sign' }).waitFor()
    await seen(page, '1-ask')
    await page.getByRole('button', { name: 'Ask for production' }).click()
    await page.getByText('The partner desk takes the request up.').waitFor()
    await seen(page, '2-asked')

    await desk.page.goto(`${server.portalUrl}/desk`)
    await desk.page.getByRole('button', { name: 'Take it up' }).click()
    await desk.page.getByRole('button', { name: 'Offer the contract' }).waitFor()
    await seen(desk.page, '3-desk-review')
    await desk.page.getByRole('button', { name: 'Offer the contract' }).click()
    await desk.page.getByText('contract offered').waitFor()

    await page.reload()
    await page.getByRole('heading', { name: 'Your contract' }).waitFor()
    await seen(page, '4-offered')
    await sign(page, 'Sign', 'Ada Larkspur', 'Chief Operating Officer')
    await page.getByText('The partner desk countersigns.').waitFor()
    await seen(page, '5-partner-signed')

    await desk.page.reload()
    await desk.page.getByRole('heading', { name: 'The contract' }).waitFor()
    await seen(desk.page, '6-desk-countersign')
    await sign(desk.page, 'Countersign', 'Dora Desk', 'Partner desk')
    await desk.page.getByText('Nobody waits for you.').waitFor()
    await seen(desk.page, '7-desk-done')

    await page.reload()
    await page.getByText('Both sides have signed.').waitFor()
    await seen(page, '8-countersigned')
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download the sealed PDF' }).click()
    const file = join(server.dataDirectory, `contract-${name}.pdf`)
    await (await saved).saveAs(file)
    assert.match((await countersign('contracts', 'verify', file)).stdout, /untouched|unchanged|sealed/i)

    await page.getByRole('main').getByRole('link', { name: 'Make production credentials' }).click()
    await page.getByRole('radio', { name: 'Production' }).check()
    await page.getByLabel('Label').fill('production service')
    await page.getByRole('button', { name: 'Create production credential' }).click()
    await page.getByRole('heading', { name: 'Ready to call' }).waitFor()
    await page.getByRole('article', { name: 'production service' }).waitFor()
    const [clientId, secret, tokenUrl, baseUrl] = await Promise.all(
      ['Client id', 'Client secret', 'Token URL', 'Base URL'].map((term) => shown(page, term)),
    )
    assert.match(String(secret), /^css_live_[0-9A-Za-z]{49}$/)
    assert.equal(tokenUrl, `${baseUrl}/oauth2/token`)
    const client = { clientId: String(clientId), clientSecret: String(secret) }
    const token = await tokenFor(server.ca, String(baseUrl), client)
    const called = await ask(server.ca, `${baseUrl}/v1/payers`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(called.status, 200, called.text)
    assert.deepEqual([partner.faults, desk.faults], [[], []])
    await partner.context.close()
    await desk.context.close()
  })
}

test('the desk is nobody else’s: a partner who opens it is told so, and sees nothing', {
  skip: noBrowser,
}, async () => {
  const { page, context } = await visit(browser, server.portalUrl, WIDTHS.phone)
  await signUp(page, server.portalUrl, 'eve@curious.example', 'Curious')
  await page.goto(`${server.portalUrl}/desk`)
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Take it up' }).count(), 0)
  await context.close()
})
