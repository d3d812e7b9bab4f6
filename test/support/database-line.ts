import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The network between a process and its database, for cutting. */
export interface DatabaseLine {
  /** The database's URL by way of this line. */
  readonly url: string
  /** `refuse`: connections end, and no new one is made. `hang`: nothing passes any more, and nobody is told. */
  cut(how: 'refuse' | 'hang'): void
  mend(): void
  close(): Promise<void>
}

/** Lays a line to the database that a URL names. */
export async function databaseLine(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl)
  let state: 'open' | 'refuse' | 'hang' = 'open'
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    if (state === 'refuse') {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      // While it hangs, what comes is thrown away: the other end waits for ever.
      from.on('data', (chunk) => {
        if (state !== 'hang') to.write(chunk)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        ends.delete(from)
        if (state !== 'hang') to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  const drop = () => {
    for (const end of ends) end.destroy()
  }
  return {
    url: url.href,
    cut: (how) => {
      state = how
      if (how === 'refuse') drop()
    },
    mend: () => {
      // What hung has lost bytes: it can only be begun again.
      drop()
      state = 'open'
    },
    close: async () => {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
