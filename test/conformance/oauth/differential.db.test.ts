import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Instant } from '../../../src/kernel/time.ts'
import { AMPLE, ISSUERS } from '../../support/access.ts'
import { aKey } from '../../support/assertions.ts'
import { openTestDatabases } from '../../support/database.ts'
import { openTestServers } from '../../support/gateway-server.ts'
import { serveOther } from '../../support/other-provider.ts'
import { type Case, CORPUS, type Party } from './differential/corpus.ts'
import { asMarkdown, DIFFERENCES } from './differential/differences.ts'
import { exchange, type Outcome } from './differential/outcome.ts'

// Our token endpoint and that of oidc-provider, whose certified implementation many have looked at, are sent the same
// bytes: what they answer differently is listed, with the reason, or this fails.

const SCOPES = ['pa:submit', 'pa:inquire', 'pa:read'] as const
const outcomes = new Map<string, { readonly ours: Outcome; readonly theirs: Outcome }>()
const close: (() => unknown)[] = []

before(async () => {
  const databases = await openTestDatabases()
  close.push(() => databases.close())
  // oidc-provider looks at the machine's own clock.
  const servers = await openTestServers(databases, {
    start: Date.now() as Instant,
    trustProxy: ['127.0.0.1'],
    // Hundreds of bad requests in the name of one client, at a clock that stands; the peer counts none.
    quotas: AMPLE,
  })
  close.push(() => servers.close())
  const { sandbox } = servers
  await sandbox.server.listen({ host: '127.0.0.1', port: 0 })
  const ours = `http://127.0.0.1:${(sandbox.server.server.address() as AddressInfo).port}`

  const { organizationId, client } = await sandbox.aCompany(SCOPES)
  const key = await aKey('ES384')
  const byKey = await sandbox.gateway.administration.createKeyClient(
    { organizationId, label: 'Keys', keys: { jwks: { keys: [key.jwk] } } },
    { kind: 'operator' },
  )
  const party: Party = {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    keyClientId: byKey.clientId,
    key,
    foreignKey: await aKey('ES384'),
    issuer: ISSUERS.sandbox,
    nowSeconds: Math.floor(servers.clock.now() / 1000),
  }
  const other = await serveOther(
    {
      issuer: ISSUERS.sandbox,
      audience: ISSUERS.sandbox,
      scopes: SCOPES,
      assertionAlgorithms: ['RS384', 'ES384', 'ES256', 'RS256'],
      skewSeconds: 60,
      lifetimeSeconds: 300,
    },
    [
      { client_id: party.clientId, client_secret: party.clientSecret },
      { client_id: party.keyClientId, jwks: { keys: [key.jwk] } },
    ],
  )
  close.push(() => other.close())
  for (const [name, aCase] of Object.entries(CORPUS))
    outcomes.set(name, await bothAnswer(aCase, party, ours, other.origin))
})
after(async () => {
  for (const each of close.reverse()) await each()
})

let cases = 0
async function bothAnswer(aCase: Case, party: Party, ours: string, theirs: string) {
  // Of the block for documentation, RFC 3849.
  const from = `2001:db8::${(++cases).toString(16)}:0:0:1`
  const requests = [await aCase(party)].flat()
  let last: { readonly ours: Outcome; readonly theirs: Outcome } | undefined
  for (const request of requests)
    last = { ours: await exchange(ours, request, from), theirs: await exchange(theirs, request, from) }
  assert.ok(last, 'a case is at least one request')
  return last
}

const listed = new Map(DIFFERENCES.flatMap(({ cases }) => Object.entries(cases)))
const justified = new Set(
  DIFFERENCES.flatMap(({ whyToken, cases }) => (whyToken === undefined ? [] : Object.keys(cases))),
)

for (const name of Object.keys(CORPUS))
  test(`${listed.has(name) ? 'as listed' : 'as oidc-provider'}: ${name}`, () => {
    const { ours, theirs } = outcomes.get(name) ?? {}
    assert.ok(ours && theirs)
    const difference = listed.get(name)
    if (!difference) return assert.equal(ours.says, theirs.says, 'a difference that is not listed')
    assert.deepEqual({ ours: ours.says, theirs: theirs.says }, difference)
    assert.notEqual(ours.says, theirs.says, 'listed, and is no difference any more')
  })

test('what is listed is in the corpus, and each case once', () => {
  const names = DIFFERENCES.flatMap(({ cases }) => Object.keys(cases))
  assert.deepEqual(
    names.filter((name) => !(name in CORPUS)),
    [],
  )
  assert.equal(new Set(names).size, names.length)
})

test('a request that oidc-provider refuses gets no token here, but where the list says why', () => {
  const given = [...outcomes].filter(([, { ours, theirs }]) => ours.gaveToken && !theirs.gaveToken)
  assert.deepEqual(
    given.map(([name]) => name).filter((name) => !justified.has(name)),
    [],
  )
})

test('every request that is right gets a token on both sides', () => {
  const right = [...outcomes].filter(([name]) => /^(assertion, )?right:?/.test(name))
  assert.ok(right.length > 15)
  for (const [name, { ours, theirs }] of right)
    assert.deepEqual([ours.gaveToken, theirs.gaveToken], [true, true], name)
})

test('no answer of ours, token or refusal, may be kept by a cache (RFC 6749 section 5.1)', () => {
  for (const [name, { ours }] of outcomes) assert.doesNotMatch(ours.says, /may be kept/, name)
})

test('the decision page tells each difference and its reason', async () => {
  const path = join(import.meta.dirname, '../../../docs/decisions/0015-differences-from-oidc-provider.md')
  const page = await readFile(path, 'utf8')
  assert.ok(
    page.includes(asMarkdown(DIFFERENCES)),
    `bring the page up to date:\n\n${asMarkdown(DIFFERENCES)}`,
  )
})
