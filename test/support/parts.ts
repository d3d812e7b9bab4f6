import type { FastifyPluginAsync } from 'fastify'
import { PART_NAMES } from '../../src/gateway/administration/index.ts'
import type { Instant } from '../../src/kernel/time.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createServer, listen } from '../../src/platform/http/index.ts'
import { secureRandom } from '../../src/platform/secrets/index.ts'
import { openLogger } from '../../src/platform/telemetry/index.ts'
import { makePartsAuthority, mutualTls, type Part } from '../../src/platform/tls/index.ts'

const DAY = 24 * 60 * 60 * 1000

/** An authority with a certificate for the control plane and each gateway. */
export async function partsAuthority(now: Instant = systemClock.now(), lifetimeMs = DAY) {
  const { portal, sandbox, production } = PART_NAMES
  const names = [portal, sandbox, production] as const
  const { ca, parts } = await makePartsAuthority('countersign.internal', names, {
    now,
    lifetimeMs,
    random: secureRandom,
  })
  return { ca, portal: parts[portal], sandbox: parts[sandbox], production: parts[production] }
}

/** Serves routes to callers with a certificate of the authority, on a free loopback port. */
export async function serveParts(routes: FastifyPluginAsync, own: Part, ca: string) {
  const server = createServer({
    name: 'administration',
    tls: mutualTls({ ...own, ca }, systemClock.now()),
    logger: openLogger({ level: 'silent', format: 'json' }),
    clock: systemClock,
    random: secureRandom,
    problemBaseUrl: 'https://localhost/docs/problems',
  })
  await server.register(routes)
  const port = await listen(server, { reach: 'loopback', port: 0 })
  return { port, url: `https://127.0.0.1:${port}`, close: () => server.close() }
}
