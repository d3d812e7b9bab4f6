import { type Command, type Options, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Secret {
  readonly id: string
  readonly hint: string
  readonly isLive: boolean
  readonly createdAt: string
  readonly expiresAt?: string
  readonly expiresSoon: boolean
  readonly revokedFor?: string
  readonly lastUsedAt?: string
  readonly lastUsedFrom?: string
  readonly uses: number
}

interface Credential {
  readonly clientId: string
  readonly label: string
  readonly environment: string
  readonly allowedAddresses: readonly string[]
  readonly rotationDue?: string
  readonly secrets: readonly Secret[]
}

const OF_CLIENT = { organization: { type: 'string', means: 'the company, by name or id' } } as const

export const listCredentials: Command = {
  words: 'credentials list',
  does: "List a company's credentials and their secrets; never a secret itself.",
  options: OF_CLIENT,
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const organization = encodeURIComponent(required(options, 'organization'))
    const { credentials } = await askOperator<{ credentials: readonly Credential[] }>(
      dataDirectory,
      'GET',
      `/operator/credentials?organization=${organization}`,
    )
    if (asJson) out.write(`${JSON.stringify(credentials)}\n`)
    else
      out.write(
        credentials.length === 0 ? 'No credentials yet.\n' : `${credentials.map(inWords).join('\n\n')}\n`,
      )
    return 0
  },
}

function inWords({
  clientId,
  label,
  environment,
  allowedAddresses,
  rotationDue,
  secrets,
}: Credential): string {
  const rows = secrets.map((secret) => [
    `  ${secret.id}`,
    secret.hint,
    standing(secret),
    secret.lastUsedAt === undefined
      ? 'never used'
      : `used ${minute(secret.lastUsedAt)} from ${secret.lastUsedFrom ?? 'unknown'}, ${secret.uses === 1 ? 'once' : `${secret.uses} times`}`,
  ])
  return [
    `${clientId}  ${environment}  ${label}`,
    ...(allowedAddresses.length > 0 ? [`  called from ${allowedAddresses.join(', ')} alone`] : []),
    ...(rotationDue === undefined ? [] : [`  rotation is due: ${rotationDue}`]),
    ...(rows.length > 0 ? [columns(rows)] : []),
  ].join('\n')
}

function standing({ isLive, expiresAt, expiresSoon, revokedFor }: Secret): string {
  if (isLive)
    return expiresAt === undefined ? 'live' : `ends ${minute(expiresAt)}${expiresSoon ? ', soon' : ''}`
  return `ended ${minute(expiresAt ?? '')}${revokedFor === undefined ? '' : ` (${revokedFor})`}`
}

const minute = (moment: string) => `${moment.slice(0, 16).replace('T', ' ')}Z`

interface FreshSecret {
  readonly clientId: string
  readonly clientSecret: string
  readonly secretId: string
  readonly expiresAt?: string
  readonly replaces?: { readonly secretId: string; readonly endsAt: string }
}

export const rotateCredentials: Command = {
  words: 'credentials rotate',
  takes: 'CLIENT_ID',
  does: 'Give a client a second secret, printed this once; the first one goes on for the overlap.',
  options: {
    ...OF_CLIENT,
    'overlap-days': { type: 'string', means: 'how long the first one goes on, 0 to 30; 7 when left out' },
    'expires-in-days': { type: 'string', means: 'when the second one ends, 1 to 3650; never when left out' },
  },
  run: async ([clientId], options, { out, dataDirectory, asJson }) => {
    const expiresInDays = days(options, 'expires-in-days')
    const fresh = await askOperator<FreshSecret>(dataDirectory, 'POST', pathOf(clientId, 'rotate'), {
      organization: required(options, 'organization'),
      overlapDays: days(options, 'overlap-days') ?? 7,
      ...(expiresInDays === undefined ? {} : { expiresInDays }),
    })
    // Spelt as `credentials create` spells them.
    const { clientId: client_id, clientSecret: client_secret, ...rest } = fresh
    if (asJson) out.write(`${JSON.stringify({ client_id, client_secret, ...rest })}\n`)
    else
      out.write(
        `${columns([
          ['client_id', fresh.clientId],
          ['client_secret', fresh.clientSecret],
          ['secret', fresh.secretId],
          ...(fresh.expiresAt === undefined ? [] : [['ends', minute(fresh.expiresAt)]]),
          ...(fresh.replaces
            ? [['replaces', `${fresh.replaces.secretId}, which ends ${minute(fresh.replaces.endsAt)}`]]
            : []),
        ])}\n\nThe secret is shown this once; only a hash of it is kept.\n`,
      )
    return 0
  },
}

