const REDACTED = '[redacted]'

/** Names of fields that hold a secret, or a whole document of somebody's, whatever the object they stand in. */
const CONFIDENTIAL = new Set(
  [
    'authorization, proxy-authorization, cookie, set-cookie, headers, rawHeaders, rawPacket, body, rawBody, payload, query',
    'params, url, originalUrl, password, secret, clientSecret, client_secret, client_assertion, token, access_token',
    'accessToken, refresh_token, x12, subscriber, dependent, patient, memberId, portalPassword, portalUsername, detail, where',
  ]
    .join(', ')
    .split(', ')
    .map((name) => name.toLowerCase()),
)

/** Secrets of our own spelling, bearer tokens, JWTs; and runs of digits long enough to be a member's or a person's number. */
const SECRETS = /css_(?:test|live)_\w+|\bBearer\s+\S+|\bBasic\s+\S+|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\d{7,}/g

/** Nesting beyond this is left out: whoever logs so much logs a document. */
const DEEPEST = 4

/**
 * A log entry without the fields that must not be in a log. The second line of defence: the first is not to log them.
 *
 * @returns the entry itself when there was nothing to take out
 */
export function withoutConfidential(entry: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let clean: Record<string, unknown> | undefined
  for (const key of Object.keys(entry)) {
    const value = entry[key]
    const kept = CONFIDENTIAL.has(key.toLowerCase()) ? REDACTED : nested(value, depth)
    if (kept === value) continue
    clean ??= { ...entry }
    clean[key] = kept
  }
  return clean ?? entry
}

function nested(value: unknown, depth: number): unknown {
  // Errors have a serializer of their own.
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth === DEEPEST) return REDACTED
  if (Array.isArray(value)) return value.map((item) => nested(item, depth + 1))
  return withoutConfidential(value as Record<string, unknown>, depth + 1)
}

/** What of an error may be in a log. */
export interface LoggedError {
  readonly type: string
  readonly message: string
  /** The calls that led to it, without the message. */
  readonly stack?: string
  /** Of the operating system, the database (SQLSTATE) or a library. */
  readonly code?: string
  /** Of a database error: names, never values. */
  readonly constraint?: string
  readonly table?: string
  readonly cause?: LoggedError
}

/**
 * An error as a log keeps it. Databases and parsers quote what they were given in their messages, so that what stands
 * in quotation marks is left out, and so is everything but a few fields.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: REDACTED }
  const { code, constraint, table, cause } = error as Error & Record<string, unknown>
  const frames = framesOf(error)
  return {
    type: error.name,
    message: withoutQuotations(error.message),
    ...(frames ? { stack: frames } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(typeof table === 'string' ? { table } : {}),
    ...(cause !== undefined && depth < DEEPEST ? { cause: loggedError(cause, depth + 1) } : {}),
  }
}

function withoutQuotations(message: string): string {
  return message.replace(/"[\s\S]*"/, '"…"').replace(SECRETS, REDACTED)
}

function framesOf({ stack = '' }: Error): string {
  return (stack.match(/^ {4}at .*$/gm) ?? []).join('\n')
}
