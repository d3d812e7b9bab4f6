import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'

/** 19 MiB, two passes, one lane. @see OWASP Password Storage Cheat Sheet, "Argon2id" */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32

/** Each hash occupies one of libuv's four threads, which files and name look-ups share. */
const AT_ONCE = 2
const WAITING_AT_MOST = 64

export interface PasswordHash {
  /** @returns the PHC string: `$argon2id$v=19$m=...,t=...,p=...$salt$tag` */
  hash(password: string): Promise<string>
  /**
   * Compares in constant time, with the parameters that the hash names. Against `undefined` it works as long and answers
   * false, so that the time does not tell whether there is anybody.
   *
   * @throws Error when the hash is not one of ours
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
}

const derive = promisify(argon2)

/**
 * argon2id for people's passwords, a few at a time.
 *
 * Both functions throw Problem `system/unavailable` when too many are waiting already.
 */
export function passwordHash(random: Random): PasswordHash {
  const inTurn = queue(AT_ONCE, WAITING_AT_MOST)
  const tag = (password: string, parameters: Omit<Argon2Parameters, 'message'>) =>
    inTurn(() => derive('argon2id', { ...parameters, message: normalized(password) }))
  const fresh = () => ({
    nonce: random(SALT_BYTES),
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  })
  return {
    hash: async (password) => {
      const parameters = fresh()
      const made = await tag(password, parameters)
      return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(parameters.nonce)}$${base64(made)}`
    },
    verify: async (hash, password) => {
      if (hash === undefined) {
        await tag(password, fresh())
        return false
      }
      const { expected, ...parameters } = readHash(hash)
      return timingSafeEqual(await tag(password, { ...parameters, tagLength: expected.length }), expected)
    },
  }
}

/** The same characters typed on another keyboard are the same password. @see NIST SP 800-63B-4 section 3.1.1.2 */
function normalized(password: string): Uint8Array {
  return Buffer.from(password.normalize('NFKC'), 'utf8')
}

function readHash(hash: string) {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash)
  if (!match) throw new Error('not an argon2id hash')
  const [, memory, passes, parallelism, salt, tag] = match
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt ?? '', 'base64'),
    expected: Buffer.from(tag ?? '', 'base64'),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

/** Lets `atOnce` pieces of work run and `waitingAtMost` wait. */
function queue(atOnce: number, waitingAtMost: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < atOnce) running++
    else if (waiting.length >= waitingAtMost)
      throw new Problem('system/unavailable', 'Too many people are signing in at this moment; try again.', {
        retryAfterSeconds: 5,
      })
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
