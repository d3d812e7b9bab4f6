import type { FastifyInstance } from 'fastify'
import { Problem } from '../../kernel/problem.ts'

/**
 * Refuses a request that names more than one host, of which Node would take the first and a proxy before us perhaps the
 * other. That there is one Node sees to.
 *
 * @see RFC 9112 section 3.2
 */
export function requireOneHost(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ raw }) => {
    let hosts = 0
    for (let i = 0; i < raw.rawHeaders.length; i += 2)
      if (raw.rawHeaders[i]?.length === 4 && raw.rawHeaders[i]?.toLowerCase() === 'host') hosts++
    if (hosts > 1) throw new Problem('request/unreadable', 'The request has more than one Host header.')
  })
}
