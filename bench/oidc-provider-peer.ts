// The peer for tokens: oidc-provider over TLS on the same Node and the same PostgreSQL, set up to do what our token endpoint
// does and no more: the client is found in a table at each request, the token is a JWT of ES256, and one audit row is
// committed before it is answered.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Adapter } from 'oidc-provider'
import pg from 'pg'
import { otherProvider } from '../test/support/other-provider.ts'

/** As many connections as ours has. */
const POOL_SIZE = 10
const [certificateFile = '', keyFile = '', databaseUrl = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE })

/** Clients are in PostgreSQL; nothing else is asked for or kept where tokens are JWTs and clients have secrets. */
class ClientsInPostgres implements Adapter {
  readonly model: string
  constructor(model: string) {
    this.model = model
  }
  async find(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (this.model !== 'Client') return undefined
    const found = await pool.query<{ payload: Readonly<Record<string, unknown>> }>({
      name: 'find-client',
      text: 'select payload from bench_clients where id = $1',
      values: [id],
    })
    return found.rows[0]?.payload
  }
  upsert = async () => {
    throw new Error('nothing was to be kept')
  }
  destroy = async () => {}
  consume = async () => {}
  findByUid = async () => undefined
  findByUserCode = async () => undefined
  revokeByGrantId = async () => {}
}

const server = createServer({ cert: await readFile(certificateFile), key: await readFile(keyFile) })
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `https://localhost:${(server.address() as AddressInfo).port}`
const provider = await otherProvider({
  issuer,
  audience: issuer,
  scopes: ['pa:submit', 'pa:inquire', 'pa:read'],
  assertionAlgorithms: ['RS384', 'ES384', 'ES256', 'RS256'],
  skewSeconds: 60,
  lifetimeSeconds: 300,
  adapter: ClientsInPostgres,
})
provider.use(async (context, next) => {
  await next()
  if (context.oidc?.route !== 'token') return
  await pool.query({
    name: 'audit',
    text: 'insert into bench_audit (act, outcome, client_id, detail) values ($1, $2, $3, $4)',
    values: [
      'token.issue',
      context.status === 200 ? 'done' : 'refused',
      context.oidc.client?.clientId,
      JSON.stringify({ scope: 'pa:submit pa:inquire pa:read', lifetimeSeconds: 300 }),
    ],
  })
})
server.on('request', provider.callback())
process.send?.(issuer)
process.on('disconnect', () => process.exit())
