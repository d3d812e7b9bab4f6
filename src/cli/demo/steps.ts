import { basic, bearer, call, FORM_BODY, JSON_BODY, type Reply } from '../https.ts'
import { interchange, submission } from './request.ts'

/** What the steps learn on the way; each builds on those before it. */
export interface DemoFacts {
  readonly portalUrl: string
  readonly sandboxUrl: string
  readonly productionUrl: string
  readonly ca: string | undefined
  /** Another text at each run, so that the demo can be repeated. */
  readonly run: string
  token?: string
  verification?: string
  clientId?: string
  clientSecret?: string
  tokenUrl?: string
  authorizationId?: string
  authorizationNumber?: string
  action?: string
}

interface Step {
  readonly step: string
  /** @returns what came back, in a few words. @throws Error when it is not what was promised */
  readonly take: (facts: DemoFacts) => Promise<string>
}

const BASE = '/rcm/prior-authorization/v1'
const emailOf = ({ run }: DemoFacts) => `wren.calloway+${run}@larkspur.example`

/** The walk, in order. */
export const STEPS: readonly Step[] = [
  {
    step: 'Sign up',
    take: async (facts) => {
      const body = {
        email: emailOf(facts),
        password: `heron quartz ${facts.run} lantern`,
        company: `Larkspur Health ${facts.run}`,
        acceptTerms: true,
      }
      await expect(202, post(facts, `${facts.portalUrl}/api/sign-up`, body, { origin: facts.portalUrl }))
      return 'a letter is on its way'
    },
  },
  {
    step: 'Read the letter',
    take: async (facts) => {
      const { messages } = await json<{ messages: readonly { to: string; text: string }[] }>(
        expect(200, get(facts, `${facts.portalUrl}/api/outbox`)),
      )
      const letter = messages.find(({ to }) => to === emailOf(facts))
      const token = /[?#&]token=([^\s&]+)/.exec(letter?.text ?? '')?.[1]
      if (token === undefined) throw new Error('the outbox holds no letter with a link')
      facts.verification = decodeURIComponent(token)
      return 'it holds a link, good once, for a day'
    },
  },
  {
    step: 'Follow the link',
    take: async (facts) => {
      const answer = await json<{ credentials: Record<'clientId' | 'clientSecret' | 'tokenUrl', string> }>(
        expect(
          200,
          post(
            facts,
            `${facts.portalUrl}/api/sign-up/verification`,
            { token: facts.verification },
            { origin: facts.portalUrl },
          ),
        ),
      )
      Object.assign(facts, answer.credentials)
      return `credential ${facts.clientId ?? ''}`
    },
  },
  {
    step: 'Get a token',
    take: async (facts) => {
      const answer = await json<{ access_token: string; expires_in: number; scope: string }>(
        expect(200, tokenFor(facts, facts.clientSecret ?? '')),
      )
      facts.token = answer.access_token
      return `a JWT for ${answer.expires_in} s: ${answer.scope.split(' ').length} scopes`
    },
  },
  {
    step: 'Ask as JSON',
    take: async (facts) => {
      const { authorizationId, event } = await submit(facts, 'submission', submission(facts.run))
      Object.assign(facts, {
        authorizationId,
        action: event.certificationActionCode,
        authorizationNumber: event.reviewIdentificationNumber,
      })
      if (facts.action !== 'A1') throw new Error(`expected A1, found ${facts.action}`)
      return `certified (A1), number ${facts.authorizationNumber ?? ''}`
    },
  },
  {
    step: 'Ask the same again, as after a lost reply',
    take: async (facts) => {
      const { authorizationId, reply } = await submit(facts, 'submission', submission(facts.run))
      if (authorizationId !== facts.authorizationId) throw new Error('a second case was made')
      return `the same case${reply.headers['idempotency-replayed'] ? ', the same bytes' : ''}`
    },
  },
  {
    step: 'Ask as an X12 278',
    take: async (facts) => {
      const { event, x12 } = await submit(facts, 'submission', { x12: interchange(facts.run) }, '/x12')
      if (event.certificationActionCode !== facts.action) throw new Error('another decision than by JSON')
      return `the same decision: ${/HCR\*[^~]*/.exec(x12)?.[0] ?? ''}`
    },
  },
  {
    step: 'Read the case back',
    take: async (facts) => {
      const found = await json<{ state: string; events: readonly unknown[] }>(
        expect(
          200,
          get(
            facts,
            `${facts.sandboxUrl}/v1/authorizations/${facts.authorizationId ?? ''}`,
            bearer(facts.token ?? ''),
          ),
        ),
      )
      return `${found.state}, ${found.events.length} events`
    },
  },
  {
    step: 'Inquire by member',
    take: async (facts) => {
      const { event } = await submit(facts, 'inquiry', submission(facts.run))
      if (event.certificationActionCode !== facts.action) throw new Error('the case was not found')
      return `found: ${event.certificationActionCode ?? ''}`
    },
  },
  {
    step: 'Try a wrong secret',
    take: async (facts) => {
      const { error } = await json<{ error: string }>(
        expect(401, tokenFor(facts, `${facts.clientSecret ?? ''}x`)),
      )
      return `refused: 401 ${error}`
    },
  },
  {
    step: 'Try the sandbox’s token at production',
    take: async (facts) => {
      const reply = await expect(
        401,
        get(
          facts,
          `${facts.productionUrl}/v1/authorizations/${facts.authorizationId ?? ''}`,
          bearer(facts.token ?? ''),
        ),
      )
      const { code } = JSON.parse(reply.text) as { code: string }
      if (code !== 'access/wrong-environment')
        throw new Error(`expected access/wrong-environment, found ${code}`)
      return `refused: 401 ${code}`
    },
  },
]

async function submit(facts: DemoFacts, operation: 'submission' | 'inquiry', body: unknown, suffix = '') {
  const reply = await expect(
    200,
    post(facts, `${facts.sandboxUrl}${BASE}/${operation}${suffix}`, body, bearer(facts.token ?? '')),
  )
  const answer = JSON.parse(reply.text) as { authorizationId?: string } & Record<
    string,
    { x12: string; json: { patientEventDetail: Record<string, string | undefined> } }
  >
  const spelled = answer[operation]
  return {
    reply,
    authorizationId: answer.authorizationId,
    x12: spelled?.x12 ?? '',
    event: spelled?.json.patientEventDetail ?? {},
  }
}

const get = (facts: DemoFacts, url: string, headers = {}) => call(url, facts.ca, { headers })
const post = (facts: DemoFacts, url: string, body: unknown, headers = {}) =>
  call(url, facts.ca, { headers: { ...JSON_BODY, ...headers }, body: JSON.stringify(body) })
const tokenFor = (facts: DemoFacts, secret: string) =>
  call(facts.tokenUrl ?? '', facts.ca, {
    headers: { ...FORM_BODY, ...basic(facts.clientId ?? '', secret) },
    body: 'grant_type=client_credentials',
  })

async function expect(status: number, replying: Promise<Reply>): Promise<Reply> {
  const reply = await replying
  if (reply.status !== status) throw new Error(`expected ${status}, found ${reply.status}: ${codeOf(reply)}`)
  return reply
}

async function json<T>(replying: Promise<Reply>): Promise<T> {
  return JSON.parse((await replying).text) as T
}

/** What a refusal calls itself. Nothing else of an answer is printed: it may hold a token or a secret. */
function codeOf({ text }: Reply): string {
  try {
    const { code, error } = JSON.parse(text) as { code?: unknown; error?: unknown }
    return String(code ?? error ?? 'an answer without a code')
  } catch {
    return 'an answer that is not JSON'
  }
}
