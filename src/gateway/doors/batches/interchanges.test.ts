import assert from 'node:assert/strict'
import { test } from 'node:test'
import { submissionX12 } from '../../../../test/support/submissions.ts'
import { decodeRequest } from '../../../formats/x12/index.ts'
import type { NewItem, Upload } from '../../batches/index.ts'
import { takeInterchanges } from './interchanges.ts'
import { itemsOfLines } from './ndjson.ts'

const one = (serial: number) => (JSON.parse(submissionX12(serial)) as { x12: string }).x12

async function* inPieces(bytes: Buffer, length: number) {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length)
}

async function taken(bytes: Buffer, length: number): Promise<readonly NewItem[]> {
  const items: NewItem[] = []
  const upload: Pick<Upload, 'add' | 'addInterchange' | 'refuseGroup'> = {
    add: async (some) => void items.push(...some),
    addInterchange: async () => undefined,
    refuseGroup: async () => undefined,
  }
  await takeInterchanges(inPieces(bytes, length), upload as Upload)
  return items
}
const textOf = ({ body }: NewItem) => Buffer.from(body ?? []).toString('utf8')

test('each transaction is kept as it came, however the file is cut on its way', async () => {
  const file = Buffer.from([1, 2, 3].map(one).join('\n'))
  for (const length of [1, 7, 106, 65_536])
    assert.deepEqual(
      (await taken(file, length)).map(textOf),
      [1, 2, 3].map(one),
      `in pieces of ${length} bytes`,
    )
})

test('bytes that are no UTF-8, and letters of several bytes, move nothing after them', async () => {
  const named = one(2).replace('LARKSPUR AMBULANCE', 'LÄRKSPÜR AMBULANCE')
  const damaged = Buffer.from(one(1).replace('CALLOWAY', 'CALL\u0001WAY'), 'latin1')
  damaged[damaged.indexOf(1)] = 0xff
  const items = await taken(Buffer.concat([damaged, Buffer.from(named + one(3))]), 50)
  assert.deepEqual(items.slice(1).map(textOf), [named, one(3)])
})

test('what is kept of a transaction is an interchange that is read without a fault', async () => {
  const [item] = await taken(Buffer.from(one(1)), 65_536)
  assert.ok(item)
  assert.equal(decodeRequest(textOf(item)).ok, true)
})

test('a transaction without its end leaves the text of the next one whole', async () => {
  const [first = '', second = ''] = [one(1), one(2)]
  const items = await taken(Buffer.from(first.replace(/SE\*\d+\*0001~/, '') + second), 65_536)
  assert.deepEqual(items.map(textOf), ['', second])
})

test('lines are read the same however they are cut on their way, and an empty one is none', async () => {
  const text = Buffer.from('{"a":1}\n\n{"b":"ü"}\r\n  \n{"c":3}')
  for (const length of [1, 3, 1_000]) {
    const items: NewItem[] = []
    for await (const item of itemsOfLines(inPieces(text, length))) items.push(item)
    assert.deepEqual(
      items.map(({ place }) => place),
      [{ line: 1 }, { line: 3 }, { line: 5 }],
    )
    assert.deepEqual(
      items.map((item) => JSON.parse(textOf(item))),
      [{ a: 1 }, { b: 'ü' }, { c: 3 }],
    )
  }
})
