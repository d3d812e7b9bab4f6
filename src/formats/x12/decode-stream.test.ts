import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  admission,
  edited,
  group,
  imaging,
  interchange,
  threeTransactions,
  transaction,
} from '../../../test/support/interchanges.ts'
import { decodeStream, type InterchangeEvent, type ReadingOptions } from './index.ts'

const utf8 = new TextEncoder()

/** Reads a text that comes in pieces of so many bytes. */
async function streamed(
  text: string | Uint8Array,
  size: number,
  options?: ReadingOptions,
): Promise<readonly InterchangeEvent[]> {
  const bytes = typeof text === 'string' ? utf8.encode(text) : text
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  return Array.fromAsync(decodeStream(pieces, options))
}

function faultsOf(events: readonly InterchangeEvent[]): readonly string[] {
  return events
    .flatMap((event) => {
      if (event.kind === 'transaction')
        return event.transaction.result.ok ? [] : event.transaction.result.faults
      return 'faults' in event ? event.faults : []
    })
    .map(({ at, message }) => `${at}: ${message}`)
}

const both = threeTransactions() + interchange(8, [group(imaging, 1, [transaction(imaging, '0001')])])

describe('a stream of interchanges', () => {
  test('is told alike however long its pieces are: accents between, and other delimiters in the next interchange', async () => {
    const other = both.replaceAll('*', '|').replaceAll('~', '\n')
    const accented = both.replaceAll('Heron', 'Hérón')
    const text = Array.from({ length: 12 }, () => both + accented + other).join('')
    const [whole, inPieces] = [await streamed(text, text.length * 2), await streamed(text, 333)]
    assert.equal(whole.filter(({ kind }) => kind === 'interchange').length, 72)
    assert.deepEqual(faultsOf(whole), [])
    assert.deepEqual(inPieces, whole)
  })

  test('is told in the order of the text', async () => {
    const kinds = (await streamed(both, 1000)).map(({ kind }) => kind)
    assert.deepEqual(kinds, [
      'interchange',
      'group',
      'transaction',
      'transaction',
      'group-end',
      'group',
      'transaction',
      'group-end',
      'interchange-end',
      'interchange',
      'group',
      'transaction',
      'group-end',
      'interchange-end',
    ])
  })

  test('is read the same wherever it is cut', async () => {
    const text = `\ufeff${edited(both, 'Larkspur Cardiology', 'Lärkspür Cardiology').replaceAll('~', '~\r\n')}`
    const whole = await streamed(text, 1_000_000)
    assert.deepEqual(faultsOf(whole), [])
    for (const size of [1, 2, 3, 7, 107, 1001]) assert.deepEqual(await streamed(text, size), whole, `${size}`)
  })

  test('is read the same wherever it is cut, faults and all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(both.length),
        fc.nat(12),
        fc.integer({ min: 1, max: 300 }),
        async (at, length, size) => {
          const text = both.slice(0, at) + both.slice(at + length)
          assert.deepEqual(await streamed(text, size), await streamed(text, 1_000_000))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('counts bytes from its start, and segments from the ISA of each interchange', async () => {
    const text = `${threeTransactions()}\n${edited(imaging, '*19581103*F~', '*19580231*F~')}`
    const [fault = ''] = faultsOf(await streamed(text, 64))
    assert.match(
      fault,
      new RegExp(`^2010C/DMG-02, segment 18, byte ${text.indexOf('19580231')}: .*"19580231"`),
    )
  })

  test('may change its delimiters from one interchange to the next', async () => {
    const other = admission
      .replaceAll('*', '|')
      .replaceAll(':', '>')
      .replaceAll('^', '!')
      .replaceAll('~', '\n')
    const events = await streamed(`${imaging}${other}${imaging}`, 50)
    assert.deepEqual(faultsOf(events), [])
    assert.equal(events.filter(({ kind }) => kind === 'transaction').length, 3)
  })

  test('goes on with the next interchange after one that was cut off', async () => {
    const cut = imaging.slice(0, imaging.indexOf('SE*'))
    const events = await streamed(`${cut}${admission}`, 50)
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'transaction' ? [event.transaction.result.ok] : [])),
      [false, true],
    )
    assert.equal(faultsOf(events).length, 3)
  })

  test('ends with what is no interchange', async () => {
    const events = await streamed(`${imaging}rubbish${imaging}`, 50)
    assert.deepEqual(events.at(-1)?.kind, 'unreadable')
    assert.match(
      faultsOf(events).join(),
      new RegExp(`^byte ${imaging.length}: expected an interchange.*"rub"$`),
    )
  })

  test('that is empty has a fault', async () => {
    assert.match(faultsOf(await streamed('', 1)).join(), /^byte 0: expected an interchange.*found nothing/)
  })

  test('with bytes that are no UTF-8 has a fault where they stand', async () => {
    const bytes = utf8.encode(imaging)
    bytes[imaging.indexOf('Castellan')] = 0xff
    const [fault = ''] = faultsOf(await streamed(bytes, 10))
    assert.match(
      fault,
      /^PER-02, segment 12, byte \d+: U\+FFFD stands where bytes could not be read as UTF-8/,
    )
  })

  test('never holds more of a segment than the budget, and names its whole length', async () => {
    const text = edited(imaging, 'see the note', 'x'.repeat(1_000_000))
    const [fault = ''] = faultsOf(await streamed(text, 4096))
    assert.match(
      fault,
      /^MSG, segment 23, byte \d+: the segment is 1000066 characters long; at most 4000 are read/,
    )
    assert.deepEqual(await streamed(text, 4096), await streamed(text, 1_000_000))
  })

  test('reads what comes after a segment that was too long', async () => {
    const text = edited(imaging, 'see the note', 'x'.repeat(100_000))
    const events = await streamed(`${text}${admission}`, 4096)
    assert.deepEqual(faultsOf(events).length, 1)
    const last = events.findLast((event) => event.kind === 'transaction')
    assert.ok(last?.kind === 'transaction' && last.transaction.result.ok)
  })

  test('refuses a transaction of more segments than the budget, once, and reads the next', async () => {
    const text = edited(imaging, 'SE*32*', `${'MSG*x~'.repeat(500)}SE*532*`)
    const events = await streamed(`${text}${admission}`, 4096, { budget: { segments: 100 } })
    assert.deepEqual(
      faultsOf(events).map((fault) => fault.replace(/byte \d+/, 'byte')),
      ['MSG, segment 104, byte: the transaction has more than 100 segments; none is read'],
    )
  })

  test('refuses a transaction of more levels than the budget, once', async () => {
    const levels = Array.from({ length: 200 }, (_, index) => `HL*${index + 7}*4*SS*0~`)
    const text = edited(imaging, 'SE*32*', `${levels.join('')}SE*232*`)
    const events = await streamed(text, 4096, { budget: { levels: 100 } })
    assert.match(
      faultsOf(events).join(),
      /^HL, segment \d+, byte \d+: the transaction has more than 100 levels \(HL\)/,
    )
  })
})
