import { Type } from 'typebox'
import type { Instant } from '../../kernel/time.ts'
import type { ListedRole } from './list.ts'
import { type Authority, ENVIRONMENTS, type GrantedRole, OPERATOR_ROLES } from './model.ts'

const strict = { additionalProperties: false } as const
const ENVIRONMENT = Type.Enum(['sandbox', 'production'])
const EMAIL = Type.String({ minLength: 3, maxLength: 254 })
const ROLE = Type.Enum([...OPERATOR_ROLES])

/** Body of `POST /operator/people`. `payers` are ids of ours or of the wire. */
export const GRANT_ROLE = Type.Object(
  {
    email: EMAIL,
    role: ROLE,
    environment: Type.Optional(ENVIRONMENT),
    payers: Type.Union([
      Type.Literal('all'),
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 }),
    ]),
    leaveCompany: Type.Optional(Type.Boolean()),
  },
  strict,
)

/** Body of `POST /operator/people/withdraw`. */
export const WITHDRAW_ROLE = Type.Object(
  { email: EMAIL, role: Type.Optional(ROLE), environment: Type.Optional(ENVIRONMENT) },
  strict,
)

/** Body of `POST /api/operator/who-saw`. A path or a query would be logged. */
export const WHO_SAW = Type.Object(
  {
    environment: ENVIRONMENT,
    payer: Type.String({ minLength: 1, maxLength: 100 }),
    memberId: Type.String({ minLength: 1, maxLength: 100 }),
  },
  strict,
)

const moment = (instant: Instant) => new Date(instant).toISOString()

export function roleWire(role: GrantedRole | ListedRole) {
  return {
    ...role,
    grantedAt: moment(role.grantedAt),
    ...(role.withdrawnAt === undefined ? {} : { withdrawnAt: moment(role.withdrawnAt) }),
  }
}

/** What somebody may be, in each environment; an empty list where nothing. */
export function authorityWire(held: readonly Authority[]) {
  return Object.fromEntries(
    ENVIRONMENTS.map((environment) => [
      environment,
      held.filter((each) => each.environment === environment).map(({ role, payers }) => ({ role, payers })),
    ]),
  )
}
