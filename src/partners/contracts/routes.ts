import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { OperatorRole, Operators } from '../operators/index.ts'
import type { Membership, Organizations } from '../organizations/index.ts'
import {
  fromOurOwnPages,
  neverStored,
  type People,
  type Person,
  requireSignedIn,
  visitorOf,
} from '../people/index.ts'
import type { Contracts } from './contracts.ts'
import type { ProductionRequest } from './model.ts'
import {
  CHANGE,
  contractWire,
  DECLINE,
  DRAFT,
  MOST_PAPER_BYTES,
  MOVE,
  NOTICE,
  OFFER,
  PREVIEW,
  QUEUE,
  RECORD_PAPER,
  requestWire,
  SIGN,
  signedContractWire,
  TERMINATE,
  VERIFY,
  WITHDRAW,
} from './wire.ts'

interface Door {
  readonly people: Pick<People, 'current'>
  readonly contracts: Contracts
  readonly clock: Clock
  readonly portalUrl: () => string
}

export interface ContractRoutesDeps extends Door {
  readonly credentials: { requireMembership(person: Person): Promise<Membership> }
}

interface OfId<Body extends TSchema> {
  readonly Params: { readonly id: string }
  readonly Body: Static<Body>
}
interface OneOf {
  readonly Params: { readonly id: string }
}

const instant = (text: string) => Date.parse(text) as Instant
const optionally = (name: 'at' | 'beginsAt' | 'endsAt', text: string | undefined) =>
  text === undefined ? {} : { [name]: instant(text) }

/** A file to keep, never to be shown by the browser as a page of ours. */
function sendFile(reply: FastifyReply, id: string, file: { mediaType: string; bytes: Uint8Array }) {
  const ending = file.mediaType.split('/')[1] ?? 'bin'
  return reply
    .type(file.mediaType)
    .header('content-disposition', `attachment; filename="${id}.${ending}"`)
    .header('x-content-type-options', 'nosniff')
    .send(Buffer.from(file.bytes))
}

/** `/api/production-requests` and `/api/contracts`: what somebody who is signed in may see and do for their company. */
export const contractRoutes =
  (deps: ContractRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const { contracts, clock, credentials } = deps
    app.addHook('onRequest', fromOurOwnPages(deps.portalUrl))
    app.addHook('onRequest', neverStored)

    const membershipOf = async (request: FastifyRequest) =>
      credentials.requireMembership(await requireSignedIn(deps.people, request))
    const actingOf = async (request: FastifyRequest) =>
      ({ side: 'partner', membership: await membershipOf(request) }) as const

    app.get('/api/production-requests', async (request) => ({
      requests: (await contracts.requests(await actingOf(request))).map(requestWire),
    }))

    app.get<OneOf>('/api/production-requests/:id', async (request) =>
      requestWire(await contracts.request(await actingOf(request), request.params.id)),
    )

    app.post<{ Body: Static<typeof PREVIEW> }>(
      '/api/production-requests/preview',
      { schema: { body: PREVIEW } },
      async (request) => ({ text: await contracts.preview(await membershipOf(request), request.body) }),
    )

    app.post<{ Body: Static<typeof DRAFT> }>(
      '/api/production-requests',
      { schema: { body: DRAFT } },
      async (request, reply) => {
        const drafted = await contracts.draft(await membershipOf(request), request.body)
        return reply.code(201).send(requestWire(drafted))
      },
    )

    app.post<OfId<typeof CHANGE>>(
      '/api/production-requests/:id/change',
      { schema: { body: CHANGE } },
      async (request) =>
        requestWire(await contracts.change(await membershipOf(request), request.params.id, request.body)),
    )

    app.post<OfId<typeof MOVE>>(
      '/api/production-requests/:id/submit',
      { schema: { body: MOVE } },
      async (request) => {
        const seen = { requestId: request.params.id, ...request.body }
        return requestWire(await contracts.submit(await membershipOf(request), seen))
      },
    )

    app.post<OfId<typeof WITHDRAW>>(
      '/api/production-requests/:id/withdraw',
      { schema: { body: WITHDRAW } },
      async (request) => {
        const seen = { requestId: request.params.id, ...request.body }
        return requestWire(await contracts.withdraw(await membershipOf(request), seen))
      },
    )

    app.get('/api/contracts', async (request) => {
      const found = await contracts.contracts(await actingOf(request))
      return { contracts: found.map((contract) => contractWire(contract, clock.now())) }
    })

    app.get<OneOf>('/api/contracts/:id', async (request) =>
      signedContractWire(await contracts.contract(await actingOf(request), request.params.id), clock.now()),
    )

    app.get<OneOf>('/api/contracts/:id/file', async (request, reply) => {
      const { id } = request.params
      return sendFile(reply, id, await contracts.file(await actingOf(request), id))
    })

    app.post<OfId<typeof SIGN>>('/api/contracts/:id/sign', { schema: { body: SIGN } }, async (request) => {
      const person = await requireSignedIn(deps.people, request)
      const membership = await credentials.requireMembership(person)
      const { id } = request.params
      const signed = await contracts.sign({ membership, person }, id, request.body, visitorOf(request))
      return contractWire(signed, clock.now())
    })

    app.post<OfId<typeof NOTICE>>(
      '/api/contracts/:id/notice',
      { schema: { body: NOTICE } },
      async (request) => {
        const acting = await actingOf(request)
        const ending = await contracts.giveNotice(acting, request.params.id, request.body.reason)
        return contractWire(ending, clock.now())
      },
    )
  }

