import { join, resolve } from 'node:path'

export type Role = 'portal' | 'sandbox' | 'production' | 'worker'

/** One setting as it is documented: where it comes from, what it means, what it is when nobody says. */
interface Setting<T> {
  readonly name: string
  /** One sentence for the operator, with its unit. */
  readonly meaning: string
  readonly fallback: string
  /** @returns the value; or, as `expected`, what should have been written */
  readonly read: (text: string) => { readonly value: T } | { readonly expected: string }
  readonly isSecret?: true
}

const port = (name: string, meaning: string, fallback: number): Setting<number> => ({
  name,
  meaning,
  fallback: String(fallback),
  read: (text) => {
    const value = Number(text)
    return Number.isInteger(value) && value >= 0 && value <= 65535
      ? { value }
      : { expected: 'a port, 0 to 65535' }
  },
})

const optionalPort = (name: string, meaning: string): Setting<number | undefined> => ({
  name,
  meaning,
  fallback: '',
  read: (text) => (text === '' ? { value: undefined } : port(name, meaning, 0).read(text)),
})

const url = (name: string, meaning: string, fallback: string): Setting<string | undefined> => ({
  name,
  meaning,
  fallback,
  read: (text) => {
    if (text === '') return { value: undefined }
    if (!URL.canParse(text) || new URL(text).protocol !== 'https:') return { expected: 'an https:// URL' }
    return { value: text.replace(/\/+$/, '') }
  },
})

const database = (name: string, meaning: string): Setting<string | undefined> => ({
  name,
  meaning,
  fallback: '',
  isSecret: true,
  read: (text) => {
    if (text === '') return { value: undefined }
    const isPostgres = URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)
    return isPostgres ? { value: text } : { expected: 'a postgres:// URL' }
  },
})

const path = (name: string, meaning: string, fallback: string): Setting<string | undefined> => ({
  name,
  meaning,
  fallback,
  read: (text) => ({ value: text === '' ? undefined : resolve(text) }),
})

const choice = <const T extends string>(
  name: string,
  meaning: string,
  choices: readonly T[],
  fallback: NoInfer<T>,
): Setting<T> => ({
  name,
  meaning,
  fallback,
  read: (text) => {
    const value = choices.find((known) => known === text)
    return value ? { value } : { expected: `one of ${choices.join(', ')}` }
  },
})

const list = <T extends string = string>(
  name: string,
  meaning: string,
  fallback: string,
  entry: RegExp,
  expected: string,
): Setting<readonly T[]> => ({
  name,
  meaning,
  fallback,
  read: (text) => {
    const value = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    return value.every((part) => entry.test(part))
      ? { value: value as unknown as readonly T[] }
      : { expected }
  },
})

const perMinute = (name: string, meaning: string, fallback: number): Setting<number> => ({
  name,
  meaning,
  fallback: String(fallback),
  read: (text) =>
    /^[1-9]\d{0,8}$/.test(text)
      ? { value: Number(text) }
      : { expected: 'a whole number from 1 to 999999999' },
})

