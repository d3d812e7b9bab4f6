import { once } from 'node:events'
import tls from 'node:tls'

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** One kept-alive connection, on which one request at a time is asked. */
export interface Connection {
  /** @throws Error when the connection breaks, or the answer has no length */
  ask(request: string): Promise<Answer>
  close(): void
}

const HEAD_ENDS = '\r\n\r\n'

/**
 * Connects over TLS, with one authority trusted. Far leaner than an HTTP client, so that the load costs the machine little
 * and the figures are the server's.
 */
export async function connect(url: string, ca: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = tls.connect({ host: hostname, port: Number(port), servername: hostname, ca })
  await once(socket, 'secureConnect')
  socket.setNoDelay(true)
  let received: Buffer = Buffer.alloc(0)
  let waiting: PromiseWithResolvers<Answer> | undefined
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    try {
      const answer = readAnswer(received)
      if (!answer) return
      received = Buffer.alloc(0)
      waiting?.resolve(answer)
      waiting = undefined
    } catch (error) {
      fail(error as Error)
    }
  })
  return {
    ask: (request) => {
      waiting = Promise.withResolvers<Answer>()
      socket.write(request)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}

/** @returns undefined while more is to come */
function readAnswer(bytes: Buffer): Answer | undefined {
  const headLength = bytes.indexOf(HEAD_ENDS)
  if (headLength < 0) return undefined
  const head = bytes.toString('latin1', 0, headLength)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error('the answer does not tell its length')
  const start = headLength + HEAD_ENDS.length
  const end = start + Number(length)
  if (bytes.length < end) return undefined
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(start, end) }
}

/** A whole request as it goes over the wire. Everything in it is ASCII. */
export function spell(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = body === '' ? '' : `content-length: ${body.length}\r\n`
  return `${method} ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n${lines.join('')}${length}\r\n${body}`
}
