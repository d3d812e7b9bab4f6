import { EnvelopeReader } from '../src/formats/x12/envelope/index.ts'
import { decodeInterchange, decodeRequest, decodeStream } from '../src/formats/x12/index.ts'
import { readingOf } from '../src/formats/x12/reading/index.ts'
import { Cutter } from '../src/formats/x12/text/index.ts'
import type { Contestant } from './x12-contestant.ts'

/** Ours: a transaction is sorted into the loops of its guide, every rule of the table is checked, and its values are read. */
export const ours: Contestant = {
  does: 'cut, checked against the guide, read into values',
  one(text) {
    const read = decodeRequest(text)
    if (!read.ok) throw new Error(read.faults[0]?.message)
    return read.value.guide.length
  },
  large(text) {
    const read = decodeInterchange(text)
    if (!read.ok || read.value.faults.length > 0) throw new Error('the sample has faults')
    const results = read.value.groups.flatMap(({ transactions }) =>
      transactions.map(({ result }) => result.ok),
    )
    if (results.includes(false)) throw new Error('a sample has faults')
    return results.length
  },
  async stream(source) {
    let transactions = 0
    for await (const event of decodeStream(source)) {
      if (event.kind !== 'transaction') continue
      if (!event.transaction.result.ok) throw new Error('a sample has faults')
      transactions++
    }
    return transactions
  },
}

/** Ours as far as the peers go: cut, and every count and control number checked; what is in a transaction is not looked at. */
export const oursInPart: Contestant = {
  does: 'cut, trailers checked',
  one: takeApart,
  large: takeApart,
}

function takeApart(text: string): number {
  const reading = readingOf()
  let transactions = 0
  const envelope = new EnvelopeReader(reading, {
    transaction: ({ findings }) => {
      if (findings.isClean) transactions++
    },
  })
  const cutter = new Cutter(envelope, reading.budget)
  cutter.push(text)
  cutter.end()
  envelope.finish()
  return transactions
}
