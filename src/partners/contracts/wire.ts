import { Type } from 'typebox'
import type { Instant } from '../../kernel/time.ts'
import { PRICE } from '../catalogue/index.ts'
import type { SignedContract } from './contracts.ts'
import { type Contract, type ProductionRequest, type Signature, STATEMENTS, type Terms } from './model.ts'
import { nextOf } from './moves.ts'
import { standingOf, termOf } from './term.ts'

const closed = { additionalProperties: false } as const
const ID = Type.String({ minLength: 1, maxLength: 100 })
const MOMENT = Type.String({ format: 'date-time' })
const TEXT = Type.String({ maxLength: 2000 })
const REASON = Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' })
const LINE = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})
const VERSION = Type.Integer({ minimum: 1 })
const WISH = {
  plan: ID,
  products: Type.Array(ID, { minItems: 1, maxItems: 50, uniqueItems: true }),
  note: Type.Optional(TEXT),
}

/** Body of `POST /api/production-requests/preview`. */
export const PREVIEW = Type.Object({ plan: WISH.plan, products: WISH.products }, closed)
/** Body of `POST /api/production-requests`. */
export const DRAFT = Type.Object({ ...WISH, amends: Type.Optional(ID) }, closed)
/** Bodies of `POST /api/production-requests/:id/change`, `/submit` and `/withdraw`. */
export const CHANGE = Type.Object({ ...WISH, version: VERSION }, closed)
export const MOVE = Type.Object({ version: VERSION }, closed)
export const WITHDRAW = Type.Object({ version: VERSION, reason: Type.Optional(REASON) }, closed)
/** Body of `POST /api/operator/production-requests/:id/decline`. */
export const DECLINE = Type.Object({ version: VERSION, reason: REASON }, closed)
/** Body of `POST /api/operator/production-requests/:id/offer`. */
export const OFFER = Type.Object(
  {
    version: VERSION,
    beginsAt: Type.Optional(MOMENT),
    months: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
    renews: Type.Optional(Type.Enum(['by-notice', 'never'])),
    noticeDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 365 })),
    prices: Type.Optional(Type.Array(PRICE, { maxItems: 50 })),
  },
  closed,
)
/** Body of `POST /api/contracts/:id/sign`, and of its like for the operator. */
export const SIGN = Type.Object(
  {
    textHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    name: LINE,
    title: LINE,
    intent: Type.Literal(true),
    consent: Type.Literal(true),
    authority: Type.Literal(true),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  closed,
)
/** Body of `POST /api/contracts/:id/notice`, and of its like for the operator. */
export const NOTICE = Type.Object({ reason: Type.Optional(REASON) }, closed)
/** Body of `POST /api/operator/contracts/:id/terminate`. */
export const TERMINATE = Type.Object({ at: Type.Optional(MOMENT), reason: REASON }, closed)

/** A contract on paper that is larger than this is scanned too well. */
export const MOST_PAPER_BYTES = 8 * 1024 * 1024
/** Body of `POST /api/operator/contracts/record`. */
export const RECORD_PAPER = Type.Object(
  {
    organization: Type.String({ minLength: 1, maxLength: 200 }),
    products: WISH.products,
    beginsAt: Type.Optional(MOMENT),
    endsAt: Type.Optional(MOMENT),
    amends: Type.Optional(ID),
    mediaType: Type.Enum(['application/pdf', 'image/png', 'image/jpeg', 'image/tiff']),
    /** Base64. */
    file: Type.String({ minLength: 4, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
    attestedBy: LINE,
  },
  closed,
)
/** Body of `POST /operator/contracts/verify`. */
export const VERIFY = Type.Object({ file: RECORD_PAPER.properties.file }, closed)
/** Queries of `GET /api/operator/production-requests`. */
export const QUEUE = Type.Object(
  {
    state: Type.Optional(
      Type.Enum([
        'draft',
        'submitted',
        'in-review',
        'offered',
        'partner-signed',
        'countersigned',
        'declined',
        'withdrawn',
      ]),
    ),
  },
  closed,
)

const moment = (instant: Instant) => new Date(instant).toISOString()
const optional = (name: string, instant: Instant | undefined) =>
  instant === undefined ? {} : { [name]: moment(instant) }

/** A request with what comes next and who holds it. */
export function requestWire(request: ProductionRequest) {
  return {
    ...request,
    createdAt: moment(request.createdAt),
    movedAt: moment(request.movedAt),
    next: nextOf(request),
  }
}

function termsWire({ beginsAt, ...terms }: Terms) {
  return { ...optional('beginsAt', beginsAt), ...terms }
}

/** A contract in a list: without its text. */
export function contractWire(contract: Contract, now: Instant) {
  const { text: _, terms, state: __, ...rest } = contract
  const term = termOf(contract, now)
  const standing = standingOf(contract, now)
  return {
    ...rest,
    state: standing,
    terms: termsWire(terms),
    offeredAt: moment(contract.offeredAt),
    ...optional('countersignedAt', contract.countersignedAt),
    ...optional('beginsAt', contract.beginsAt),
    ...optional('endsAt', contract.endsAt),
    ...(term && standing === 'active'
      ? { term: { over: moment(term.over), ...optional('noticeBy', term.noticeBy) } }
      : {}),
  }
}

/** One contract, whole: the text that was frozen, who signed, and what a signer is asked to agree to. */
export function signedContractWire({ contract, signatures }: SignedContract, now: Instant) {
  return {
    ...contractWire(contract, now),
    text: contract.text,
    signatures: signatures.map(signatureWire),
    statements: STATEMENTS,
  }
}

function signatureWire({ id, side, personId, name, title, statements, identityMethod, signedAt }: Signature) {
  return { id, side, personId, name, title, statements, identityMethod, signedAt: moment(signedAt) }
}
