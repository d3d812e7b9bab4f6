import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'

export interface Message {
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/**
 * Sends mail. Resolves when the message is in somebody else's hands: a relay's (SMTP, which is not here yet) or the
 * outbox's. Implementations never log a message: it may hold a link that opens an account.
 *
 * @throws Error when the message could not be handed over, or its address or subject holds a line break
 */
export interface Mailer {
  send(message: Message): Promise<void>
}

export interface KeptMessage extends Message {
  readonly id: string
  /** When it was sent, in ISO form. */
  readonly at: string
}

/** A mailer for development: nothing leaves the machine, and what was sent can be read. */
export interface Outbox extends Mailer {
  /** @returns the newest first, `limit` of them at most */
  messages(limit?: number): Promise<readonly KeptMessage[]>
}

export interface OutboxOptions {
  /** The folder; made when absent, and closed to everybody but its owner. */
  readonly directory: string
  readonly clock: Clock
  readonly random: Random
  /** The oldest beyond this many are deleted. */
  readonly keep?: number
}

const READ_AT_MOST = 100
const FILE = /^\d{15}-[0-9a-f]{16}\.json$/

/** Opens the outbox in a folder: one JSON file for each message, its name sorting by the moment it was sent. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { directory, clock, random, keep = 500 } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)

  const names = async () => (await readdir(directory)).filter((name) => FILE.test(name)).sort()

  return {
    send: async (message) => {
      requireOneLine(message.to)
      requireOneLine(message.subject)
      const now = clock.now()
      const id = `${String(now).padStart(15, '0')}-${Buffer.from(random(8)).toString('hex')}`
      const kept: KeptMessage = { id, ...message, at: new Date(now).toISOString() }
      // Written aside and renamed, so that a reader never meets half a message.
      const draft = join(directory, `.${id}.draft`)
      await writeFile(draft, JSON.stringify(kept, null, 2), { mode: 0o600 })
      await rename(draft, join(directory, `${id}.json`))
      const surplus = (await names()).slice(0, -keep)
      await Promise.all(surplus.map((name) => rm(join(directory, name), { force: true })))
    },
    messages: async (limit = READ_AT_MOST) => {
      const newest = (await names()).reverse().slice(0, Math.min(limit, READ_AT_MOST))
      const read = await Promise.all(newest.map((name) => readMessage(join(directory, name))))
      return read.filter((message) => message !== undefined)
    },
  }
}

/** A file that vanished meanwhile, or that somebody damaged, is passed over. */
async function readMessage(file: string): Promise<KeptMessage | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KeptMessage
  } catch {
    return undefined
  }
}

/** A line break in a header would begin another header. */
function requireOneLine(header: string): void {
  if (/[\r\n]/.test(header)) throw new Error('an address or subject holds a line break')
}
