import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hex, type SignedHead } from './chain.ts'

/** A sealed head as it is kept outside the database: enough to check its signature by. */
export interface Anchor extends SignedHead {
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

/** A line of the file. The names are the file's own, for those who read it with other tools. */
interface AnchorLine {
  readonly schema: string
  readonly ordinal: number
  readonly head: string
  readonly keyId: string
  readonly publicKey: string
  readonly signature: string
  readonly at: string
}

/**
 * Adds an anchor to the end of a file, for its owner alone (0600), and waits until it is on the disk.
 *
 * @throws when the file cannot be written
 */
export async function appendAnchor(path: string, anchor: Anchor): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a+', 0o600)
  try {
    // A line that a power failure cut short must not take the next one with it.
    const start = (await isCutShort(file)) ? '\n' : ''
    await file.write(`${start}${JSON.stringify(lineOf(anchor))}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function isCutShort(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}

/** The anchors of a file, in the order of its lines; and the numbers of the lines that are none, from 1. */
export interface AnchorFile {
  readonly anchors: readonly Anchor[]
  readonly unreadable: readonly number[]
}

/** @returns undefined when there is no such file. @throws when it cannot be read */
export async function readAnchors(path: string): Promise<AnchorFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const read = text
    .split('\n')
    .map((line, i) => ({ number: i + 1, line, anchor: anchorOf(line) }))
    .filter(({ line }) => line.trim() !== '')
  return {
    anchors: read.flatMap(({ anchor }) => anchor ?? []),
    unreadable: read.filter(({ anchor }) => !anchor).map(({ number }) => number),
  }
}

function lineOf(anchor: Anchor): AnchorLine {
  return {
    schema: anchor.log,
    ordinal: anchor.ordinal,
    head: hex(anchor.head),
    keyId: anchor.keyId,
    publicKey: hex(anchor.publicKey),
    signature: hex(anchor.signature),
    at: anchor.sealedAt,
  }
}

function anchorOf(line: string): Anchor | undefined {
  const found = parsed(line)
  if (typeof found !== 'object' || found === null) return undefined
  const { schema, ordinal, head, keyId, publicKey, signature, at } = found as Partial<AnchorLine>
  const isWhole =
    typeof schema === 'string' &&
    Number.isSafeInteger(ordinal) &&
    typeof keyId === 'string' &&
    typeof at === 'string' &&
    isHex(head, 32) &&
    isHex(publicKey, 32) &&
    isHex(signature, 64)
  if (!isWhole) return undefined
  return {
    log: schema,
    ordinal: Number(ordinal),
    head: bytes(head),
    keyId,
    publicKey: bytes(publicKey),
    signature: bytes(signature),
    sealedAt: at,
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isHex(text: unknown, length: number): text is string {
  return typeof text === 'string' && text.length === length * 2 && /^[0-9a-f]+$/.test(text)
}

function bytes(text: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(text), 'hex'))
}
