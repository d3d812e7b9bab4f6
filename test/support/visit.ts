import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PASSWORD } from './control.ts'

/** Where journeys leave what they saw. */
export const SCREENSHOTS = join(import.meta.dirname, '..', 'journeys', 'screenshots')
export const WIDTHS = { wide: 1280, phone: 390 } as const

export type Scheme = 'light' | 'dark'

/** One person's browser at one width, and what went wrong in it: errors, and requests to anywhere but the portal. */
export async function visit(
  browser: Browser,
  portalUrl: string,
  width: number,
  colorScheme: Scheme = 'light',
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  // The browser's own store does not know the authority of a server that was just made; who is on the other end of a
  // connection is checked by the calls that are made with `ask`.
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width, height: 900 },
    colorScheme,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // A refusal is an answer, which the page tells of; browsers write it down as an error.
    if (message.type() === 'error' && !/status of (401|403|422)/.test(message.text()))
      faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(portalUrl) && !request.url().startsWith('data:'))
      faults.push(`asked elsewhere: ${new URL(request.url()).origin}`)
  })
  return { context, page, faults }
}

/** What a person with other senses or hands would stumble over (WCAG 2.2 AA), as far as a machine can tell. */
export async function violations(page: Page): Promise<string[]> {
  // What is still fading in has not its own colours yet.
  await page.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished))')
  // Injected by the browser's own tooling, which the page's content policy does not bind.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe.source })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => JSON.stringify(violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))))`,
    awaitPromise: true,
    returnByValue: true,
  })
  return JSON.parse(String(result.value)) as string[]
}

/** By how many pixels a page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** Signs up with the portal and follows the link of the letter; the first credential is on the page then. */
export async function signUp(page: Page, portalUrl: string, email: string, company: string): Promise<void> {
  await page.goto(portalUrl)
  await page.getByLabel('Work e-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Company').fill(company)
  await page.getByLabel('I accept the sandbox terms').check()
  await page.getByRole('button', { name: 'Create sandbox account' }).click()
  await page.getByRole('link', { name: 'development outbox' }).click()
  await page.getByRole('article').filter({ hasText: email }).getByRole('link').first().click()
  await page.getByRole('heading', { name: 'Ready to call' }).waitFor()
}

/** A value that is shown the one time that it is seen: `Client id`, `Client secret`. */
export async function shown(page: Page, term: string): Promise<string> {
  const place = page.locator('.facts > div', { hasText: term }).locator('code').first()
  return (await place.textContent()) ?? ''
}