/** Every setting there is. Each is an environment variable; `docs/reference/settings.md` is made from this table. */
export const SETTINGS = {
  dataDirectory: path(
    'COUNTERSIGN_DATA_DIR',
    'The folder that holds the embedded database, keys, certificates and the development outbox.',
    './data',
  ),
  roles: list<Role>(
    'COUNTERSIGN_ROLES',
    'Which parts this process serves, separated by commas: portal, sandbox, production, worker.',
    'portal,sandbox,production,worker',
    /^(portal|sandbox|production|worker)$/,
    'any of portal, sandbox, production, worker, separated by commas',
  ),
  reach: choice(
    'LISTEN_ON',
    'Who can reach the listeners: loopback, this machine alone; any, every address of it.',
    ['loopback', 'any'],
    'loopback',
  ),
  portalPort: port('PORTAL_PORT', 'The port of the portal and its control API. 0 picks a free one.', 8443),
  sandboxPort: port('SANDBOX_PORT', 'The port of the sandbox gateway. 0 picks a free one.', 8444),
  productionPort: port('PRODUCTION_PORT', 'The port of the production gateway. 0 picks a free one.', 8445),
  portalUrl: url('PORTAL_URL', 'The URL that people reach the portal by; in mails and links.', ''),
  sandboxUrl: url(
    'SANDBOX_URL',
    'The URL that partners reach the sandbox gateway by; the issuer and audience of its tokens.',
    '',
  ),
  productionUrl: url(
    'PRODUCTION_URL',
    'The URL that partners reach the production gateway by; the issuer and audience of its tokens.',
    '',
  ),
  sandboxAdministrationPort: optionalPort(
    'SANDBOX_ADMINISTRATION_PORT',
    'Where the sandbox gateway lets a control plane of another process administer it, over mutual TLS. Empty: not at all.',
  ),
  productionAdministrationPort: optionalPort(
    'PRODUCTION_ADMINISTRATION_PORT',
    'Where the production gateway lets a control plane of another process administer it, over mutual TLS. Empty: not at all.',
  ),
  sandboxAdministrationUrl: url(
    'SANDBOX_ADMINISTRATION_URL',
    'Where a control plane finds the administration of a sandbox that another process serves.',
    '',
  ),
  productionAdministrationUrl: url(
    'PRODUCTION_ADMINISTRATION_URL',
    'Where a control plane finds the administration of a production that another process serves.',
    '',
  ),
  administrationCertificateFile: path(
    'ADMINISTRATION_CERT_FILE',
    'The certificate, PEM, by which this process is known to the other side of the administration.',
    '',
  ),
  administrationKeyFile: path(
    'ADMINISTRATION_KEY_FILE',
    'The private key of ADMINISTRATION_CERT_FILE, PEM.',
    '',
  ),
  administrationAuthorityFile: path(
    'ADMINISTRATION_CA_FILE',
    'The authority, PEM, that vouches for both sides of the administration.',
    '',
  ),
  databaseUrl: database(
    'DATABASE_URL',
    'The PostgreSQL (15 or later) that keeps everything; empty means the embedded one, for trial and development.',
  ),
  sandboxDatabaseUrl: database(
    'SANDBOX_DATABASE_URL',
    'Another PostgreSQL for the sandbox; empty means DATABASE_URL, in a schema of its own.',
  ),
  productionDatabaseUrl: database(
    'PRODUCTION_DATABASE_URL',
    'Another PostgreSQL for production; empty means DATABASE_URL, in a schema of its own.',
  ),
  databasePoolSize: {
    name: 'DATABASE_POOL_SIZE',
    meaning: 'Connections to each PostgreSQL, at most.',
    fallback: '10',
    read: (text: string) =>
      /^[1-9]\d{0,2}$/.test(text) ? { value: Number(text) } : { expected: 'a whole number from 1 to 999' },
  },
  operatorName: {
    name: 'OPERATOR_NAME',
    meaning: 'The legal name of whoever operates this server, as its contracts say it.',
    fallback: 'The operator of this server',
    read: (text: string) =>
      /^[^\p{Cc}]{1,200}$/u.test(text) ? { value: text } : { expected: 'a name of at most 200 characters' },
  },
  operatorKind: choice(
    'OPERATOR_KIND',
    'What the operator is to its partners, which decides the agreements of a contract: health-plan, clearinghouse, or vendor, for whoever works for either.',
    ['health-plan', 'clearinghouse', 'vendor'],
    'vendor',
  ),
  signingKeyDays: {
    name: 'SIGNING_KEY_DAYS',
    meaning: 'How long a key signs access tokens before the worker rotates it, in days.',
    fallback: '90',
    read: (text: string) =>
      /^[1-9]\d{0,2}$/.test(text) ? { value: Number(text) } : { expected: 'a number of days from 1 to 999' },
  },
  tlsCertificateFile: path(
    'TLS_CERT_FILE',
    'Your own certificate chain, PEM; watched, and reloaded when it changes. Empty means one made for this machine.',
    '',
  ),
  tlsKeyFile: path('TLS_KEY_FILE', 'The private key of TLS_CERT_FILE, PEM.', ''),
  tlsHostnames: list(
    'TLS_HOSTNAMES',
    'Further host names for the certificate that is made for this machine; localhost names only.',
    '',
    /^([a-z0-9-]+\.)*localhost$/,
    'names that end in localhost, separated by commas',
  ),
  trustProxy: list(
    'TRUST_PROXY',
    'The address ranges (CIDR) of the proxies whose X-Forwarded headers are believed, separated by commas.',
    '',
    /^[0-9a-f.:]+\/\d{1,3}$/i,
    'CIDR ranges such as 10.0.0.0/8, separated by commas',
  ),
  egressAllowed: list(
    'EGRESS_ALLOWED',
    'Private address ranges (CIDR) that this server may connect to when a partner names an address there, separated by commas.',
    '',
    /^[0-9a-f.:]+\/\d{1,3}$/i,
    'CIDR ranges such as 10.0.0.0/8, separated by commas',
  ),
  bodyLimitBytes: {
    name: 'BODY_LIMIT_BYTES',
    meaning: 'The largest request body that a gateway reads, in bytes.',
    fallback: '1048576',
    read: (text: string) =>
      /^\d{4,9}$/.test(text)
        ? { value: Number(text) }
        : { expected: 'a number of bytes from 1000 to 999999999' },
  },
  auditAnchorFile: path(
    'AUDIT_ANCHOR_FILE',
    'The file that signed heads of the audit record are added to, best on another machine’s disk; empty means audit/anchors.jsonl in the data directory.',
    '',
  ),
  limitCalls: perMinute('LIMIT_CALLS_PER_MINUTE', 'API calls of one client, at each node.', 6_000),
  limitTokens: perMinute(
    'LIMIT_TOKENS_PER_MINUTE',
    'Token requests of one client with the right credentials, at each node.',
    600,
  ),
  limitFailures: perMinute(
    'LIMIT_FAILURES_PER_MINUTE',
    'Failed authentications in the name of one client from one address; ten times as many from the address as a whole, and where the client is known.',
    30,
  ),
  limitRefusals: perMinute(
    'LIMIT_REFUSALS_PER_MINUTE',
    'Requests of one address that are refused before anybody has proved who they are.',
    300,
  ),
  limitLeakReports: perMinute(
    'LIMIT_LEAK_REPORTS_PER_MINUTE',
    'Reports of leaked secrets from one address.',
    60,
  ),
  logLevel: choice('LOG_LEVEL', 'How much is logged.', ['silent', 'error', 'warn', 'info', 'debug'], 'info'),
  logFormat: choice(
    'LOG_FORMAT',
    'How a log line is written: json for machines, text for people.',
    ['json', 'text'],
    'text',
  ),
} satisfies Record<string, Setting<unknown>>

