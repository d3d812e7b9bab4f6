import { type Command, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Pepper {
  readonly id: string
  readonly environment: string
  readonly createdAt: string
  readonly state: string
  readonly liveSecrets: number
}

const ENVIRONMENT = { environment: { type: 'string', means: 'sandbox or production' } } as const

export const listPeppers: Command = {
  words: 'peppers list',
  does: 'List what client secrets are hashed with, and how many live secrets need each.',
  options: {},
  run: async (_names, _options, { out, dataDirectory, asJson }) => {
    const { peppers } = await askOperator<{ peppers: readonly Pepper[] }>(
      dataDirectory,
      'GET',
      '/operator/peppers',
    )
    if (asJson) out.write(`${JSON.stringify(peppers)}\n`)
    else
      out.write(
        `${columns([
          ['ENVIRONMENT', 'ID', 'SINCE', 'STATE', 'LIVE SECRETS'],
          ...peppers.map(({ environment, id, createdAt, state, liveSecrets }) => [
            environment,
            id,
            createdAt.slice(0, 10),
            state,
            String(liveSecrets),
          ]),
        ])}\n`,
      )
    return 0
  },
}

export const rotatePeppers: Command = {
  words: 'peppers rotate',
  does: 'Add a pepper; new secrets are hashed with it ten minutes later.',
  options: ENVIRONMENT,
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const added = await askOperator<{ id: string; environment: string; currentFrom: string }>(
      dataDirectory,
      'POST',
      '/operator/peppers',
      { environment: required(options, 'environment') },
    )
    if (asJson) out.write(`${JSON.stringify(added)}\n`)
    else
      out.write(
        `${added.id} will be the pepper of new secrets in the ${added.environment} from ${added.currentFrom.slice(11, 19)} UTC. Where nodes do not share the key folder, copy ${added.environment}.peppers to each before then.\n`,
      )
    return 0
  },
}

export const retirePepper: Command = {
  words: 'peppers retire',
  takes: 'ID',
  does: 'Remove an old pepper that no live secret needs, for good.',
  options: ENVIRONMENT,
  run: async ([pepperId], options, { out, dataDirectory, asJson }) => {
    if (!pepperId) throw new WrongUsage('the pepper is needed, as listed by: countersign peppers list')
    const environment = required(options, 'environment')
    const answer = await askOperator(dataDirectory, 'POST', '/operator/peppers/retire', {
      environment,
      pepperId,
    })
    out.write(asJson ? `${JSON.stringify(answer)}\n` : `${pepperId} is gone from the ${environment}.\n`)
    return 0
  },
}
