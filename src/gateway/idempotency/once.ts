import { timingSafeEqual } from 'node:crypto'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import { requireKey } from './key.ts'
import type { Answer, Answered, Claim, OnceDeps, Result, Work } from './model.ts'
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
 * Work that has to ask somebody else is kept before it asks, with what there is to say meanwhile. When the same request comes
 * again after that, and nobody had the last word, `work` is told what was kept and says how it stands now.
 *
 * @throws Problem `idempotency/in-flight` the same request is being answered right now; `idempotency/other-body` the
 *                 caller's own key was used for something else; `request/invalid` it is no key; and what `work` throws
 */
export async function once(deps: OnceDeps, claim: Claim, work: Work): Promise<Answered> {
  const place = placeOf(deps, claim)
  const fingerprint = deps.vault.keyedHash('idempotency-fingerprint', hex(claim.fingerprint))
  const { requestId } = claim
  const keeping: Keeping = { deps, claim, place, fingerprint }
  const inTransaction = <T>(part: (tx: Tx, kept: KeptAnswer | 'held' | undefined) => Promise<T>) =>
    deps.database.transaction(sessionOf(claim), async (tx) =>
      part(tx, await takeKey(tx, place, lockNumber(deps, place), claim.at)),
    )
  try {
    let keptBefore: string | undefined
    const begun = await inTransaction<Answered | Result>(async (tx, kept) => {
      if (kept === 'held') throw inFlight()
      keptBefore = kept?.request_id
      if (kept) requireSame(kept, fingerprint)
      if (kept && kept.tells_of === null) return replay(deps, tx, place, kept)
      if (kept?.busy_until && Date.parse(kept.busy_until) > claim.at) throw inFlight()
      return keptResult(keeping, tx, await work(tx, kept?.tells_of ?? undefined))
    })
    if ('replayed' in begun) return begun
    let result = begun
    while (result.onward) {
      const { ask, tell, tellsOf } = result.onward
      await ask()
      const next = await inTransaction<Answered | Result>(async (tx, kept) => {
        // Nothing of ours was kept yet: the same request may have been answered meanwhile, and is not to be done twice.
        if (tellsOf === undefined && kept === 'held') throw inFlight()
        if (tellsOf === undefined && kept && kept !== 'held' && kept.request_id !== keptBefore) {
          requireSame(kept, fingerprint)
          if (kept.tells_of !== null) throw inFlight()
          return replay(deps, tx, place, kept)
        }
        const told = await tell(tx)
        // Somebody asks again this very moment: they are told how it stands, and find it as it is after that.
        return kept === 'held' ? told : keptResult(keeping, tx, told)
      })
      if ('replayed' in next) return next
      result = next
    }
    return { answer: result.answer, replayed: false, requestId }
  } catch (error) {
    if (error instanceof NotKept) return { answer: error.answer, replayed: false, requestId }
    throw error
  }
}

/** Does the same work for a request that is not known again. @returns the last answer */
export async function asked(database: OnceDeps['database'], session: Session, work: Work): Promise<Result> {
  let result = await database.transaction(session, (tx) => work(tx))
  while (result.onward) {
    const { ask, tell } = result.onward
    await ask()
    result = await database.transaction(session, tell)
  }
  return result
}

function sessionOf({ organizationId: organization, providers }: Claim): Session {
  return { role: 'tenant', organization, ...(providers && { providers }) }
}

/** What every part of the work is kept by. */
interface Keeping {
  readonly deps: OnceDeps
  readonly claim: Claim
  readonly place: KeyPlace
  readonly fingerprint: Uint8Array
}

/** Keeps what there is to say, unless nothing was done yet. */
async function keptResult(keeping: Keeping, tx: Tx, result: Result): Promise<Result> {
  if (result.answer.status >= 500) throw new NotKept(result.answer)
  const isLast = result.onward === undefined
  if (isLast ? !result.isNotKept : result.onward?.tellsOf !== undefined) await keep(keeping, tx, result)
  return result
}

/** Carries an answer past a transaction that must be rolled back. */
class NotKept extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('the answer is not kept')
    this.answer = answer
  }
}

function requireSame(kept: KeptAnswer, fingerprint: Uint8Array): void {
  if (!timingSafeEqual(kept.fingerprint, fingerprint)) throw otherBody()
}

async function replay(deps: OnceDeps, tx: Tx, place: KeyPlace, kept: KeptAnswer): Promise<Answered> {
  const sealing = await sealingOf(deps, tx, kept.payer_id)
  return {
    answer: readAnswer(sealing.open(kept.sealed_answer, contextOf(place))),
    replayed: true,
    requestId: kept.request_id,
  }
}

async function keep({ deps, claim, place, fingerprint }: Keeping, tx: Tx, result: Result): Promise<void> {
  const { answer, payerId, onward } = result
  const sealing = await sealingOf(deps, tx, payerId ?? null)
  const busyUntil = onward && new Date(claim.at + onward.mostMs).toISOString()
  const kept: KeptAnswer = {
    fingerprint,
    request_id: claim.requestId,
    payer_id: payerId ?? null,
    sealed_answer: sealing.seal(writeAnswer(answer), contextOf(place)),
    tells_of: onward?.tellsOf ?? result.standsAs ?? null,
    busy_until: busyUntil ?? null,
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