export interface ContractDeskRoutesDeps extends Door {
  readonly organizations: Pick<Organizations, 'named'>
  readonly operators: Pick<Operators, 'requireRole'>
}

const ACTS: readonly OperatorRole[] = ['partner-desk']
const READS: readonly OperatorRole[] = ['partner-desk', 'auditor']

/** `/api/operator/production-requests` and `/api/operator/contracts`: the partner desk of production, and its auditors. */
export const contractDeskRoutes =
  (deps: ContractDeskRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    const { contracts, clock, operators } = deps
    app.addHook('onRequest', fromOurOwnPages(deps.portalUrl))
    app.addHook('onRequest', neverStored)

    const deskOf = async (request: FastifyRequest, roles = ACTS) => {
      const person = await requireSignedIn(deps.people, request)
      await operators.requireRole(person, roles, 'production')
      return person
    }
    /** The desk knows a company by its name. */
    const withCompany = async (asked: ProductionRequest) => {
      const { name } = await deps.organizations.named(asked.organizationId)
      return { ...requestWire(asked), organizationName: name }
    }
    const reading = async (request: FastifyRequest) =>
      ({ side: 'operator', person: await deskOf(request, READS) }) as const

    app.get<{ Querystring: Static<typeof QUEUE> }>(
      '/api/operator/production-requests',
      { schema: { querystring: QUEUE } },
      async (request) => {
        const { state } = request.query
        const found = await contracts.requests(
          await reading(request),
          state === undefined ? undefined : [state],
        )
        return { requests: await Promise.all(found.map(withCompany)) }
      },
    )

    app.get<OneOf>('/api/operator/production-requests/:id', async (request) =>
      requestWire(await contracts.request(await reading(request), request.params.id)),
    )

    for (const [path, act] of [
      ['review', contracts.review],
      ['take-back', contracts.takeBack],
    ] as const)
      app.post<OfId<typeof MOVE>>(
        `/api/operator/production-requests/:id/${path}`,
        { schema: { body: MOVE } },
        async (request) => {
          const seen = { requestId: request.params.id, ...request.body }
          return requestWire(await act(await deskOf(request), seen))
        },
      )

    app.post<OfId<typeof DECLINE>>(
      '/api/operator/production-requests/:id/decline',
      { schema: { body: DECLINE } },
      async (request) => {
        const seen = { requestId: request.params.id, ...request.body }
        return requestWire(await contracts.decline(await deskOf(request), seen))
      },
    )

    app.post<OfId<typeof OFFER>>(
      '/api/operator/production-requests/:id/offer',
      { schema: { body: OFFER } },
      async (request, reply) => {
        const { beginsAt, ...conditions } = request.body
        const seen = { requestId: request.params.id, ...conditions, ...optionally('beginsAt', beginsAt) }
        const offered = await contracts.offer(await deskOf(request), seen)
        return reply.code(201).send({
          request: requestWire(offered.request),
          contract: contractWire(offered.contract, clock.now()),
        })
      },
    )

    app.get('/api/operator/contracts', async (request) => {
      const found = await contracts.contracts(await reading(request))
      return { contracts: found.map((contract) => contractWire(contract, clock.now())) }
    })

    app.get<OneOf>('/api/operator/contracts/:id', async (request) =>
      signedContractWire(await contracts.contract(await reading(request), request.params.id), clock.now()),
    )

    app.get<OneOf>('/api/operator/contracts/:id/file', async (request, reply) => {
      const { id } = request.params
      return sendFile(reply, id, await contracts.file(await reading(request), id))
    })

    app.post<OfId<typeof SIGN>>(
      '/api/operator/contracts/:id/countersign',
      { schema: { body: SIGN } },
      async (request) => {
        const person = await deskOf(request)
        const { id } = request.params
        return contractWire(
          await contracts.countersign(person, id, request.body, visitorOf(request)),
          clock.now(),
        )
      },
    )

    app.post<OfId<typeof TERMINATE>>(
      '/api/operator/contracts/:id/terminate',
      { schema: { body: TERMINATE } },
      async (request) => {
        const { at, reason } = request.body
        const ending = { reason, ...optionally('at', at) }
        return contractWire(
          await contracts.terminate(await deskOf(request), request.params.id, ending),
          clock.now(),
        )
      },
    )

    app.post<OfId<typeof NOTICE>>(
      '/api/operator/contracts/:id/notice',
      { schema: { body: NOTICE } },
      async (request) => {
        const acting = { side: 'operator', person: await deskOf(request) } as const
        const ending = await contracts.giveNotice(acting, request.params.id, request.body.reason)
        return contractWire(ending, clock.now())
      },
    )

    app.post<{ Body: Static<typeof RECORD_PAPER> }>(
      '/api/operator/contracts/record',
      // A third more as base64.
      { schema: { body: RECORD_PAPER }, bodyLimit: 2 * MOST_PAPER_BYTES },
      async (request, reply) => {
        const person = await deskOf(request)
        const recorded = await contracts.recordPaper(paperOf(request.body), {
          kind: 'person',
          personId: person.id,
        })
        return reply.code(201).send(contractWire(recorded, clock.now()))
      },
    )
  }

