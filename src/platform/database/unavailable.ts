/** What is wrong with a database that cannot be used. */
export type Unavailability =
  | 'address' // the connection URL itself cannot be read
  | 'unreachable'
  | 'sign-in'
  | 'no-such-database'
  | 'tls'
  | 'too-old'
  | 'busy' // every connection is taken, or the server refuses more
  | 'starting-or-stopping'
  | 'too-slow' // a statement or a lock took longer than allowed
  | 'lost' // the connection broke while it was used

/**
 * The database cannot be used. The message is for the operator: what was tried, and what to check. It names the host
 * and the database, and never the password; `cause` is the driver's own error.
 */
export class DatabaseUnavailable extends Error {
  readonly why: Unavailability
  /** SQLSTATE, where the database gave one. */
  readonly code: string | undefined

  constructor(why: Unavailability, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseUnavailable'
    this.why = why
    this.code = sqlstate(cause)
  }
}

/** The five characters by which PostgreSQL names an error; undefined when the error is not one of its own. */
export function sqlstate(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Why a connection could not be made, in words for the operator. `server` is `host:port/database`. */
export function whyNotConnected(error: unknown, server: string): DatabaseUnavailable {
  const [why, sentence] = diagnose(error)
  return new DatabaseUnavailable(why, `The database at ${server} ${sentence}`, error)
}

const SIGN_IN = 'refused the sign-in: check the user name and the password in the connection URL.'
const BUSY =
  'has no connection left: lower the pool size of each process, or raise max_connections on the server.'

const BY_SQLSTATE: Readonly<Record<string, readonly [Unavailability, string]>> = {
  '28P01': ['sign-in', SIGN_IN],
  '28000': [
    'sign-in',
    'refused this user: check that the role exists, may log in, and that pg_hba.conf lets it in from here (with TLS, where that asks for it).',
  ],
  '3D000': [
    'no-such-database',
    'does not exist: create it, or correct the name at the end of the connection URL.',
  ],
  '42501': ['sign-in', 'does not let this user in: grant it CONNECT on the database.'],
  '53300': ['busy', BUSY],
  '57P03': ['starting-or-stopping', 'is starting or stopping: wait until it accepts connections.'],
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function diagnose(error: unknown): readonly [Unavailability, string] {
  const { code, message, syscall } = error as { code?: string; message?: string; syscall?: string }
  const known = BY_SQLSTATE[code ?? '']
  if (known) return known
  if (UNTRUSTED.has(code ?? ''))
    return [
      'tls',
      'shows a certificate that is not trusted here: name its certificate authority with sslrootcert=FILE in the connection URL.',
    ]
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return ['tls', 'shows a certificate for another host name: connect by the name that it carries.']
  if (code === 'CERT_HAS_EXPIRED') return ['tls', 'shows a certificate that has expired: renew it.']
  if (/does not support SSL/.test(message ?? ''))
    return ['tls', 'does not speak TLS: switch it on there, or leave sslmode out of the connection URL.']
  if (/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|EPROTO)/.test(code ?? ''))
    return ['tls', 'could not agree on TLS: check its certificate and the ssl options of the connection URL.']
  if (syscall === 'open' || syscall === 'read')
    return ['tls', 'was not tried: a certificate file named in the connection URL cannot be read.']
  if (/SASL|password must be a string/.test(message ?? '')) return ['sign-in', SIGN_IN]
  if (/timeout exceeded when trying to connect/.test(message ?? ''))
    return ['busy', `did not give a connection in time. If it is reachable, it ${BUSY}`]
  return [
    'unreachable',
    'does not answer: check the host and port of the connection URL, that the server runs there, and that no firewall is in the way.',
  ]
}

/** Insufficient resources, statement and lock timeouts, an idle transaction ended: true of this moment only. */
const TOO_SLOW = new Set(['57014', '55P03', '25P03', '25P04'])
const LOST = /^(08|57P0)/

/**
 * Whether an error, met while a connection was used, means that the database and not the statement failed.
 *
 * @returns what to throw instead; undefined when the statement itself is to blame
 */
export function whyNotAnswered(error: unknown, server: string): DatabaseUnavailable | undefined {
  if (error instanceof DatabaseUnavailable) return error
  const code = sqlstate(error)
  if (code === undefined) {
    return isBroken(error)
      ? new DatabaseUnavailable('lost', `The connection to the database at ${server} was lost.`, error)
      : undefined
  }
  if (LOST.test(code))
    return new DatabaseUnavailable('lost', `The database at ${server} ended the connection.`, error)
  if (TOO_SLOW.has(code))
    return new DatabaseUnavailable('too-slow', `The database at ${server} took too long.`, error)
  if (code.startsWith('53'))
    return new DatabaseUnavailable('busy', `The database at ${server} is out of resources.`, error)
  return undefined
}

/** The network's errors, the driver's own about a dead connection, and an embedded engine that crashed or was closed. */
function isBroken(error: unknown): boolean {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown }
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/.test(String(code ?? '')) ||
    /^(Connection terminated|Client (has|was)|Query read timeout|PGlite is clos)/.test(
      String(message ?? ''),
    ) ||
    name === 'RuntimeError'
  )
}

/**
 * Takes the row's values out of a database's error, which carries them in `detail` ("Failing row contains ...") and
 * `params`: an error ends in a log, and a log holds nobody's data.
 */
export function withoutValues<E>(error: E): E {
  if (typeof error === 'object' && error !== null) {
    for (const key of ['detail', 'params', 'where', 'internalQuery'] as const)
      Reflect.deleteProperty(error, key)
  }
  return error
}
