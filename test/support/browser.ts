import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/**
 * Why browser journeys cannot be run on this machine; false when they can. In CI they must be.
 */
export const noBrowser =
  CHROMIUM === undefined && process.env.CI !== 'true'
    ? 'no Chromium on this machine: install the package chromium'
    : false

/** The system's browser, which goes nowhere but to our own server. */
export function openBrowser() {
  if (CHROMIUM === undefined) throw new Error('Chromium is needed: install the package chromium')
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