type Value<S> = S extends { readonly read: (text: string) => infer R }
  ? Extract<R, { readonly value: unknown }>['value']
  : never

/** The settings as read: what the environment says, or what each falls back to. */
export type Config = { readonly [K in keyof typeof SETTINGS]: Value<(typeof SETTINGS)[K]> }

/** Every wrong setting at once, by name; never by value, which may be a secret. */
export class WrongSettings extends Error {
  constructor(lines: readonly string[]) {
    super(
      `The settings cannot be used:\n${lines.map((line) => `  ${line}`).join('\n')}\nEach is described in docs/reference/settings.md.`,
    )
    this.name = 'WrongSettings'
  }
}

/**
 * Reads the settings from the environment.
 *
 * @throws WrongSettings naming every setting that is wrong, or set but unknown although it looks like ours
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const wrong: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(SETTINGS) as [string, Setting<unknown>][]) {
    const result = setting.read((environment[setting.name] ?? setting.fallback).trim())
    if ('value' in result) values[key] = result.value
    else wrong.push(`${setting.name}: expected ${result.expected}`)
  }
  const config = values as unknown as Config
  wrong.push(...contradictions(config, wrong.length === 0), ...strangers(environment))
  if (wrong.length > 0) throw new WrongSettings(wrong)
  return config
}

function contradictions(config: Config, isComplete: boolean): string[] {
  if (!isComplete) return []
  const found: string[] = []
  if ((config.tlsCertificateFile === undefined) !== (config.tlsKeyFile === undefined))
    found.push('TLS_CERT_FILE, TLS_KEY_FILE: expected both or neither')
  if (!config.roles.some((role) => role !== 'worker'))
    found.push('COUNTERSIGN_ROLES: expected at least one of portal, sandbox, production')
  const ports = [config.portalPort, config.sandboxPort, config.productionPort].filter((value) => value !== 0)
  if (new Set(ports).size !== ports.length)
    found.push('PORTAL_PORT, SANDBOX_PORT, PRODUCTION_PORT: expected three different ports')
  return [...found, ...databaseContradictions(config), ...administrationContradictions(config)]
}

/** The embedded database is one for all that this process opens: a server for a part of it is a mistake. */
function databaseContradictions(config: Config): string[] {
  const opened = [
    ...(config.roles.includes('portal') ? [config.databaseUrl] : []),
    ...(config.roles.includes('sandbox') ? [config.sandboxDatabaseUrl ?? config.databaseUrl] : []),
    ...(config.roles.includes('production') ? [config.productionDatabaseUrl ?? config.databaseUrl] : []),
  ]
  const isMixed = opened.includes(undefined) && opened.some((value) => value !== undefined)
  return isMixed
    ? ['DATABASE_URL: expected a value, because SANDBOX_DATABASE_URL or PRODUCTION_DATABASE_URL has one']
    : []
}

