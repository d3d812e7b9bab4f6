import { Type } from 'typebox'
import type { Plan, Product } from '../catalogue/index.ts'
import type { ChangedGrant } from './change.ts'
import type { Subscription } from './subscription.ts'

const OF = {
  organization: Type.String({ minLength: 1, maxLength: 200 }),
  environment: Type.Enum(['sandbox', 'production']),
}
const closed = { additionalProperties: false }
const MOMENT = Type.String({ format: 'date-time' })

/** `organization` is a name or an id. */
export const GRANT_OF = Type.Object(OF, closed)
export const PRODUCT_OF = Type.Object(
  { ...OF, product: Type.String({ minLength: 1, maxLength: 100 }) },
  closed,
)
export const PROVIDER_OF = Type.Object({ ...OF, npi: Type.String({ maxLength: 20 }) }, closed)
export const REGISTER_PROVIDER = Type.Object(
  {
    ...PROVIDER_OF.properties,
    relation: Type.Enum(['own', 'represented']),
    tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    from: Type.Optional(MOMENT),
    until: Type.Optional(MOMENT),
    authority: Type.Optional(Type.String({ maxLength: 64 })),
  },
  closed,
)

const moment = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

/** A grant as the operator sees it. Moments are ISO 8601 in UTC. */
export function grantWire({ grant, isAcknowledged }: ChangedGrant) {
  return {
    version: grant.version,
    products: grant.products,
    scopes: grant.scopes,
    from: moment(grant.from),
    until: moment(grant.until),
    providers: grant.providers?.map((provider) => ({
      ...provider,
      from: moment(provider.from),
      until: moment(provider.until),
    })),
    isAcknowledged,
  }
}

const CHOICE = {
  plan: Type.String({ minLength: 1, maxLength: 100 }),
  products: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
  }),
}

/** Body of `POST /api/subscriptions/terms`. */
export const CHOOSE = Type.Object(CHOICE, closed)
/** Body of `POST /api/subscriptions`. */
export const SUBSCRIBE = Type.Object(
  { ...CHOICE, termsHash: Type.String({ pattern: '^[0-9a-f]{64}$' }), accept: Type.Literal(true) },
  closed,
)

/** Without the address and browser that it was accepted from. */
export function subscriptionWire({
  address: _,
  userAgent: __,
  organizationId: ___,
  ...accepted
}: Subscription) {
  return {
    ...accepted,
    acceptedAt: moment(accepted.acceptedAt),
    ...(accepted.endedAt === undefined ? {} : { endedAt: moment(accepted.endedAt) }),
  }
}

/** What can be had. */
export function catalogueWire(products: readonly Product[], plans: readonly Plan[]) {
  return {
    products,
    plans: plans.filter(({ isOffered }) => isOffered).map(({ isOffered: _, ...plan }) => plan),
  }
}
