import { type OutgoingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../../kernel/problem.ts'
import type { Logger } from '../telemetry/index.ts'
import { isLingering, linger } from './linger.ts'
import { problemJson } from './problems.ts'

type ClientError = NodeJS.ErrnoException & { readonly bytesParsed?: number }

/**
 * Answers a caller whose bytes are no HTTP request, or do not become a whole one in time, and closes the connection.
 * A failed TLS handshake has no answer but the closing.
 */
export function clientErrors(
  mintRequestId: () => string,
  log: Logger,
  problemBaseUrl: string,
): (error: ClientError, socket: Socket) => void {
  return (error, socket) => {
    // Of a caller that was answered, whatever it still sends is no news.
    if (isLingering(socket)) return
    const problem = problemOf(error)
    if (problem === undefined || !socket.writable || hasBegunToAnswer(socket)) {
      socket.destroy()
      return
    }
    const requestId = mintRequestId()
    log.info(
      { requestId, status: problem.status, problem: problem.code, reason: error.code },
      'request cut off',
    )
    socket.write(rawAnswer(problem, requestId, problemBaseUrl))
    linger(socket)
  }
}

function problemOf({ code = '' }: ClientError): Problem | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem('request/too-slow', 'The request did not arrive whole in time. Send it again.')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('request/headers-too-large', 'Send fewer or shorter headers.')
  if (code.startsWith('HPE_'))
    return new Problem('request/unreadable', 'What was sent is not an HTTP/1.1 request.')
  return undefined
}

/** A second status line in the middle of an answer would be taken for a part of it. Node's own handler looks here too. */
function hasBegunToAnswer(socket: Socket): boolean {
  return (socket as Socket & { _httpMessage?: OutgoingMessage })._httpMessage?.headersSent ?? false
}

function rawAnswer(problem: Problem, requestId: string, problemBaseUrl: string): string {
  const body = problemJson(problem, requestId, problemBaseUrl)
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n')
}