export const revokeCredentials: Command = {
  words: 'credentials revoke',
  takes: 'CLIENT_ID',
  does: 'End one secret of a client now, and every token of that client.',
  options: { ...OF_CLIENT, secret: { type: 'string', means: 'the id of the secret, as listed: sec_…' } },
  run: async ([clientId], options, { out, dataDirectory, asJson }) => {
    const secretId = required(options, 'secret')
    const answer = await askOperator(dataDirectory, 'POST', pathOf(clientId, 'revoke'), {
      organization: required(options, 'organization'),
      secretId,
    })
    out.write(
      asJson
        ? `${JSON.stringify(answer)}\n`
        : `${secretId} is revoked, and so are the tokens of its client.\n`,
    )
    return 0
  },
}

export const disableCredentials: Command = {
  words: 'credentials disable',
  takes: 'CLIENT_ID',
  does: 'Disable a client for good, with its secrets, keys and tokens.',
  options: {
    ...OF_CLIENT,
    reason: { type: 'string', means: 'leaked, no-longer-used, contract-ended or other (when left out)' },
  },
  run: async ([clientId], options, { out, dataDirectory, asJson }) => {
    const answer = await askOperator(dataDirectory, 'POST', pathOf(clientId, 'disable'), {
      organization: required(options, 'organization'),
      ...(typeof options.reason === 'string' ? { reason: options.reason } : {}),
    })
    out.write(asJson ? `${JSON.stringify(answer)}\n` : `${clientId} is disabled, and its tokens are void.\n`)
    return 0
  },
}

export const endTokens: Command = {
  words: 'credentials end-tokens',
  takes: 'CLIENT_ID',
  does: 'End every token that a client has; it can get new ones.',
  options: OF_CLIENT,
  run: async ([clientId], options, { out, dataDirectory, asJson }) => {
    const organization = required(options, 'organization')
    const answer = await askOperator(dataDirectory, 'POST', pathOf(clientId, 'end-tokens'), { organization })
    out.write(asJson ? `${JSON.stringify(answer)}\n` : `The tokens of ${clientId} are void.\n`)
    return 0
  },
}

export const allowCredentials: Command = {
  words: 'credentials allow',
  takes: 'CLIENT_ID',
  does: 'Say which addresses a client may call from; with none, any.',
  options: {
    ...OF_CLIENT,
    address: {
      type: 'string',
      multiple: true,
      means: 'an address or a range, 192.0.2.0/24; may be repeated',
    },
  },
  run: async ([clientId], options, { out, dataDirectory, asJson }) => {
    const { addresses } = await askOperator<{ addresses: readonly string[] }>(
      dataDirectory,
      'POST',
      pathOf(clientId, 'allow'),
      { organization: required(options, 'organization'), addresses: options.address ?? [] },
    )
    if (asJson) out.write(`${JSON.stringify({ addresses })}\n`)
    else
      out.write(
        addresses.length === 0
          ? 'It may call from anywhere.\n'
          : `It may call from ${addresses.join(', ')} alone.\n`,
      )
    return 0
  },
}

function pathOf(clientId: string | undefined, verb: string): string {
  if (!clientId) throw new WrongUsage('the client is needed: cs_test_… or cs_live_…')
  return `/operator/credentials/${encodeURIComponent(clientId)}/${verb}`
}

function days(options: Options, name: string): number | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  if (typeof text !== 'string' || !/^\d+$/.test(text)) throw new WrongUsage(`--${name} is a whole number`)
  return Number(text)
}
