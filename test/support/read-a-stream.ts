// Reads a stream of interchanges and says what it cost: node --expose-gc read-a-stream.ts KIND MEGABYTES.
import { decodeStream } from '../../src/formats/x12/index.ts'
import { imaging } from './interchanges.ts'

const [kind = '', megabytes = '100'] = process.argv.slice(2)
const total = Number(megabytes) * 1_000_000

const sources: Readonly<Record<string, { readonly first: string; readonly again: string }>> = {
  sound: { first: '', again: imaging },
  faulty: { first: '', again: imaging.replace('*F~', '*Q~').replace('GE*1', 'GE*2') },
  'endless-segment': { first: imaging.slice(0, imaging.indexOf('N3*')), again: 'x'.repeat(1000) },
  'endless-transaction': { first: imaging.slice(0, imaging.indexOf('SE*')), again: 'REF*XY*1~' },
}
const source = sources[kind]
if (source === undefined) throw new Error(`no stream of the kind ${kind}`)

let sent = 0
let halfway = 0

/** A new piece each time, as from a socket. */
function* pieces({ first, again }: { readonly first: string; readonly again: string }) {
  yield Buffer.from(first)
  const piece = again.repeat(Math.ceil(65_536 / again.length))
  while (sent < total) {
    sent += piece.length
    if (halfway === 0 && sent >= total / 2) halfway = heap()
    yield Buffer.from(piece)
  }
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

let transactions = 0
let faults = 0
for await (const event of decodeStream(pieces(source))) {
  if (event.kind === 'transaction') {
    transactions++
    if (!event.transaction.result.ok) faults += event.transaction.result.faults.length
  } else if ('faults' in event) faults += event.faults.length
}
const peak = process.resourceUsage().maxRSS * 1024
process.stdout.write(JSON.stringify({ transactions, faults, halfway, end: heap(), peak }))
