import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { anInterchange } from '../../../test/support/a-submission.ts'
import {
  admission,
  group,
  imaging,
  interchange,
  threeTransactions,
  transaction,
} from '../../../test/support/interchanges.ts'
import { decodeInterchange, decodeRequest } from '../../formats/x12/index.ts'
import { Refused } from '../command.ts'
import { type DropFolder, openDropFolder } from './folder.ts'
import { type Piece, split } from './split.ts'
import { type Ask, type Outcome, type WorkedFile, workFile } from './work-file.ts'

describe('a file is taken apart', () => {
  test('one interchange with one transaction is sent as it is', () => {
    const text = anInterchange()
    const [piece, ...others] = split(`\n${text}\n`)
    assert.deepEqual(others, [])
    assert.equal(piece?.text, text)
    assert.equal(piece?.guide, '005010X217')
  })

  test('each transaction of several gets an interchange of its own, which is read as one, under its own numbers', () => {
    const text = threeTransactions()
    const read = decodeInterchange(text)
    assert.ok(read.ok)
    const numbers = read.value.groups.flatMap(({ transactions }) =>
      transactions.map((one) => one.controlNumber),
    )
    const pieces = split(text)
    assert.deepEqual(
      pieces.map((piece) => {
        const one = decodeRequest(piece.text)
        assert.ok(one.ok, JSON.stringify(one))
        assert.equal(one.value.envelope.interchangeControlNumber, read.value.header.controlNumber)
        return one.value.envelope.transactionControlNumber
      }),
      numbers,
    )
    assert.deepEqual(
      pieces.map(({ interchange: i, transaction: t }) => [i, t]),
      numbers.map((_, index) => [1, index + 1]),
    )
  })

  test('several interchanges, with line breaks between segments', () => {
    const second = interchange(2, [group(admission, 1, [transaction(admission, '0001')])])
    const pieces = split(`${imaging.trim()}\r\n\r\n${second.replaceAll('~', '~\r\n')}`)
    assert.deepEqual(
      pieces.map((piece) => piece.interchange),
      [1, 2],
    )
    for (const { text } of pieces) assert.ok(decodeRequest(text).ok)
  })

  test('one whose counts do not agree is left whole: nothing of it may be done', () => {
    for (const [from, to] of [
      [/GE\*\d/, 'GE*9'],
      [/IEA\*\d/, 'IEA*9'],
      [/IEA\*(\d)\*\d{9}/, 'IEA*$1*999999999'],
      [/~SE\*/, '~SX*'],
    ] as const) {
      const text = threeTransactions().replace(from, to)
      assert.equal(split(text).length, 1, to)
      assert.equal(split(text)[0]?.text, text.trim())
    }
  })

  test('what is cut off, or is no interchange, is one piece', () => {
    for (const text of [
      'Dear Sirs,',
      'ISA',
      anInterchange().slice(0, 300),
      anInterchange().slice(0, 50).trim(),
    ])
      assert.deepEqual(
        split(text).map((piece) => piece.text),
        [text],
      )
    assert.deepEqual(split(' \n '), [])
  })
})

let path: string
let folder: DropFolder | undefined
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'countersign-drop-'))
  folder = await openDropFolder(path)
})
afterEach(async () => {
  await folder?.close()
  await rm(path, { recursive: true, force: true })
})

const NOW = Date.UTC(2027, 0, 4)
const answer = (text: string): Outcome => ({ kind: '278', interchange: text })
const put = async (name: string, text: string, ageMs = 60_000) => {
  await writeFile(join(path, name), text)
  await utimes(join(path, name), (NOW - ageMs) / 1000, (NOW - ageMs) / 1000)
  await rename(join(path, name), join(path, 'in', name))
}
const listed = (part: string) => readdir(join(path, part)).then((names) => names.toSorted())
const content = (name: string) => readFile(join(path, name), 'utf8')

/** Looks into the folder once. */
async function look(ask: Ask): Promise<readonly (WorkedFile | undefined)[]> {
  assert.ok(folder)
  const worked: (WorkedFile | undefined)[] = []
  for await (const name of folder.take(NOW)) worked.push(await workFile(folder, name, ask, () => undefined))
  return worked
}

