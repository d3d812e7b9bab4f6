import { createHash } from 'node:crypto'
import { Problem } from '../../../kernel/problem.ts'
import { UPLOAD } from '../../batches/index.ts'

/** An upload as it comes in: counted, hashed, and never more than is taken. */
export interface Meter {
  /** @throws Problem `request/too-large` */
  readonly pieces: AsyncGenerator<Uint8Array>
  readonly bytes: number
  /** SHA-256 of what came. */
  digest(): Uint8Array
}

/** @param source a request's body. It is not destroyed when reading ends early: its sender is still to be answered */
export function meter(source: NodeJS.ReadableStream & AsyncIterable<Buffer | string>): Meter {
  const hash = createHash('sha256')
  let bytes = 0
  const { iterator } = source as unknown as {
    iterator(options: { destroyOnReturn: boolean }): AsyncIterableIterator<Buffer>
  }
  async function* pieces() {
    for await (const piece of iterator.call(source, { destroyOnReturn: false })) {
      bytes += piece.length
      if (bytes > UPLOAD.bytes) throw tooLarge()
      hash.update(piece)
      yield piece
    }
  }
  return {
    pieces: pieces(),
    get bytes() {
      return bytes
    },
    digest: () => new Uint8Array(hash.digest()),
  }
}

export function tooLarge(): Problem {
  return new Problem(
    'request/too-large',
    `An upload has ${UPLOAD.bytes / 1024 / 1024} MiB at most; nothing was kept. Send it in parts.`,
  )
}
