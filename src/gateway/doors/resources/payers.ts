import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { Problem } from '../../../kernel/problem.ts'
import type { Instant } from '../../../kernel/time.ts'
import { sessionOf } from '../../access/index.ts'
import {
  type DirectoryEntry,
  directory,
  goesBy,
  isReachable,
  PAYER_OPERATIONS,
  type PayerOperation,
  type Way,
} from '../../payers/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'

const MOST_AT_ONCE = 100

const QUERY = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'A part of the name; capitals do not matter.',
      }),
    ),
    id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Its id here, or one that it goes by.' }),
    ),
    after: Type.Optional(
      Type.String({ maxLength: 100, description: 'The `after` of the page before; capitals matter.' }),
    ),
  },
  { additionalProperties: false },
)

/** A payer as `GET /v1/payers` lists it. Moments are ISO 8601 in UTC; what is absent is left out. */
export interface PayerResource {
  readonly id: string
  readonly name: string
  readonly identifiers: DirectoryEntry['identifiers']
  readonly lineOfBusiness: string
  readonly plans: DirectoryEntry['plans']
  /** By which way each operation is answered, and whether it can be at the moment. */
  readonly operations: Readonly<Record<PayerOperation, { readonly way: Way; readonly isAvailable: boolean }>>
  readonly outages: readonly {
    readonly id: string
    readonly operation?: PayerOperation
    readonly from: string
    readonly until?: string
    readonly note: string
  }[]
}

/** `GET /v1/payers`: whom a request can be addressed to. By name, a hundred at a time. */
export function addPayers(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.get<{ Querystring: Static<typeof QUERY> }>(
    '/v1/payers',
    { schema: { querystring: QUERY }, config: { act: 'payers.list' } },
    async (request) => {
      const { name, id, after } = request.query
      const caller = caught.callerOf(request)
      const at = deps.clock.now()
      const all = await deps.database.transaction(sessionOf(caller), (tx) => directory(tx, at))
      const wanted = all.filter(
        (entry) => (name === undefined || isNamed(entry, name)) && (id === undefined || hasId(entry, id)),
      )
      const from = after === undefined ? 0 : wanted.findIndex(({ payer }) => payer.id === after) + 1
      if (after !== undefined && from === 0)
        throw new Problem('request/invalid', 'after is not the id of a payer in this list.', {
          faults: [{ at: '?after', message: 'expected the id of the last payer of the page before' }],
        })
      const data = wanted.slice(from, from + MOST_AT_ONCE).map((entry) => payerResource(entry, at))
      const isMore = wanted.length > from + MOST_AT_ONCE
      return { data, ...(isMore && { after: data.at(-1)?.id }) }
    },
  )
}

const isNamed = ({ payer }: DirectoryEntry, name: string) =>
  payer.name.toLowerCase().includes(name.toLowerCase())

const hasId = ({ payer }: DirectoryEntry, id: string) => payer.id === id || goesBy(payer, id)

export function payerResource(entry: DirectoryEntry, at: Instant): PayerResource {
  const { payer, identifiers, plans, ways, outages } = entry
  return {
    id: payer.id,
    name: payer.name,
    identifiers,
    lineOfBusiness: payer.lineOfBusiness,
    plans,
    operations: Object.fromEntries(
      PAYER_OPERATIONS.map((operation) => [
        operation,
        { way: ways[operation], isAvailable: isReachable(entry, operation, at) },
      ]),
    ) as PayerResource['operations'],
    outages: outages.map(({ id, operation, from, until, note }) => ({
      id,
      note,
      from: moment(from),
      ...(operation !== undefined && { operation }),
      ...(until !== undefined && { until: moment(until) }),
    })),
  }
}

const moment = (instant: Instant) => new Date(instant).toISOString()
