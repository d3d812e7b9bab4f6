import { type Command, type Options, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Key {
  readonly kid: string
  readonly state: string
  readonly signsFrom: string
  readonly retireAt?: string
}

const environment = { type: 'string', means: 'sandbox or production' } as const

/** @throws WrongUsage */
function environmentOf(options: Options): string {
  const name = required(options, 'environment')
  if (name !== 'sandbox' && name !== 'production')
    throw new WrongUsage('--environment is sandbox or production')
  return name
}

export const listKeys: Command = {
  words: 'keys list',
  does: 'The keys that access tokens are signed with.',
  options: { environment },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const path = `/operator/keys?environment=${environmentOf(options)}`
    const found = await askOperator<{ keys: readonly Key[] }>(dataDirectory, 'GET', path)
    const rows = found.keys.map(({ kid, state, signsFrom, retireAt }) => [
      kid,
      state,
      signsFrom,
      retireAt ?? '-',
    ])
    out.write(
      asJson
        ? `${JSON.stringify(found)}\n`
        : `${columns([['KID', 'STATE', 'SIGNS FROM', 'RETIRES'], ...rows])}\n`,
    )
    return 0
  },
}

export const rotateKeys: Command = {
  words: 'keys rotate',
  does: 'Make the next signing key; no token suffers.',
  options: {
    environment,
    now: {
      type: 'boolean',
      means: 'after a compromise: the old keys end at once, and every token with them',
    },
    yes: { type: 'boolean', means: 'needed with --now: every client has to get a new token' },
  },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const name = environmentOf(options)
    if (options.now && !options.yes)
      throw new WrongUsage(`--now ends every access token of the ${name}; say --yes as well`)
    const made = await askOperator<{ kid: string; signsFrom: string; isNew: boolean }>(
      dataDirectory,
      'POST',
      '/operator/keys/rotations',
      { environment: name, ...(options.now ? { atOnce: true } : {}) },
    )
    const what = made.isNew ? 'signs from' : 'was made before and signs from'
    out.write(asJson ? `${JSON.stringify(made)}\n` : `${made.kid} ${what} ${made.signsFrom}.\n`)
    return 0
  },
}
