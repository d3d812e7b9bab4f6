import { encodeNotice, encodeRequest } from '../../formats/x12/index.ts'
import { bareUuid, mintId, type Random } from '../../kernel/ids.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { type Egress, type EgressAnswer, EgressFailed, EgressRefused } from '../../platform/egress/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { mayTry, noteOutcome } from './breaker.ts'
import { openCredentials } from './credentials.ts'
import { transportOf } from './envelopes.ts'
import type { Connector, Failure, Message, Reply, Task } from './model.ts'
import { determinedIn, readSaid, replyIn } from './read-reply.ts'
import * as store from './store.ts'
import { openTokens } from './token.ts'
import type { Upstream, UpstreamCredentials } from './upstream.ts'

export interface X12ConnectorDeps {
  readonly database: Database
  readonly vault: Pick<Vault, 'open'>
  readonly egress: Egress
  readonly clock: Clock
  readonly random: Random
}

/** The largest answer that is read. */
const MOST_BYTES = 4 * 1024 * 1024
/** What an attempt takes besides the request itself: a token, and a look at the database. */
const AROUND_MS = 15_000

/** Payers that are asked by a 278 in an HTTPS POST. */
export function x12Connector(deps: X12ConnectorDeps): Connector {
  const tokens = openTokens(deps.egress)

  const post = async (
    message: Message,
    upstream: Upstream,
    credentials: UpstreamCredentials | undefined,
    isSecond = false,
  ): Promise<Reply> => {
    const transport = transportOf(upstream.envelope)
    const at = deps.clock.now()
    const token = credentials && (await tokens.of(credentials, upstream.timeoutMs, at).catch(notSent))
    if (token !== undefined && typeof token !== 'string') return token
    if (credentials && token === undefined) return failed('not-let-in', 'no')
    const { contentType, body, headers } = transport.wrap(Buffer.from(message.body).toString('utf8'), {
      senderId: upstream.sender.id,
      receiverId: upstream.receiver.id,
      payloadId: bareUuid(mintId('exchange', at, deps.random)),
      at,
      ...(message.plan !== undefined && { plan: message.plan }),
    })
    const answer = await deps.egress
      .fetch({
        url: upstream.operationUrls[message.operation] ?? upstream.url,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': contentType,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body,
        maxBytes: MOST_BYTES,
        timeoutMs: upstream.timeoutMs,
      })
      .catch(perhapsSent)
    if ('as' in answer) return answer
    if (answer.status === 401 && credentials && !isSecond) {
      // The token may have been taken back before its time; nothing was done with what came along with it.
      tokens.forget(credentials)
      return post(message, upstream, credentials, true)
    }
    return readAnswer(
      answer,
      transport.unwrap({ contentType: answer.headers['content-type'] ?? '', body: answer.body }),
      message,
    )
  }

  const attempt = async (message: Message): Promise<Reply> => {
    const { id } = message.payer
    const known = await deps.database.transaction({ role: 'worker' }, async (tx) => {
      const upstream = await store.selectUpstream(tx, id)
      if (!upstream) return 'not-set-up'
      if (!(await mayTry(tx, id, deps.clock.now()))) return 'shut-off'
      return { upstream, credentials: await openCredentials(tx, id, deps.vault) }
    })
    if (typeof known === 'string') return failed(known, 'no')
    const reply = await post(message, known.upstream, known.credentials)
    const isWell = reply.as !== 'failed' || reply.why === 'other-trace'
    await deps.database.transaction({ role: 'worker' }, (tx) => noteOutcome(tx, id, isWell, deps.clock.now()))
    return reply
  }

  return {
    prepare: async (tx, payer, task, at) => {
      const upstream = await store.selectUpstream(tx, payer.id)
      if (!upstream) return { as: 'outage', why: 'not-set-up' }
      const traceNumber = traceOf(deps.random)
      const message: Message = {
        payer,
        operation: task.operation,
        traceNumber,
        format: 'x12',
        body: Buffer.from(spell(task, upstream, traceNumber, controlNumber(deps.random), at), 'utf8'),
        mostMs: 2 * upstream.timeoutMs + AROUND_MS,
        ...('plan' in task && task.plan !== undefined && { plan: task.plan }),
      }
      return { as: 'message', message }
    },
    // Whatever it is, somebody waits for word of it: what is a bug here is an attempt that failed there.
    send: (message) => attempt(message).catch(() => failed('failed-there', 'perhaps')),
  }
}

/** The most numbers that a requester may follow an event by. */
const MOST_TRACES = 3
const COMPANY_LENGTH = 10