/** Body of a paper contract as the use case takes it. */
function paperOf({ file, beginsAt, endsAt, ...paper }: Static<typeof RECORD_PAPER>) {
  return {
    ...paper,
    ...optionally('beginsAt', beginsAt),
    ...optionally('endsAt', endsAt),
    file: new Uint8Array(Buffer.from(file, 'base64')),
  }
}

const OPERATOR = { kind: 'operator' } as const

/** `/operator/contracts`. For the socket that only the operator can open: nothing here asks who calls. */
export const operatorContractRoutes =
  ({ contracts, clock }: Pick<Door, 'contracts' | 'clock'>): FastifyPluginAsync =>
  async (app) => {
    app.post<{ Body: Static<typeof RECORD_PAPER> }>(
      '/operator/contracts/record',
      { schema: { body: RECORD_PAPER }, bodyLimit: 2 * MOST_PAPER_BYTES },
      async (request, reply) => {
        const recorded = await contracts.recordPaper(paperOf(request.body), OPERATOR)
        return reply.code(201).send(contractWire(recorded, clock.now()))
      },
    )

    app.post<{ Body: Static<typeof VERIFY> }>(
      '/operator/contracts/verify',
      { schema: { body: VERIFY }, bodyLimit: 2 * MOST_PAPER_BYTES },
      async ({ body }) => contracts.verify(new Uint8Array(Buffer.from(body.file, 'base64'))),
    )

    app.get('/operator/contracts/certificates', async () => ({
      certificates: (await contracts.certificates()).map((der) => Buffer.from(der).toString('base64')),
    }))
  }
