import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Contestant, findPeer } from './x12-contestant.ts'

/** x12-parser 1.3.0 (MIT): a stream of segments as objects. It checks nothing. */
export function x12Parser(folder: string | undefined): Contestant {
  const { X12parser } = findPeer<{ X12parser: new () => NodeJS.ReadWriteStream }>('x12-parser', folder)
  const read = async (source: Iterable<Uint8Array | string>) => {
    let segments = 0
    const count = new Writable({
      objectMode: true,
      write(_, __, done) {
        segments++
        done()
      },
    })
    await pipeline(Readable.from(source), new X12parser(), count)
    return segments
  }
  return {
    does: 'cut',
    one: (text) => read([text]),
    large: (text) => read([text]),
    stream: read,
  }
}