describe('a file that is put into in/', () => {
  test('is answered in out/ and moved to done/', async () => {
    await put('night.edi', threeTransactions())
    assert.deepEqual(await look(async ({ transaction: t }) => answer(`ISA ${t}~`)), [
      { name: 'night.edi', answered: 3, refused: 0 },
    ])
    assert.equal(await content('out/night.edi.278'), 'ISA 1~\nISA 2~\nISA 3~\n')
    assert.deepEqual(await listed('done'), ['night.edi'])
    for (const part of ['in', 'working', 'refused']) assert.deepEqual(await listed(part), [])
  })

  test('is moved to refused/ when something of it was, with where and what', async () => {
    await put('night.edi', threeTransactions())
    await look(async ({ transaction: t }) =>
      t === 1
        ? answer('ISA 1~')
        : t === 2
          ? { kind: '999', interchange: 'ISA 2~' }
          : { kind: 'refused', error: 'UnAuthorized', message: 'No.' },
    )
    assert.deepEqual(await listed('out'), ['night.edi.278', 'night.edi.999'])
    assert.deepEqual(await listed('refused'), ['night.edi', 'night.edi.problem.json'])
    assert.deepEqual(JSON.parse(await content('refused/night.edi.problem.json')), {
      file: 'night.edi',
      problems: [
        { interchange: 1, transaction: 2, error: '999', message: 'Refused; night.edi.999 says why.' },
        { interchange: 1, transaction: 3, error: 'UnAuthorized', message: 'No.' },
      ],
    })
  })

  test('is refused when it is empty', async () => {
    await put('empty.edi', '')
    assert.deepEqual(await look(async () => answer('')), [{ name: 'empty.edi', answered: 0, refused: 1 }])
  })

  test('is left alone while it is written: by its name, or as it was written to a moment ago', async () => {
    for (const name of ['.night.edi', 'night.edi.part', 'night.edi.tmp', 'night.edi.filepart'])
      await put(name, anInterchange())
    await put('fresh.edi', anInterchange(), 1000)
    assert.deepEqual(await look(async () => answer('')), [])
    assert.equal((await listed('in')).length, 5)
  })

  test('of a name that was used before gets a number: no answer is written over', async () => {
    await put('night.edi', anInterchange())
    await look(async () => answer('first~'))
    await rm(join(path, 'done/night.edi'))
    await put('night.edi', anInterchange())
    await look(async () => answer('second~'))
    assert.deepEqual(await listed('out'), ['night.edi.2.278', 'night.edi.278'])
    assert.equal(await content('out/night.edi.278'), 'first~\n')
  })
})

describe('nothing is lost, and nothing is asked twice that was answered', () => {
  test('what cannot be answered now is asked again, from where it was', async () => {
    await put('night.edi', threeTransactions())
    const asked: number[] = []
    const ask =
      (isDown: boolean): Ask =>
      async ({ transaction: t }: Piece) => {
        asked.push(t)
        return isDown && t === 2 ? { kind: 'later', message: 'down' } : answer(`ISA ${t}~`)
      }
    assert.deepEqual(await look(ask(true)), [undefined])
    assert.deepEqual(await listed('working').then((names) => names.filter((name) => !name.startsWith('.'))), [
      'night.edi',
    ])
    assert.deepEqual(await listed('out'), [])
    assert.deepEqual(await look(ask(false)), [{ name: 'night.edi', answered: 3, refused: 0 }])
    assert.deepEqual(asked, [1, 2, 2, 3])
    assert.deepEqual(await listed('working'), [])
  })

  test('a process that dies anywhere leaves what the next one finishes', async () => {
    await put('night.edi', threeTransactions())
    const asked: number[] = []
    await assert.rejects(
      look(async ({ transaction: t }) => {
        asked.push(t)
        if (t === 3) throw new Error('killed')
        return answer(`ISA ${t}~`)
      }),
    )
    // As a kill leaves it: half a line of what the third was answered.
    const journal = join(path, 'working/.night.edi.journal')
    await writeFile(journal, `${await readFile(journal, 'utf8')}{"kind":"27`)
    for (const isDying of [true, false]) {
      await folder?.close()
      folder = await openDropFolder(path)
      // After the third was written down: in the middle of putting the answers where they belong.
      if (isDying) folder = { ...folder, put: () => Promise.reject(new Error('killed')) }
      const looked = look(async ({ transaction: t }) => {
        asked.push(t)
        return answer(`ISA ${t}~`)
      })
      if (isDying) await assert.rejects(looked, /killed/)
      else await looked
    }
    assert.deepEqual(asked, [1, 2, 3, 3])
    assert.equal(await content('out/night.edi.278'), 'ISA 1~\nISA 2~\nISA 3~\n')
  })

  test('a folder that another process has is refused; one whose process was killed is not', async () => {
    await writeFile(join(path, 'drop.lock'), '1')
    await assert.rejects(openDropFolder(path), Refused)
    await writeFile(join(path, 'drop.lock'), '999999999')
    await (await openDropFolder(path)).close()
  })
})
