/** What `/v1/batches` reads, as JSON Schemas: they check each call, and the API description shows them. */
import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false } as const
const LIMIT = Type.Optional(
  Type.String({
    pattern: '^([1-9]\\d?|100)$',
    description: 'The most of a page, 1 to 100; 25 if absent.',
  }),
)
const CURSOR = Type.Optional(
  Type.String({ minLength: 1, maxLength: 500, description: 'The `next` of the page before.' }),
)

export const BATCHES_QUERY = Type.Object({ limit: LIMIT, cursor: CURSOR }, strict)
export type BatchesQuery = Static<typeof BATCHES_QUERY>

export const ITEMS_QUERY = Type.Object(
  {
    status: Type.Optional(
      Type.Enum(['waiting', 'answered', 'refused', 'cancelled'], { description: 'Items that stand so.' }),
    ),
    limit: LIMIT,
    cursor: CURSOR,
  },
  strict,
)
export type ItemsQuery = Static<typeof ITEMS_QUERY>

const FOLLOW_UPS = ['update', 'extend', 'cancel', 'appeal'] as const

/** A line that says what is asked. */
export const TYPED_LINE = Type.Union([
  Type.Object(
    {
      operation: Type.Literal('authorization'),
      body: Type.Unknown({ description: 'As `POST /v1/authorizations` takes it.' }),
      allowDuplicate: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  Type.Object(
    {
      operation: Type.Enum(['determination', 'admission']),
      body: Type.Unknown({ description: 'As `POST /v1/determinations` or `POST /v1/admissions` takes it.' }),
    },
    strict,
  ),
  Type.Object(
    {
      operation: Type.Enum([...FOLLOW_UPS]),
      authorizationId: Type.String({ pattern: '^auth_[0-9a-f-]{36}$' }),
      body: Type.Unknown({ description: 'As `POST /v1/authorizations/{id}/{operation}` takes it.' }),
    },
    strict,
  ),
])
