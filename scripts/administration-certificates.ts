// Makes what a control plane and two gateways need to know each other by when they are processes apart: an authority, whose
// key is forgotten, and a certificate for each. For those without a PKI of their own.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PART_NAMES } from '../src/gateway/administration/index.ts'
import { systemClock } from '../src/platform/clock.ts'
import { secureRandom } from '../src/platform/secrets/index.ts'
import { makePartsAuthority } from '../src/platform/tls/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const DOMAIN = 'countersign.internal'

async function main([directory, days = '365']: readonly string[]): Promise<number> {
  if (directory === undefined || !/^[1-9]\d{0,3}$/.test(days)) {
    console.error('Usage: npm run certificates -- FOLDER [DAYS]')
    return 2
  }
  const names = Object.values(PART_NAMES)
  const { ca, parts } = await makePartsAuthority(DOMAIN, names, {
    now: systemClock.now(),
    lifetimeMs: Number(days) * DAY_MS,
    random: secureRandom,
  })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const write = (name: string, text: string, mode: number) =>
    writeFile(join(directory, name), text, { mode, flag: 'wx' })
  await write('administration-ca.pem', ca, 0o644)
  for (const [part, name] of Object.entries(PART_NAMES)) {
    await write(`${part}.pem`, parts[name].certificate, 0o644)
    await write(`${part}.key`, parts[name].key, 0o600)
  }
  console.log(`An authority and ${names.length} certificates, good for ${days} days, are in ${directory}.`)
  console.log('Its key was not kept: new certificates mean a new authority, for all parts at once.')
  return 0
}

process.exitCode = await main(process.argv.slice(2)).catch((error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EEXIST' ? `${error.path} is there already; name another folder.` : error)
  return 1
})
