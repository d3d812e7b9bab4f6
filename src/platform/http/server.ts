import type http from 'node:http'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Logger } from '../telemetry/index.ts'
import type { Tls } from '../tls/index.ts'
import { readBodies } from './bodies.ts'
import { clientErrors } from './client-errors.ts'
import { closeInTime } from './close.ts'
import { rememberProof } from './connections.ts'
import { answerHealth, type ReadinessChecks } from './health.ts'
import { requestIds } from './identity.ts'
import { DEFAULT_LIMITS, type Limits, nodeServer } from './node-server.ts'
import { requireOneHost } from './one-host.ts'
import { rememberPaths } from './paths.ts'
import {
  answerProblem,
  type ProblemSettings,
  problemOf,
  spellAsProblemJson,
  spellProblems,
} from './problems.ts'
import { trustedProxies } from './proxies.ts'
import { logRequests } from './request-log.ts'
import { addResponseHeaders, setResponseHeaders } from './response-headers.ts'
import { checkSchemas } from './schemas.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
/** Longer than any id, and than any name that a path of ours has. */
const LONGEST_PATH_PART = 200

export interface ServerOptions extends ProblemSettings {
  /** Which listener it is, for the log: `portal`, `sandbox`, `production`, `operator`. */
  readonly name: string
  /** Without it the server is plain: for a socket file, or behind the proxies of `trustProxy`, and nothing else. */
  readonly tls?: Tls
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  /** What `/readyz` asks, by the name that it gives when it fails: `database`, `keys`. */
  readonly readiness?: ReadinessChecks
  /** Bytes of a body at most, where a route does not say otherwise; default 1 MiB. */
  readonly bodyLimitBytes?: number
  /** Addresses and CIDR ranges of the proxies that are believed when they say who a caller is; default none. */
  readonly trustProxy?: readonly string[]
  /** Departures from the defaults. */
  readonly limits?: Partial<Limits>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** A further server with the same routes, for a second address. */
    makeTwin(): http.Server
    readonly isEncrypted: boolean
    readonly hasProxies: boolean
  }
}

/**
 * A server that holds to what every listener of ours promises: bodies are read strictly, failures are problems, each
 * request has an id and one line in the log, slow and greedy callers are cut off. Routes are added with `register`, then
 * it is opened with `listen` of this room. `close()` ends idle connections at once and running requests in bounded time.
 *
 * @throws Error an entry of `trustProxy` is neither an address nor a CIDR range
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const ranges = options.trustProxy ?? []
  const proxies = trustedProxies(ranges)
  const encrypted = options.tls !== undefined || ranges.length > 0
  const logger = options.logger.child({ listener: options.name }) as Logger
  const mintRequestId = requestIds(options.clock, options.random)
  const onClientError = clientErrors(mintRequestId, logger, options.problemBaseUrl)
  const server: FastifyInstance = fastify({
    serverFactory: (handler) => nodeServer(handler, limits, options.tls, proxies),
    loggerInstance: logger as unknown as FastifyBaseLogger,
    // Lines about requests are written by `logRequests`.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: mintRequestId,
    bodyLimit: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: LONGEST_PATH_PART },
    trustProxy: ranges.length > 0 ? [...ranges] : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => {
      addResponseHeaders(request, reply, encrypted)
      answerProblem(problemOf(error, request), request, reply, spellAsProblemJson)
    },
  })
  server.decorate('problemSettings', options)
  server.decorate('unansweredPrefixes', new Set<string>())
  server.decorate('isEncrypted', options.tls !== undefined)
  server.decorate('hasProxies', ranges.length > 0)
  server.decorate('makeTwin', () =>
    nodeServer(server.routing, limits, options.tls, proxies).on('clientError', onClientError),
  )
  setResponseHeaders(server, encrypted)
  logRequests(server)
  requireOneHost(server)
  server.addHook('onResponse', (request, _reply, done) => {
    if (request.clientId !== undefined) rememberProof(request.raw)
    done()
  })
  readBodies(server)
  checkSchemas(server)
  rememberPaths(server)
  spellProblems(server, spellAsProblemJson)
  answerHealth(server, options.readiness ?? {}, options.clock)
  closeInTime(server, limits.closeTimeoutMs)
  return server
}
