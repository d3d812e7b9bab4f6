import https from 'node:https'
import { Value } from 'typebox/value'
import type { Actor, Environment } from '../../kernel/actor.ts'
import { PROBLEMS, Problem, type ProblemCode } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import type { GatewayAdministration } from './administration.ts'
import { OPERATIONS, type OperationName, PART_NAMES, pathOf } from './operations.ts'

const MOST_ANSWER_BYTES = 4 * 1024 * 1024
const RETRY_AFTER_SECONDS = 60
/** Every TLS alert about a certificate, and every reason of ours not to trust the other side's. */
const DISTRUST = /CERT|SSL|TLS|SELF_SIGNED|ISSUER/

export interface RemoteAdministrationOptions {
  readonly environment: Environment
  /** Of the environment's administration listener, `https://host:port`. */
  readonly url: string
  /** PEM: the control plane's own certificate, its key, and the authority that vouches for both sides. */
  readonly certificate: string
  readonly key: string
  readonly ca: string
  /** How long an answer may take, in ms, connecting included. */
  readonly timeoutMs: number
}

export interface RemoteAdministration extends GatewayAdministration {
  /** Lets go of the connections that are kept open. */
  close(): void
}

/**
 * The administration of an environment in another process, over mutual TLS. It promises what the one in this process
 * promises; besides, every operation may fail with Problem `system/unavailable` when the other process does not answer in
 * time, or is not the gateway of this environment.
 */
export function openRemoteAdministration(options: RemoteAdministrationOptions): RemoteAdministration {
  const agent = new https.Agent({
    keepAlive: true,
    maxSockets: 10,
    // A resumed session would not show the certificates again.
    maxCachedSessions: 0,
    cert: options.certificate,
    key: options.key,
    ca: options.ca,
    minVersion: 'TLSv1.2',
    servername: PART_NAMES[options.environment],
  })
  const ask = (operation: OperationName) => async (request: unknown, actor?: Actor) => {
    const body = JSON.stringify({
      actor: actor ?? { kind: 'system', part: 'control-plane' },
      // What is asked without saying more, such as which keys there are.
      request: request ?? {},
    })
    const once = () => post(agent, options, operation, body)
    const reply = await once().catch((error: unknown) => {
      const mayRepeat = OPERATIONS[operation].isRepeatable && isConnectionLost(error)
      if (!mayRepeat) throw unavailable(options.environment, error)
      return once().catch((again: unknown) => {
        throw unavailable(options.environment, again)
      })
    })
    return answerOf(options.environment, operation, reply)
  }
  const operations = Object.fromEntries(
    Object.keys(OPERATIONS).map((name) => [name, ask(name as OperationName)]),
  ) as unknown as Omit<GatewayAdministration, 'environment'>
  return { environment: options.environment, ...operations, close: () => agent.destroy() }
}

interface Reply {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly text: string
}

function post(
  agent: https.Agent,
  { url, timeoutMs }: RemoteAdministrationOptions,
  operation: OperationName,
  body: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(pathOf(operation), url), {
      agent,
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MOST_ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.end(body)
  })
}

function answerOf(environment: Environment, operation: OperationName, reply: Reply): unknown {
  const body = readJson(reply.text)
  if (reply.status !== 200) throw problemOf(environment, body, reply)
  if (!body || !('answer' in body) || !Value.Check(OPERATIONS[operation].answer, body.answer))
    throw unavailable(environment, new Error(`${operation} was answered in a way that is not known here`))
  return body.answer ?? undefined
}

/** The problem that the other side threw, thrown again here. */
function problemOf(environment: Environment, body: Record<string, unknown> | undefined, reply: Reply) {
  const { code, detail, faults } = body ?? {}
  if (typeof code !== 'string' || !Object.hasOwn(PROBLEMS, code) || typeof detail !== 'string')
    return unavailable(environment, new Error(`answered with status ${reply.status} and no problem`))
  return new Problem(code as ProblemCode, detail, {
    ...(Array.isArray(faults) ? { faults: faults as readonly Fault[] } : {}),
    ...(reply.retryAfter === undefined ? {} : { retryAfterSeconds: Number(reply.retryAfter) }),
  })
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const codeOf = (error: unknown) => String((error as NodeJS.ErrnoException | undefined)?.code ?? '')
const isConnectionLost = (error: unknown) => ['ECONNRESET', 'EPIPE'].includes(codeOf(error))

function unavailable(environment: Environment, cause: unknown): Problem {
  const detail = DISTRUST.test(codeOf(cause))
    ? `The ${environment} gateway and the control plane do not accept each other's certificates.`
    : `The ${environment} gateway does not answer; try again in a minute.`
  return new Problem('system/unavailable', detail, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS })
}
