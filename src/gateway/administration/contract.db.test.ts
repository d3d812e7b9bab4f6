import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { partsAuthority, serveParts } from '../../../test/support/parts.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { type GatewayAdministration, type Grant, openRemoteAdministration } from './index.ts'
import { administrationRoutes } from './routes.ts'

// What the control plane is promised, whether the environment runs in its process or in another.

const operator: Actor = { kind: 'operator' }
const person: Actor = { kind: 'person', personId: 'per_somebody' }
let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

interface Opened {
  readonly administration: GatewayAdministration
  close(): Promise<unknown>
}

const inProcess = async ({ administration }: TestGateway): Promise<Opened> => ({
  administration,
  close: async () => undefined,
})

const remote = async ({ administration }: TestGateway): Promise<Opened> => {
  const { ca, portal, sandbox } = await partsAuthority()
  const server = await serveParts(administrationRoutes(administration), sandbox, ca)
  const opened = openRemoteAdministration({
    environment: 'sandbox',
    url: server.url,
    ...portal,
    ca,
    timeoutMs: 10_000,
  })
  return {
    administration: opened,
    close: async () => {
      opened.close()
      await server.close()
    },
  }
}

for (const [name, open] of [
  ['in this process', inProcess],
  ['in another process', remote],
] as const)
  describe(`an environment ${name}`, () => {
    let gateway: TestGateway
    let opened: Opened
    before(async () => {
      gateway = await aGateway('sandbox', databases.sandbox)
      opened = await open(gateway)
    })
    after(() => opened.close())

    const aGrant = (given: Partial<Grant> = {}): Grant => ({
      id: mintId('grant', gateway.clock.now(), secureRandom),
      organizationId: mintId('organization', gateway.clock.now(), secureRandom),
      organizationName: 'Larkspur Orthopedics',
      version: 1,
      products: ['submission', 'inquiry'],
      scopes: ['pa:submit', 'pa:inquire', 'pa:read'],
      from: gateway.clock.now(),
      ...given,
    })

    test('a grant lets a client be made, which can have a token', async () => {
      const grant = aGrant()
      assert.equal(await opened.administration.applyGrant(grant, operator), undefined)
      const client = await opened.administration.createClient(
        { organizationId: grant.organizationId, label: 'Build server', scopes: ['pa:read'] },
        operator,
      )
      assert.deepEqual(
        [client.environment, client.label, client.scopes],
        ['sandbox', 'Build server', ['pa:read']],
      )
      assert.equal((await aServer(gateway.access).inject(tokenRequest(client))).statusCode, 200)
    })

    test('a client is listed for its own company, without its secret', async () => {
      const grant = aGrant()
      await opened.administration.applyGrant(grant, operator)
      const { organizationId } = grant
      const made = await opened.administration.createClient({ organizationId, label: 'One' }, operator)
      const listed = await opened.administration.clients(organizationId)
      assert.deepEqual(
        listed.map(({ clientId, label, disabledAt }) => [clientId, label, disabledAt]),
        [[made.clientId, 'One', undefined]],
      )
      assert.equal(JSON.stringify(listed).includes(made.clientSecret), false)
      assert.deepEqual(await opened.administration.clients('org_nobody'), [])
    })

    test('what is refused is refused with the same problem', async () => {
      const request = { organizationId: 'org_nobody', label: 'x' } as const
      await assert.rejects(
        opened.administration.createClient(request, operator),
        new Problem('access/no-grant', 'The company has no live grant in the sandbox.'),
      )
    })

    test('what a grant no longer has is refused on the very next call with a live token', async () => {
      const grant = aGrant()
      await opened.administration.applyGrant(grant, operator)
      const { organizationId } = grant
      const client = await opened.administration.createClient({ organizationId, label: 'x' }, operator)
      const http = aServer(gateway.access)
      const token = (await http.inject(tokenRequest(client))).json().access_token
      const call = async () => {
        const headers = { authorization: `Bearer ${token}` }
        return (await http.inject({ url: '/api/cases', headers })).statusCode
      }
      assert.equal(await call(), 200)
      // The clock stands: nothing is read anew because time has passed.
      await opened.administration.applyGrant(
        aGrant({ organizationId, version: 2, scopes: ['pa:read'] }),
        operator,
      )
      assert.equal(await call(), 200)
      await opened.administration.applyGrant(aGrant({ organizationId, version: 3, scopes: [] }), operator)
      assert.equal(await call(), 403)
    })

    test('the record says who asked', async () => {
      const grant = aGrant()
      await opened.administration.applyGrant(grant, person)
      assert.deepEqual(gateway.entries.find(({ on }) => on === grant.id)?.actor, person)
    })

    test('versions delivered in any order and any number of times end in the newest, each put on record once', async () => {
      const deliveries = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(deliveries, fc.boolean(), async (versions, atOnce) => {
          const { organizationId } = aGrant()
          const scopesOf = (version: number) =>
            version % 2 === 0 ? (['pa:read'] as const) : (['pa:inquire'] as const)
          const deliver = (version: number) =>
            opened.administration.applyGrant(
              aGrant({ organizationId, version, scopes: scopesOf(version) }),
              operator,
            )
          if (atOnce) await Promise.all(versions.map(deliver))
          else for (const version of versions) await deliver(version)
          const newest = Math.max(...versions)
          const client = await opened.administration.createClient({ organizationId, label: 'x' }, operator)
          assert.deepEqual(client.scopes, scopesOf(newest))
          const applied = gateway.entries
            .filter((entry) => entry.act === 'grant.apply' && entry.organizationId === organizationId)
            .map(({ detail }) => Number(detail?.version))
          assert.equal(new Set(applied).size, applied.length)
          assert.equal(Math.max(...applied), newest)
        }),
        { numRuns: 10 },
      )
    })
  })
