import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Static } from 'typebox'
import { Problem } from '../../kernel/problem.ts'
import type { Outbox } from '../../platform/mail/index.ts'
import { fromOurOwnPages, neverStored, visitorOf } from './door.ts'
import type { Cookies, Person } from './model.ts'
import type { People } from './people.ts'
import { RESEND, SIGN_IN, SIGN_UP, VERIFICATION } from './wire.ts'

/** A company, as people are told of it. */
interface Company {
  readonly id: string
  readonly name: string
}

export interface PeopleRoutesDeps {
  readonly people: People
  readonly portalUrl: () => string
  /** Makes all that somebody gets who has just confirmed their address. */
  readonly welcome: (
    person: Person,
  ) => Promise<{ readonly organization: Company; readonly credentials: object | undefined }>
  /** The company of a person; undefined for none. */
  readonly companyOf: (person: Person) => Promise<Company | undefined>
  /** Where the sandbox is. */
  readonly sandbox: () => { readonly baseUrl: string; readonly tokenUrl: string }
  /** The development outbox, where there is one: everybody who reaches the portal can read it. */
  readonly outbox?: Outbox
}

/** `/api/sign-up`, `/api/sign-in`, `/api/sign-out`, `/api/session` and `/api/outbox`. */
export const peopleRoutes = (deps: PeopleRoutesDeps): FastifyPluginAsync => {
  const { people, portalUrl, welcome, companyOf, sandbox, outbox } = deps

  const sessionOf = async (person: Person) => {
    const company = await companyOf(person)
    return {
      person: { email: person.email },
      organization: company ? { id: company.id, name: company.name } : null,
      sandbox: sandbox(),
    }
  }

  return async (app) => {
    app.addHook('onRequest', fromOurOwnPages(portalUrl))
    app.addHook('onRequest', neverStored)

    app.post<{ Body: Static<typeof SIGN_UP> }>(
      '/api/sign-up',
      { schema: { body: SIGN_UP } },
      async (request, reply) => {
        const { email, password, company } = request.body
        await people.signUp({ email, password, company }, visitorOf(request))
        return reply.code(202).send({ email })
      },
    )

    app.post<{ Body: Static<typeof RESEND> }>(
      '/api/sign-up/resend',
      { schema: { body: RESEND } },
      async (request, reply) => {
        await people.resend(request.body.email, visitorOf(request))
        return reply.code(202).send({ email: request.body.email })
      },
    )

    app.post<{ Body: Static<typeof VERIFICATION> }>(
      '/api/sign-up/verification',
      { schema: { body: VERIFICATION } },
      async (request, reply) => {
        const { person, cookies } = await people.confirm(request.body.token, visitorOf(request))
        // Before the rest, which may fail: whoever has confirmed their address is signed in.
        setCookies(reply, cookies)
        const { organization, credentials } = await welcome(person)
        return {
          person: { email: person.email },
          organization: { id: organization.id, name: organization.name },
          ...(credentials && { credentials }),
        }
      },
    )

    app.post<{ Body: Static<typeof SIGN_IN> }>(
      '/api/sign-in',
      { schema: { body: SIGN_IN } },
      async (request, reply) => {
        const { person, cookies } = await people.signIn(request.body, visitorOf(request))
        setCookies(reply, cookies)
        return sessionOf(person)
      },
    )

    app.post('/api/sign-out', async (request, reply) => {
      setCookies(reply, await people.signOut(visitorOf(request)))
      return reply.code(204).send()
    })

    app.get('/api/session', async (request, reply) => {
      const current = await people.current(visitorOf(request))
      if (!current) throw new Problem('access/signed-out', 'Nobody is signed in.')
      setCookies(reply, current.cookies)
      return sessionOf(current.person)
    })

    app.get('/api/outbox', async () => {
      if (!outbox) throw new Problem('request/no-such-path', 'Mail is really sent here; there is no outbox.')
      const messages = await outbox.messages()
      return { messages: messages.map(({ id, to, subject, text, at }) => ({ id, to, subject, text, at })) }
    })
  }
}

function setCookies(reply: FastifyReply, cookies: Cookies): void {
  if (cookies.length > 0) reply.header('set-cookie', [...cookies])
}
