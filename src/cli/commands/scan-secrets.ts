import { createReadStream } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { findSecrets, hintOf, SECRET_LENGTH } from '../../kernel/credential-format.ts'
import { type Command, Refused, WrongUsage } from '../command.ts'
import { caFileOf } from '../credential.ts'
import { call, JSON_BODY } from '../https.ts'
import { readCa } from '../session.ts'

/** Packages of others, and git's own store, where text is compressed: history is scanned with `git log -p | … scan -`. */
const SKIPPED = new Set(['node_modules', '.git'])

export const scanSecrets: Command = {
  words: 'secrets scan',
  takes: 'PATH...',
  does: 'Look through files for client secrets of this platform; works without a server. "-" reads standard input.',
  options: {
    report: { type: 'string', means: "a gateway's URL, whose /leaks ends what is found: https://…" },
  },
  run: async (paths, options, { out, asJson, environment, dataDirectory }) => {
    if (paths.length === 0) throw new WrongUsage('a file or folder to scan is needed')
    const found: (Find & { readonly secret: string })[] = []
    for (const path of paths)
      for await (const file of filesOf(path))
        for await (const find of findsIn(file)) {
          found.push(find)
          if (!asJson) out.write(`${find.file}:${find.line}: ${find.hint}\n`)
        }
    if (asJson) out.write(`${JSON.stringify(found.map(({ secret: _, ...shown }) => shown))}\n`)
    if (typeof options.report === 'string' && found.length > 0) {
      await report(
        options.report,
        [...new Set(found.map(({ secret }) => secret))],
        readCa(environment.COUNTERSIGN_CA_FILE ?? caFileOf(dataDirectory)),
      )
      if (!asJson) out.write('Reported. Whatever of it is a secret there ends within a second.\n')
    }
    return found.length === 0 ? 0 : 1
  },
}

interface Find {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly hint: string
}

/** The files below a path, links not followed. @throws Refused when it cannot be read */
async function* filesOf(path: string): AsyncGenerator<string> {
  if (path === '-') {
    yield path
    return
  }
  const found = await lstat(path).catch((error: Error) => {
    throw new Refused(`${path} cannot be read: ${error.message}`)
  })
  if (found.isFile()) yield path
  if (!found.isDirectory()) return
  for await (const entry of await opendir(path)) {
    if (SKIPPED.has(entry.name)) continue
    if (entry.isDirectory() || entry.isFile()) yield* filesOf(join(path, entry.name))
  }
}

/**
 * The secrets in a file of any size and kind: it is read in pieces, and the end of each, where a secret may have been cut,
 * is read again with the next. Bytes are taken for characters: what is ASCII is found in UTF-8 and in no text at all, not in UTF-16.
 */
async function* findsIn(file: string): AsyncGenerator<Find & { readonly secret: string }> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 16 })
  let kept = ''
  let line = 1
  try {
    for await (const piece of stream) {
      const text = kept + Buffer.from(piece).toString('latin1')
      let counted = 0
      // One that ends with the piece is whole. What is kept is shorter than a secret, so none is found twice.
      let from = Math.max(0, text.length - SECRET_LENGTH + 1)
      for (const { secret, at } of findSecrets(text)) {
        line += linesIn(text.slice(counted, at))
        counted = at
        from = Math.max(from, at + SECRET_LENGTH)
        yield { file, line, hint: hintOf(secret), secret }
      }
      line += linesIn(text.slice(counted, from))
      kept = text.slice(from)
    }
  } catch (error) {
    throw new Refused(`${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

function linesIn(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** As many at a time as one report may hold. */
const AT_A_TIME = 100

async function report(url: string, secrets: readonly string[], ca: string | undefined): Promise<void> {
  for (let i = 0; i < secrets.length; i += AT_A_TIME) {
    const body = JSON.stringify({ secrets: secrets.slice(i, i + AT_A_TIME) })
    const { status } = await call(`${url.replace(/\/+$/, '')}/leaks`, ca, {
      headers: JSON_BODY,
      body,
    })
    if (status !== 202) throw new Refused(`The report was not taken: ${status}.`)
  }
}
