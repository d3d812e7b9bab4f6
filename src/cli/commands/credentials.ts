import { readFile } from 'node:fs/promises'
import { type Command, type Options, Refused, required, WrongUsage } from '../command.ts'
import { caFileOf, createCredential, createKeyCredential, type Keys } from '../credential.ts'
import { askOperator } from '../operator.ts'
import { exportLines } from '../shell.ts'
import { columns } from '../table.ts'

const KEY_OPTIONS = {
  jwks: { type: 'string', means: 'a file with its public keys (a JWK Set), instead of a secret' },
  'jwks-uri': { type: 'string', means: 'the https:// address where it publishes them, instead of a secret' },
} as const

export const createCredentials: Command = {
  words: 'credentials create',
  does: 'Make a credential for a company; its secret, if it has one, is printed this once.',
  options: {
    organization: { type: 'string', means: 'the company, by name or id' },
    environment: { type: 'string', means: 'sandbox or production; production needs a live grant' },
    label: { type: 'string', means: 'what will use it' },
    scope: {
      type: 'string',
      multiple: true,
      means: 'a scope that it may ask for; all of the grant when left out',
    },
    ...KEY_OPTIONS,
    env: { type: 'boolean', means: 'print it as lines of environment variables' },
  },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const scopes = options.scope as readonly string[] | undefined
    const wanted = {
      organization: required(options, 'organization'),
      environment: required(options, 'environment'),
      ...(typeof options.label === 'string' ? { label: options.label } : {}),
      ...(scopes === undefined ? {} : { scopes }),
    }
    const keys = await keysOf(options)
    const made = keys
      ? await createKeyCredential(dataDirectory, { ...wanted, ...keys })
      : await createCredential(dataDirectory, wanted)
    const caFile = caFileOf(dataDirectory)
    const fields: Readonly<Record<string, string>> = {
      client_id: made.clientId,
      ...(made.clientSecret === undefined ? {} : { client_secret: made.clientSecret }),
      token_url: made.tokenUrl,
      base_url: made.baseUrl,
      ...(caFile === undefined ? {} : { ca_file: caFile }),
    }
    const pairs = Object.entries(fields)
    if (asJson) out.write(`${JSON.stringify(fields)}\n`)
    else if (options.env)
      out.write(
        exportLines(
          Object.fromEntries(pairs.map(([name, value]) => [`COUNTERSIGN_${name.toUpperCase()}`, value])),
        ),
      )
    else out.write(`${columns(pairs)}\n\n${keys ? BY_KEYS : ONCE}\n`)
    return 0
  },
}

export const registerKeys: Command = {
  words: 'credentials keys',
  takes: 'CLIENT_ID',
  does: 'Put other keys in place of those that a client had.',
  options: {
    organization: { type: 'string', means: 'the company, by name or id' },
    ...KEY_OPTIONS,
  },
  run: async ([clientId, more], options, { out, dataDirectory, asJson }) => {
    if (clientId === undefined || more !== undefined) throw new WrongUsage('one CLIENT_ID is needed')
    const organization = required(options, 'organization')
    const keys = await keysOf(options)
    if (!keys) throw new WrongUsage('--jwks or --jwks-uri is needed')
    const path = `/operator/credentials/${encodeURIComponent(clientId)}/keys`
    const done = await askOperator(dataDirectory, 'POST', path, { organization, ...keys })
    out.write(
      asJson ? `${JSON.stringify(done)}\n` : `From now on ${clientId} proves itself with these keys.\n`,
    )
    return 0
  },
}

const ONCE = 'The secret is shown this once; only a hash of it is kept.'
const BY_KEYS = 'It proves itself with its own keys (private_key_jwt); there is no secret.'

/**
 * The keys that the options name; undefined when they name none.
 *
 * @throws WrongUsage both were given; Refused the file cannot be read
 */
async function keysOf({ jwks: file, 'jwks-uri': jwksUri }: Options): Promise<Keys | undefined> {
  if (typeof file === 'string' && typeof jwksUri === 'string')
    throw new WrongUsage('--jwks and --jwks-uri exclude each other')
  if (typeof jwksUri === 'string') return { jwksUri }
  if (typeof file !== 'string') return undefined
  try {
    return { jwks: JSON.parse(await readFile(file, 'utf8')) as unknown }
  } catch (error) {
    // Never what stands in it: a private key may, by mistake.
    const isJson = error instanceof SyntaxError
    throw new Refused(`${file} ${isJson ? 'is no JSON document' : 'cannot be read'}.`)
  }
}
