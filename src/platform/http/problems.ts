import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import { acceptedTypes } from './bodies.ts'
import { unansweredPath } from './paths.ts'

/** Writes a problem in the way of one door. Status, `Retry-After` and `WWW-Authenticate` are set already; it may change them, and must send. */
export type SpellProblem = (problem: Problem, request: FastifyRequest, reply: FastifyReply) => void

export interface ProblemSettings {
  /** Where the pages about problems are: `type` is this, a slash and the code. */
  readonly problemBaseUrl: string
  /** The value of `WWW-Authenticate` for a problem; undefined: none. */
  challenge?(problem: Problem): string | undefined
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly problemSettings: ProblemSettings
    /** The prefixes under which somebody answers for paths that do not exist. */
    readonly unansweredPrefixes: Set<string>
  }
  interface FastifyRequest {
    /** The code of the problem it was answered with, for the log. */
    problemCode: string | undefined
  }
}

/**
 * Has a scope write its problems its own way: those that its handlers throw, and those that arise before them (a body
 * that is too large, no JSON, of another media type). Nothing outside of the scope changes. With a prefix of its own,
 * what is not found under it is written that way too.
 *
 * @param scope the encapsulated instance that a plugin is given
 */
export function spellProblems(scope: FastifyInstance, spell: SpellProblem): void {
  scope.setErrorHandler<FastifyError>((error, request, reply) => {
    answerProblem(problemOf(error, request), request, reply, spell)
  })
  // One scope answers for a prefix; a second one within it answers for its own routes alone.
  if (scope.unansweredPrefixes.has(scope.prefix)) return
  scope.unansweredPrefixes.add(scope.prefix)
  scope.setNotFoundHandler((request, reply) => {
    answerProblem(unansweredPath(request, reply), request, reply, spell)
  })
}

/**
 * A problem as JSON.
 *
 * @see RFC 9457 section 3
 */
export const spellAsProblemJson: SpellProblem = (problem, request, reply) => {
  reply.header('content-type', 'application/problem+json')
  reply.send(problemJson(problem, request.id, request.server.problemSettings.problemBaseUrl))
}

/** The text of a problem as JSON. */
export function problemJson(problem: Problem, requestId: string, problemBaseUrl: string): string {
  const { code, title, status, detail, faults } = problem
  return JSON.stringify({ type: `${problemBaseUrl}/${code}`, title, status, detail, code, faults, requestId })
}

/** Answers with a problem: what every spelling has in common, then the spelling. */
export function answerProblem(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  spell: SpellProblem,
): void {
  request.problemCode = problem.code
  // Fastify closes the connection after a body it did not like, as more of it may follow; this one came whole.
  if (request.raw.complete) reply.removeHeader('connection')
  reply.code(problem.status)
  if (problem.retryAfterSeconds !== undefined)
    reply.header('retry-after', Math.ceil(problem.retryAfterSeconds))
  const challenge = request.server.problemSettings.challenge?.(problem)
  if (challenge !== undefined) reply.header('www-authenticate', challenge)
  spell(problem, request, reply)
}

/** The problem that an error means to a caller. What is no problem of theirs goes to the log, and they are told nothing of it. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) {
    if (error.cause !== undefined)
      request.log.warn({ problem: error.code, err: error.cause }, 'problem with a cause')
    return error
  }
  const known = frameworkProblem(error as FastifyError, request)
  if (known) return known
  request.log.error({ err: error, route: request.routeOptions.url }, 'unexpected error')
  return new Problem(
    'system/unexpected',
    'The fault is on our side. The request id finds its cause in our log.',
  )
}

function frameworkProblem(error: FastifyError, request: FastifyRequest): Problem | undefined {
  if (error?.validation) return invalid(error)
  switch (error?.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(
        'request/media-type',
        `Send the body as ${acceptedTypes(request.server).join(' or ')}.`,
      )
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(
        'request/too-large',
        `The body may have ${request.routeOptions.bodyLimit} bytes at most.`,
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('request/unreadable', 'The body is not as long as its Content-Length says.')
    case 'FST_ERR_BAD_URL':
      return new Problem(
        'request/unreadable',
        'The path holds a percent sign that does not begin an encoded byte.',
      )
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('request/no-such-path', 'A part of the path is longer than any that exists.')
    case 'ECONNRESET':
      return new Problem('request/unreadable', 'The connection was closed before the whole body had arrived.')
    default:
      return undefined
  }
}

function invalid(error: FastifyError): Problem {
  const found = error.validation as unknown as readonly Fault[]
  const part = error.validationContext ?? 'body'
  const faults = part === 'body' ? found : found.map((fault) => ({ ...fault, at: `${part} ${fault.at}` }))
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new Problem(
    'request/invalid',
    `The ${part} breaks the rules of this path: ${count}, listed in faults.`,
    { faults },
  )
}