/** The same question with our names and numbers in place of those that it came with. */
function spell(task: Task, upstream: Upstream, traceNumber: string, control: string, at: Instant): string {
  const { sender, receiver, usage } = upstream
  const correspondence = {
    senderId: sender.id,
    receiverId: receiver.id,
    transactionIdentifier: traceNumber,
  }
  const { event } = task.request
  const assignedBy = `9${sender.id.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()}`
    .slice(0, COMPANY_LENGTH)
    .padEnd(COMPANY_LENGTH, '0')
  const traces = [{ number: traceNumber, assignedBy }, ...(event.traces ?? [])].slice(0, MOST_TRACES)
  const envelope = {
    at,
    usage,
    interchangeControlNumber: control,
    applicationSender: sender.application,
    applicationReceiver: receiver.application,
    senderQualifier: sender.qualifier,
    receiverQualifier: receiver.qualifier,
  }
  switch (task.operation) {
    case 'submission':
      return encodeRequest(
        { ...task.request, correspondence, event: { ...task.request.event, traces } },
        { ...envelope, guide: '217' },
      )
    case 'determination': {
      // Nobody's provider asks: this house does.
      const requester = {
        ...task.request.requester,
        name: { kind: 'organization', name: sender.id },
      } as const
      return encodeRequest(
        { ...task.request, requester, correspondence, event: { ...task.request.event, traces } },
        { ...envelope, guide: '215' },
      )
    }
    case 'inquiry':
      return encodeRequest(
        { ...task.request, correspondence, event: { ...task.request.event, traces } },
        { ...envelope, guide: '215' },
      )
    case 'notice':
      return encodeNotice(
        { ...task.request, correspondence, event: { ...task.request.event, traces } },
        envelope,
      )
  }
}

const TRACE_BYTES = 10

/** Ours alone: nobody guesses the number of another's request. */
function traceOf(random: Random): string {
  return `CS${Buffer.from(random(TRACE_BYTES)).toString('hex').toUpperCase()}`
}

const MOST_CONTROL_NUMBER = 999_999_999

function controlNumber(random: Random): string {
  const number = (Buffer.from(random(4)).readUInt32BE() % MOST_CONTROL_NUMBER) + 1
  return String(number).padStart(9, '0')
}

const NOT_LET_IN: ReadonlySet<number> = new Set([401, 403])
const NO_SUCH_PATH: ReadonlySet<number> = new Set([404, 405, 410])
const TOO_BUSY: ReadonlySet<number> = new Set([408, 425, 429, 503])

async function readAnswer(answer: EgressAnswer, text: string | undefined, message: Message): Promise<Reply> {
  const { status, body: raw } = answer
  if (text !== undefined && message.operation === 'determination') {
    const determined = determinedIn(text, message.traceNumber, raw)
    if (determined) return determined
  }
  if (text !== undefined) return replyIn(await readSaid(text), message.traceNumber, raw)
  if (status < 300) return failed('unreadable', 'perhaps', raw)
  if (NOT_LET_IN.has(status)) return failed('not-let-in', 'no', raw)
  if (NO_SUCH_PATH.has(status)) return failed('no-such-path', 'no', raw)
  if (TOO_BUSY.has(status)) return failed('too-busy', 'no', raw)
  // It is being answered there this very moment.
  if (status === 409) return failed('too-busy', 'perhaps', raw)
  if (status < 500) return { as: 'refused', by: 'http', faults: [httpFault(status)], raw }
  return failed('failed-there', 'perhaps', raw)
}

/** What it says of it may quote the request: it is kept with the case, sealed, and nowhere else. */
function httpFault(status: number): Fault {
  return { at: 'HTTP', message: `the payer refuses the request, with status ${status}` }
}

function failed(why: Failure, reached: 'no' | 'perhaps', raw?: Uint8Array): Extract<Reply, { as: 'failed' }> {
  return { as: 'failed', why, reached, ...(raw && { raw }) }
}

/** A token could not be had: nothing of the request has left. */
function notSent(error: unknown) {
  if (error instanceof EgressRefused) return failed('not-allowed-out', 'no')
  return failed(error instanceof EgressFailed && error.why === 'too-slow' ? 'too-slow' : 'unreachable', 'no')
}

/** Only what failed before a connection was made is sure not to have arrived. */
function perhapsSent(error: unknown) {
  if (error instanceof EgressRefused) return failed('not-allowed-out', 'no')
  if (!(error instanceof EgressFailed)) throw error
  switch (error.why) {
    case 'unreachable':
    case 'tls':
      return failed('unreachable', 'no')
    case 'redirect':
      return failed('no-such-path', 'no')
    case 'too-slow':
      return failed('too-slow', 'perhaps')
    case 'cut-off':
      return failed('cut-off', 'perhaps')
    case 'encoded':
    case 'too-large':
      return failed('unreadable', 'perhaps')
  }
}
