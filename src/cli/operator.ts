import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import { Refused } from './command.ts'

interface ProblemDetails {
  readonly title: string
  readonly detail: string
  readonly faults?: readonly { readonly at: string; readonly message: string }[]
}

/**
 * Asks the running server over the socket that only its own user can open.
 *
 * @throws Refused when no server runs there, or with the problem that it answered
 */
export async function askOperator<T>(
  dataDirectory: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> {
  const { status, text } = await send(await socketOf(dataDirectory), method, path, body).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Refused(
        error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
          ? `No server runs on ${dataDirectory}. Start one with: npm start (or name its folder with --data-dir)`
          : `The server on ${dataDirectory} cannot be asked: ${error.message}`,
      )
    },
  )
  if (status >= 200 && status < 300) return JSON.parse(text) as T
  throw new Refused(describe(JSON.parse(text) as ProblemDetails))
}

/** Where the server listens: in its data directory, unless a note there names another place. */
async function socketOf(dataDirectory: string): Promise<string> {
  const note = await readFile(join(dataDirectory, 'run/operator.path'), 'utf8').catch(() => undefined)
  return note ?? join(dataDirectory, 'run/operator.sock')
}

/** A problem as a person reads it: what happened, then each fault on a line. */
export function describe({ title, detail, faults }: ProblemDetails): string {
  return [`${title}. ${detail}`, ...(faults ?? []).map(({ at, message }) => `  ${at}: ${message}`)].join('\n')
}

function send(socketPath: string, method: string, path: string, body: unknown) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = http.request({ socketPath, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