/** A control plane needs a way to both environments; whatever goes from process to process needs certificates. */
function administrationContradictions(config: Config): string[] {
  const found: string[] = []
  const ways = [
    ['sandbox', config.sandboxAdministrationUrl, config.sandboxAdministrationPort],
    ['production', config.productionAdministrationUrl, config.productionAdministrationPort],
  ] as const
  for (const [environment, there, port] of ways) {
    const name = environment.toUpperCase()
    const isServed = config.roles.includes(environment)
    if (config.roles.includes('portal') && !isServed && there === undefined)
      found.push(
        `${name}_ADMINISTRATION_URL: expected a value, because this process has the portal and not the ${environment}`,
      )
    if (isServed && there !== undefined)
      found.push(
        `${name}_ADMINISTRATION_URL: expected nothing, because this process serves the ${environment} itself`,
      )
    if (!isServed && port !== undefined)
      found.push(
        `${name}_ADMINISTRATION_PORT: expected nothing, because this process does not serve the ${environment}`,
      )
  }
  const files = [
    config.administrationCertificateFile,
    config.administrationKeyFile,
    config.administrationAuthorityFile,
  ]
  const isApart = ways.some(([, there, port]) => there !== undefined || port !== undefined)
  if (isApart && files.includes(undefined))
    found.push(
      'ADMINISTRATION_CERT_FILE, ADMINISTRATION_KEY_FILE, ADMINISTRATION_CA_FILE: expected all three',
    )
  return found
}

/** A misspelt COUNTERSIGN_... name would otherwise be ignored in silence. */
function strangers(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.name))
  // What `credentials create --env` prints, for the shell that a server may be started from as well.
  const clients = new Set(
    ['CLIENT_ID', 'CLIENT_SECRET', 'TOKEN_URL', 'BASE_URL', 'CA_FILE'].map((name) => `COUNTERSIGN_${name}`),
  )
  return Object.keys(environment)
    .filter((name) => name.startsWith('COUNTERSIGN_') && !known.has(name) && !clients.has(name))
    .map((name) => `${name}: there is no such setting`)
}

/** What is in the data directory, by name. */
export function dataPaths(config: Config) {
  const root = config.dataDirectory ?? resolve('data')
  return {
    root,
    tls: join(root, 'tls'),
    database: join(root, 'database'),
    keys: join(root, 'keys'),
    outbox: join(root, 'outbox'),
    anchors: config.auditAnchorFile ?? join(root, 'audit', 'anchors.jsonl'),
  }
}
