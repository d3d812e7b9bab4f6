import { timingSafeEqual } from 'node:crypto'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { requireKey } from './key.ts'
import type { Answer, Answered, Claim, OnceDeps, Result } from './model.ts'
import { insertAnswer, type KeptAnswer, type KeyPlace, takeKey } from './store.ts'

/** How long an answer is kept, in milliseconds: 24 hours. */
export const KEPT_FOR_MS = 24 * 60 * 60 * 1000

/**
 * Does the work of a request once, however often the request arrives.
 *
 * The work and its answer are kept in one transaction of the caller's company, or neither is. A request that was answered
 * within the last 24 hours gets that answer again, and `work` does not run. An answer of which nothing came is not kept,
 * though what `work` wrote is. What failed is not kept: a thrown problem, a
 * bug, or an answer of 500 and above rolls everything back, and the request may be sent again. `work` may be run more
 * than once when the database asks for it, so it must do nothing but use its `tx`.
 *
 * @throws Problem `idempotency/in-flight` the same request is being answered right now; `idempotency/other-body` the
 *                 caller's own key was used for something else; `request/invalid` it is no key; and what `work` throws
 */
export async function once(
  deps: OnceDeps,
  claim: Claim,
  work: (tx: Tx) => Promise<Result>,
): Promise<Answered> {
  const place = placeOf(deps, claim)
  const fingerprint = deps.vault.keyedHash('idempotency-fingerprint', hex(claim.fingerprint))
  const { organizationId: organization, providers } = claim
  const session = { role: 'tenant', organization, ...(providers && { providers }) } as const
  try {
    return await deps.database.transaction(session, async (tx) => {
      const kept = await takeKey(tx, place, lockNumber(deps, place), claim.at)
      if (kept === 'held') throw inFlight()
      if (kept) return await replay(deps, tx, place, kept, fingerprint)
      const result = await work(tx)
      if (result.answer.status >= 500) throw new NotKept(result.answer)
      if (!result.isNotKept) await keep(deps, tx, place, claim, fingerprint, result)
      return { answer: result.answer, replayed: false, requestId: claim.requestId }
    })
  } catch (error) {
    if (error instanceof NotKept) return { answer: error.answer, replayed: false, requestId: claim.requestId }
    throw error
  }
}

/** Carries an answer past a transaction that must be rolled back. */
class NotKept extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('the answer is not kept')
    this.answer = answer
  }
}

async function replay(
  deps: OnceDeps,
  tx: Tx,
  place: KeyPlace,
  kept: KeptAnswer,
  fingerprint: Uint8Array,
): Promise<Answered> {
  if (!timingSafeEqual(kept.fingerprint, fingerprint)) throw otherBody()
  const sealing = await sealingOf(deps, tx, kept.payer_id)
  return {
    answer: readAnswer(sealing.open(kept.sealed_answer, contextOf(place))),
    replayed: true,
    requestId: kept.request_id,
  }
}

async function keep(
  deps: OnceDeps,
  tx: Tx,
  place: KeyPlace,
  claim: Claim,
  fingerprint: Uint8Array,
  { answer, payerId }: Result,
): Promise<void> {
  const sealing = await sealingOf(deps, tx, payerId ?? null)
  const kept: KeptAnswer = {
    fingerprint,
    request_id: claim.requestId,
    payer_id: payerId ?? null,
    sealed_answer: sealing.seal(writeAnswer(answer), contextOf(place)),
  }
  await insertAnswer(tx, place, kept, claim.at, (claim.at + KEPT_FOR_MS) as Instant)
}

/** An answer without a payer holds nothing of one, and is sealed by the vault itself. */
async function sealingOf(
  deps: OnceDeps,
  tx: Tx,
  payerId: PayerId | null,
): Promise<Pick<OnceDeps['vault'], 'seal' | 'open'>> {
  return payerId === null ? deps.vault : deps.keyOf(tx, payerId)
}

function placeOf({ vault }: OnceDeps, claim: Claim): KeyPlace {
  const { organizationId, route, key } = claim
  const name =
    key.kind === 'explicit'
      ? [key.kind, requireKey(key.value)]
      : [key.kind, ...key.parts, hex(claim.fingerprint)]
  const keyHash = vault.keyedHash('idempotency-key', JSON.stringify([organizationId, route, ...name]))
  return { organizationId, route, keyHash }
}

/** Advisory locks have one number space for the whole server database, so the schema is part of it. */
function lockNumber({ database, vault }: OnceDeps, place: KeyPlace): bigint {
  const hash = vault.keyedHash('idempotency-lock', `${database.schema} ${hex(place.keyHash)}`)
  return Buffer.from(hash).readBigInt64BE()
}

function contextOf(place: KeyPlace): string {
  return `idempotency_keys/${place.organizationId}/${place.route}/${hex(place.keyHash)}/sealed_answer`
}

const HEAD_LENGTH_BYTES = 4

/** Four bytes of length, then status and headers as JSON, then the body as it is. */
function writeAnswer({ status, headers, body }: Answer): Uint8Array {
  const isText = typeof body === 'string'
  const head = Buffer.from(JSON.stringify({ status, headers, isText }), 'utf8')
  const length = Buffer.alloc(HEAD_LENGTH_BYTES)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, isText ? Buffer.from(body, 'utf8') : body])
}

function readAnswer(bytes: Uint8Array): Answer {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bodyAt = HEAD_LENGTH_BYTES + all.readUInt32BE()
  const { isText, ...head } = JSON.parse(all.toString('utf8', HEAD_LENGTH_BYTES, bodyAt)) as Omit<
    Answer,
    'body'
  > & {
    readonly isText: boolean
  }
  return { ...head, body: isText ? all.toString('utf8', bodyAt) : new Uint8Array(all.subarray(bodyAt)) }
}

function inFlight(): Problem {
  return new Problem(
    'idempotency/in-flight',
    'The same request is being answered right now. Send it again in a moment to get its answer.',
    { retryAfterSeconds: 1 },
  )
}

function otherBody(): Problem {
  return new Problem(
    'idempotency/other-body',
    'This Idempotency-Key was used for another request within the last 24 hours. Send a new key with a new request.',
  )
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
