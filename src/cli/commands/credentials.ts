import { type Command, required } from '../command.ts'
import { caFileOf, createCredential } from '../credential.ts'
import { exportLines } from '../shell.ts'
import { columns } from '../table.ts'

export const createCredentials: Command = {
  words: 'credentials create',
  does: 'Make a credential for a company; its secret is printed this once.',
  options: {
    organization: { type: 'string', means: 'the company, by name or id' },
    environment: { type: 'string', means: 'sandbox or production; production needs a live grant' },
    label: { type: 'string', means: 'what will use it' },
    scope: {
      type: 'string',
      multiple: true,
      means: 'a scope that it may ask for; all of the grant when left out',
    },
    env: { type: 'boolean', means: 'print it as lines of environment variables' },
  },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const scopes = options.scope as readonly string[] | undefined
    const made = await createCredential(dataDirectory, {
      organization: required(options, 'organization'),
      environment: required(options, 'environment'),
      ...(typeof options.label === 'string' ? { label: options.label } : {}),
      ...(scopes === undefined ? {} : { scopes }),
    })
    const caFile = caFileOf(dataDirectory)
    const fields: Readonly<Record<string, string>> = {
      client_id: made.clientId,
      client_secret: made.clientSecret,
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
    else out.write(`${columns(pairs)}\n\nThe secret is shown this once; only a hash of it is kept.\n`)
    return 0
  },
}
