import { readFile } from 'node:fs/promises'
import { type Command, type Options, Refused, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

const ENVIRONMENT = { type: 'string', means: 'sandbox or production; needed' } as const

interface Upstream {
  readonly payer: string
  readonly url: string
  readonly operationUrls: Readonly<Record<string, string>>
  readonly envelope: string
  readonly sender: { readonly id: string }
  readonly receiver: { readonly id: string }
  readonly usage: string
  readonly retries: number
  readonly credentials?: { readonly clientId: string }
  readonly failures: number
  readonly shutUntil?: string
}

export const listUpstreams: Command = {
  words: 'upstreams list',
  does: 'List the payers that are asked over a connection, where, and how it stands; never a secret.',
  options: { environment: ENVIRONMENT },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const environment = required(options, 'environment')
    const { upstreams } = await askOperator<{ upstreams: readonly Upstream[] }>(
      dataDirectory,
      'GET',
      `/operator/upstreams?environment=${encodeURIComponent(environment)}`,
    )
    if (asJson) out.write(`${JSON.stringify(upstreams)}\n`)
    else
      out.write(upstreams.length === 0 ? 'No payer is asked over a connection.\n' : `${inWords(upstreams)}\n`)
    return 0
  },
}

function inWords(upstreams: readonly Upstream[]): string {
  const rows = upstreams.flatMap((upstream) => [
    [
      upstream.payer,
      upstream.url,
      upstream.envelope,
      `${upstream.sender.id} > ${upstream.receiver.id} (${upstream.usage})`,
      upstream.credentials?.clientId ?? 'none',
      standing(upstream),
    ],
    ...Object.entries(upstream.operationUrls).map(([operation, url]) => [
      `  ${operation}`,
      url,
      '',
      '',
      '',
      '',
    ]),
  ])
  return columns([['PAYER', 'ADDRESS', 'ENVELOPE', 'FROM > TO', 'CLIENT', 'STANDS'], ...rows])
}

function standing({ failures, shutUntil }: Upstream): string {
  if (shutUntil !== undefined) return `left alone until ${shutUntil}`
  return failures === 0 ? 'well' : failures === 1 ? '1 failure' : `${failures} failures`
}

const URLS = ['determination', 'inquiry', 'submission', 'notice'] as const

export const setUpstream: Command = {
  words: 'upstreams set',
  takes: 'PAYER',
  does: 'Say where a payer is asked over X12, in place of what was said before. Its way must be x12.',
  options: {
    environment: ENVIRONMENT,
    url: { type: 'string', means: 'where a 278 is posted, https:; needed' },
    'determination-url': { type: 'string', means: 'where a determination is asked, if elsewhere' },
    'inquiry-url': { type: 'string', means: 'where an inquiry is asked, if elsewhere' },
    'submission-url': { type: 'string', means: 'where a submission is sent, if elsewhere' },
    'notice-url': { type: 'string', means: 'where a notice is sent, if elsewhere' },
    envelope: { type: 'string', means: 'post, soap or mime; post when left out' },
    'sender-id': { type: 'string', means: 'who we are to the payer (ISA06); needed' },
    'sender-qualifier': { type: 'string', means: 'of which numbering that is (ISA05); ZZ when left out' },
    'sender-application': { type: 'string', means: 'GS02; the sender id when left out' },
    'receiver-id': { type: 'string', means: 'who the payer is (ISA08); needed' },
    'receiver-qualifier': { type: 'string', means: 'of which numbering that is (ISA07); ZZ when left out' },
    'receiver-application': { type: 'string', means: 'GS03; the receiver id when left out' },
    test: { type: 'boolean', means: 'mark what is sent as a test (ISA15 T); production when left out' },
    'as-payer': {
      type: 'boolean',
      means: 'give up in the name of the payer (AAA 42); of one who passes on (AAA 80) when left out',
    },
    timeout: { type: 'string', means: 'seconds that the payer has to answer, 1 to 120; 30 when left out' },
    retries: { type: 'string', means: 'attempts after the first, 0 to 50; 8 when left out' },
    'token-url': {
      type: 'string',
      means: "the payer's token endpoint, when it asks for OAuth client credentials",
    },
    'client-id': { type: 'string', means: 'our client id there' },
    'client-secret-file': { type: 'string', means: 'a file that holds its secret and nothing else' },
    scope: { type: 'string', means: 'the scope to ask for, if any' },
    'no-credentials': {
      type: 'boolean',
      means: 'forget the credentials; those that are there stay otherwise',
    },
  },
  run: async ([payer], options, { out, dataDirectory, asJson }) => {
    if (payer === undefined) throw new WrongUsage('the payer is needed')
    const done = await askOperator(dataDirectory, 'POST', '/operator/upstreams', {
      environment: required(options, 'environment'),
      payer,
      url: required(options, 'url'),
      operationUrls: Object.fromEntries(
        URLS.flatMap((operation) => {
          const url = options[`${operation}-url`]
          return url === undefined ? [] : [[operation, url]]
        }),
      ),
      ...(options.envelope !== undefined && { envelope: options.envelope }),
      sender: party(options, 'sender'),
      receiver: party(options, 'receiver'),
      usage: options.test === true ? 'T' : 'P',
      answersAs: options['as-payer'] === true ? 'payer' : 'intermediary',
      ...(options.timeout !== undefined && { timeoutMs: numberOf(options, 'timeout') * 1_000 }),
      ...(options.retries !== undefined && { retries: numberOf(options, 'retries') }),
      ...(await credentials(options)),
    })
    out.write(
      asJson
        ? `${JSON.stringify(done)}\n`
        : `${payer} is asked at ${required(options, 'url')} from now on.\n`,
    )
    return 0
  },
}

function party(options: Options, side: 'sender' | 'receiver') {
  const [qualifier, application] = [options[`${side}-qualifier`], options[`${side}-application`]]
  return {
    id: required(options, `${side}-id`),
    ...(qualifier !== undefined && { qualifier }),
    ...(application !== undefined && { application }),
  }
}

function numberOf(options: Options, name: string): number {
  const text = required(options, name)
  if (!/^\d{1,4}$/.test(text)) throw new WrongUsage(`--${name} is a whole number`)
  return Number(text)
}

/** From a file, as what stands in a command line is seen by everybody on the machine. */
async function credentials(options: Options) {
  if (options['no-credentials'] === true) return { credentials: null }
  const named = ['token-url', 'client-id', 'client-secret-file'].filter((name) => options[name] !== undefined)
  if (named.length === 0) return {}
  const file = required(options, 'client-secret-file')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`${file} cannot be read (${error.code}).`)
  })
  return {
    credentials: {
      tokenUrl: required(options, 'token-url'),
      clientId: required(options, 'client-id'),
      clientSecret: text.trim(),
      ...(options.scope !== undefined && { scope: options.scope }),
    },
  }
}

export const removeUpstream: Command = {
  words: 'upstreams remove',
  takes: 'PAYER',
  does: 'Forget where a payer is asked, and our secret there.',
  options: { environment: ENVIRONMENT },
  run: async ([payer], options, { out, dataDirectory, asJson }) => {
    if (payer === undefined) throw new WrongUsage('the payer is needed')
    const done = await askOperator(dataDirectory, 'POST', '/operator/upstreams/remove', {
      environment: required(options, 'environment'),
      payer,
    })
    out.write(
      asJson ? `${JSON.stringify(done)}\n` : `Nothing is known any more of where ${payer} is asked.\n`,
    )
    return 0
  },
}
