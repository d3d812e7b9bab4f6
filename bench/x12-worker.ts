// Measures one codec at one work, in a process of its own: node bench/x12-worker.ts CONTESTANT WORK SECONDS [FOLDER].
import type { Contestant } from './x12-contestant.ts'
import { aLargeInterchange, anInterchange, aStream } from './x12-documents.ts'
import { nodeX12 } from './x12-node-x12.ts'
import { ours, oursInPart } from './x12-ours.ts'
import { x12Parser } from './x12-parser.ts'

const [name = '', work = '', seconds = '3', folder] = process.argv.slice(2)
const DOCUMENTS = 4000
const TRANSACTIONS = 2000
const STREAM_BYTES = 100_000_000

const contestants: Readonly<Record<string, () => Contestant>> = {
  ours: () => ours,
  'ours, in part': () => oursInPart,
  'node-x12': () => nodeX12(folder, 'nothing'),
  'node-x12, validating': () => nodeX12(folder, 'validating'),
  'node-x12, mapping': () => nodeX12(folder, 'mapping'),
  'node-x12, all it can': () => nodeX12(folder, 'validating and mapping'),
  'x12-parser': () => x12Parser(folder),
}
const contestant = contestants[name]?.()
if (contestant === undefined) throw new Error(`no contestant ${name}`)

/** What the processors of this process spent so far. On a machine that others use too, it says more than the clock. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Does it over and over for so long, after a second of warming up; gives megabytes per second of processor time. */
async function repeat(
  once: (round: number) => number | Promise<number>,
  sizeOf: (round: number) => number,
  often: number,
) {
  const during = async (milliseconds: number) => {
    const began = cpuMs()
    let bytes = 0
    // Looking at the clock costs as much as reading a small document; so not every time.
    for (let round = 0; round % often !== 0 || cpuMs() - began < milliseconds; round++) {
      if ((await once(round)) === 0) throw new Error('nothing was read')
      bytes += sizeOf(round)
    }
    return bytes / 1e6 / ((cpuMs() - began) / 1000)
  }
  await during(1000)
  return during(Number(seconds) * 1000)
}

async function measure({ one, large, stream }: Contestant): Promise<number> {
  if (work === 'one') {
    const documents = Array.from({ length: DOCUMENTS }, (_, serial) => flat(anInterchange(serial)))
    const document = (round: number) => documents[round % DOCUMENTS] ?? ''
    return repeat(
      (round) => one(document(round)),
      (round) => document(round).length,
      50,
    )
  }
  if (work === 'large') {
    const text = flat(aLargeInterchange(TRANSACTIONS))
    return repeat(
      () => large(text),
      () => text.length,
      1,
    )
  }
  if (stream === undefined) return 0
  const began = cpuMs()
  await stream(aStream(STREAM_BYTES))
  return STREAM_BYTES / 1e6 / ((cpuMs() - began) / 1000)
}

/** One piece of memory, as text comes from a socket; what was put together would be flattened by its first reader. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

const megabytesPerSecond = await measure(contestant)
const peakMb = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ does: contestant.does, megabytesPerSecond, peakMb }))
