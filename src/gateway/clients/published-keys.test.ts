import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import type { ClientKey } from './key.ts'
import { openPublishedKeys } from './published-keys.ts'

const MINUTE = 60_000
const URI = 'https://keys.example/jwks'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const aKey = (kid: string) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid })
const has = (kid: string) => (keys: readonly ClientKey[]) => keys.some((key) => key.kid === kid)
const kids = (keys: readonly ClientKey[]) => keys.map(({ kid }) => kid)

/** An address that answers what a test says, and counts. */
function anAddress() {
  let now = 1_800_000_000_000
  const state = {
    asked: [] as string[],
    keys: [aKey('one')] as object[],
    status: 200,
    cacheControl: undefined as string | undefined,
    body: undefined as string | undefined,
    fails: false,
  }
  const published = openPublishedKeys({
    clock: { now: () => now as Instant },
    fetcher: {
      fetch: async ({ url }) => {
        state.asked.push(url)
        if (state.fails) throw new Error('connection refused')
        const body = Buffer.from(state.body ?? JSON.stringify({ keys: state.keys }))
        return { status: state.status, headers: { 'cache-control': state.cacheControl }, body }
      },
    },
  })
  return Object.assign(state, {
    pass: (ms: number) => {
      now += ms
    },
    isFailing: () => published.isFailing('cs_test_1'),
    ask: (kid = 'one', client = 'cs_test_1', uri = URI) => published.of(client, uri, has(kid)),
  })
}

test('keys are fetched when they are first needed, from the address that was registered and no other', async () => {
  const address = anAddress()
  assert.deepEqual(kids(await address.ask()), ['one'])
  assert.deepEqual(address.asked, [URI])
})

test('keys that are known are not fetched again for five minutes', async () => {
  const address = anAddress()
  await address.ask()
  address.pass(5 * MINUTE - 1)
  await address.ask()
  assert.equal(address.asked.length, 1)
  address.pass(1)
  await address.ask()
  assert.equal(address.asked.length, 2)
})

const AGES: readonly [cacheControl: string, minutes: number][] = [
  ['max-age=600', 10],
  ['public, max-age="600"', 10],
  ['MAX-AGE=600', 10],
  ['max-age=0', 1],
  ['no-store', 5],
  ['max-age=99999999', 60],
  ['s-maxage=600', 5],
  ['max-age=abc', 5],
]
for (const [cacheControl, minutes] of AGES)
  test(`an answer with "${cacheControl}" is good for ${minutes} min (RFC 9111 section 5.2.2.1)`, async () => {
    const address = anAddress()
    address.cacheControl = cacheControl
    await address.ask()
    address.pass(minutes * MINUTE - 1)
    await address.ask()
    assert.equal(address.asked.length, 1)
    address.pass(1)
    await address.ask()
    assert.equal(address.asked.length, 2)
  })

test('a key that is not known is looked for at once, and at most once a minute', async () => {
  const address = anAddress()
  await address.ask()
  address.pass(MINUTE)
  address.keys = [aKey('one'), aKey('two')]
  assert.deepEqual(kids(await address.ask('two')), ['one', 'two'])
  for (let i = 0; i < 10; i++) await address.ask('three')
  assert.equal(address.asked.length, 2)
  address.pass(MINUTE)
  await address.ask('three')
  assert.equal(address.asked.length, 3)
})

test('one client asking for keys that it has not got does not hold up another', async () => {
  const address = anAddress()
  await address.ask('unknown', 'cs_test_1')
  await address.ask('one', 'cs_test_2')
  assert.equal(address.asked.length, 2)
})

test('all who wait at once share one fetch', async () => {
  const address = anAddress()
  const answers = await Promise.all([1, 2, 3, 4].map(() => address.ask()))
  assert.equal(address.asked.length, 1)
  for (const keys of answers) assert.deepEqual(kids(keys), ['one'])
})

test('a key that is published no more is good no more', async () => {
  const address = anAddress()
  await address.ask()
  address.keys = []
  address.pass(5 * MINUTE)
  assert.deepEqual(await address.ask(), [])
})

const FAILURES: Readonly<Record<string, (address: ReturnType<typeof anAddress>) => void>> = {
  'does not answer': (address) => {
    address.fails = true
  },
  'answers 500': (address) => {
    address.status = 500
  },
  'answers 302': (address) => {
    address.status = 302
  },
  'answers no JSON': (address) => {
    address.body = '<html>'
  },
  'answers no key set': (address) => {
    address.body = '{}'
  },
  'answers more keys than a set may have': (address) => {
    address.keys = Array.from({ length: 21 }, (_, i) => aKey(`key-${i}`))
  },
}
for (const [failure, fail] of Object.entries(FAILURES)) {
  test(`an address that ${failure} leaves the last keys in use, for a day`, async () => {
    const address = anAddress()
    await address.ask()
    fail(address)
    address.pass(24 * 60 * MINUTE - 1)
    assert.deepEqual(kids(await address.ask()), ['one'])
    address.pass(1)
    assert.deepEqual(await address.ask(), [])
  })

  test(`an address that ${failure} at first gives no keys, and is asked once a minute`, async () => {
    const address = anAddress()
    fail(address)
    for (let i = 0; i < 5; i++) assert.deepEqual(await address.ask(), [])
    assert.equal(address.asked.length, 1)
  })
}

test('another address that was registered is asked at once, and the keys of the former are forgotten', async () => {
  const address = anAddress()
  await address.ask()
  address.keys = [aKey('two')]
  assert.deepEqual(kids(await address.ask('two', 'cs_test_1', 'https://other.example/jwks')), ['two'])
  assert.deepEqual(address.asked, [URI, 'https://other.example/jwks'])
})

test('it is known whether an address failed when it was last asked', async () => {
  const address = anAddress()
  assert.equal(address.isFailing(), false)
  address.fails = true
  await address.ask()
  assert.equal(address.isFailing(), true)
  address.fails = false
  address.pass(MINUTE)
  await address.ask()
  assert.equal(address.isFailing(), false)
})
