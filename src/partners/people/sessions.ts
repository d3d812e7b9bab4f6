import { betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { KyselyPlugin } from 'kysely'
import type { PersonId } from '../../kernel/ids.ts'
import { type Database, kyselyAs } from '../../platform/database/index.ts'
import type { Cookies, Person, Visitor } from './model.ts'

/** A session nobody uses ends after this; one that is used is prolonged, at most once an hour. */
const SESSION_SECONDS = 12 * 60 * 60
const PROLONGED_AFTER_SECONDS = 60 * 60

/** A browser keeps a `__Host-` cookie only when it is Secure, for this host alone and every path. @see RFC 6265bis 4.1.3.2 */
const SESSION_COOKIE = '__Host-countersign'

export interface Sessions {
  /** For a person who has just proved who they are. */
  open(personId: PersonId, visitor: Visitor): Promise<Cookies>
  signOut(visitor: Visitor): Promise<Cookies>
  /** @returns undefined when nobody is signed in; `cookies` is empty unless the session was prolonged */
  current(visitor: Visitor): Promise<{ readonly person: Person; readonly cookies: Cookies } | undefined>
}

export interface SessionsDeps {
  readonly database: Database
  /** Signs the cookie: 32 characters or more of chance, kept outside the database. */
  readonly secret: string
}

/**
 * Sessions, kept by better-auth in the identity schema as the identity role.
 *
 * Only its server functions are called; its router, mails, limits and telemetry are not used. Each call runs queries of its
 * own, so none may be made inside a transaction.
 */
export function openSessions({ database, secret }: SessionsDeps): Sessions {
  const auth = betterAuth({
    appName: 'Countersign',
    // Never followed: links are our own, and the router is not served.
    baseURL: 'https://countersign.invalid',
    // As a list, so that the environment cannot put another before it.
    secrets: [{ version: 1, value: secret }],
    database: {
      db: kyselyAs(database, { role: 'identity' }).withPlugin(momentsAsDates),
      type: 'postgres',
      transaction: false,
    },
    telemetry: { enabled: false },
    // It writes addresses into its log lines.
    logger: { disabled: true },
    rateLimit: { enabled: false },
    user: {
      modelName: 'people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: SESSION_SECONDS,
      updateAge: PROLONGED_AFTER_SECONDS,
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'person_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      // False, or it would put its own prefix before ours; the attribute is set below.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: 'lax', path: '/' },
      cookies: { session_token: { name: SESSION_COOKIE } },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { validateSchema: false },
    },
    plugins: [{ id: 'countersign', endpoints: { openSession } }],
  })

  const personOf = (user: { readonly id: string; readonly email: string }): Person => ({
    id: user.id as PersonId,
    email: user.email,
  })

  return {
    open: async (personId, visitor) => {
      const answer = await auth.api.openSession({
        body: { personId },
        headers: headersOf(visitor),
        returnHeaders: true,
      })
      return answer.headers.getSetCookie()
    },
    signOut: async (visitor) => {
      const { headers } = await auth.api.signOut({ headers: headersOf(visitor), returnHeaders: true })
      return headers.getSetCookie()
    },
    current: async (visitor) => {
      const { headers, response } = await auth.api.getSession({
        headers: headersOf(visitor),
        returnHeaders: true,
      })
      return response ? { person: personOf(response.user), cookies: headers.getSetCookie() } : undefined
    },
  }
}

const ADDRESS_HEADER = 'x-countersign-address'

/** Only these three, so that nothing else a browser sends can change what the library does. */
function headersOf(visitor: Visitor): Headers {
  return new Headers({
    cookie: visitor.cookie,
    'user-agent': visitor.userAgent.slice(0, 300),
    [ADDRESS_HEADER]: visitor.address,
  })
}

interface OfPerson {
  readonly personId: string
}

const ofPerson: {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'countersign'
    readonly validate: (value: unknown) => { readonly value: OfPerson }
    readonly types?: { readonly input: OfPerson; readonly output: OfPerson }
  }
} = {
  '~standard': {
    version: 1,
    vendor: 'countersign',
    validate: (value) => ({ value: value as OfPerson }),
  },
}

/** Without a path, so that it could not be reached over HTTP even if the router were served. */
const openSession = createAuthEndpoint({ method: 'POST', body: ofPerson }, async (ctx) => {
  const user = await ctx.context.internalAdapter.findUserById(ctx.body.personId)
  if (!user) throw new Error('a session for nobody')
  const session = await ctx.context.internalAdapter.createSession(user.id)
  await setSessionCookie(ctx, { session, user })
  return ctx.json({ opened: true })
})

/** Our engines give moments as text; the library compares them with dates, and text is neither before nor after one. */
const momentsAsDates: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(withDates) }),
}

function withDates<Row extends Record<string, unknown>>(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' && name.endsWith('_at') ? new Date(value) : value,
  ])
  return Object.fromEntries(entries)
}
