import { Type } from 'typebox'
import { PLAN_KINDS } from './model.ts'

const closed = { additionalProperties: false } as const
const ID = Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })

/** In US dollars, with at most four places. */
export const PRICE = Type.Object(
  {
    per: Type.Enum(['transaction', 'month']),
    product: Type.Optional(ID),
    amount: Type.String({ pattern: '^\\d{1,7}(\\.\\d{1,4})?$' }),
  },
  closed,
)

/** Body of `POST /api/operator/plans`: `version` is the version that it takes the place of; 0 for a new plan. */
export const CHANGE_PLAN = Type.Object(
  {
    id: ID,
    name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
    summary: Type.String({ maxLength: 1000 }),
    kind: Type.Enum([...PLAN_KINDS]),
    products: Type.Array(ID, { minItems: 1, maxItems: 50, uniqueItems: true }),
    prices: Type.Array(PRICE, { maxItems: 50 }),
    isOffered: Type.Boolean(),
    version: Type.Integer({ minimum: 0 }),
  },
  closed,
)
