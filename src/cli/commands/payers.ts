import { readFile } from 'node:fs/promises'
import { type Command, type Options, Refused, required, type Surroundings, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

const ENVIRONMENT = { type: 'string', means: 'sandbox or production; needed' } as const
const PAYER = { type: 'string', means: 'the payer, by our id or one that senders use; needed' } as const

interface Entry {
  readonly id: string
  readonly name: string
  readonly identifiers: readonly { readonly value: string; readonly system?: string }[]
  readonly plans: readonly { readonly id: string; readonly name: string }[]
  readonly ways: Readonly<Record<string, string>>
  readonly outages: readonly {
    readonly id: string
    readonly operation?: string
    readonly from: string
    readonly until?: string
    readonly note: string
  }[]
}

export const listPayers: Command = {
  words: 'payers list',
  does: 'List the payers of an environment, by which way each is asked, and what is out of order.',
  options: { environment: ENVIRONMENT },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const environment = required(options, 'environment')
    const { payers } = await askOperator<{ payers: readonly Entry[] }>(
      dataDirectory,
      'GET',
      `/operator/payers?environment=${encodeURIComponent(environment)}`,
    )
    if (asJson) out.write(`${JSON.stringify(payers)}\n`)
    else if (payers.length === 0)
      out.write(`No payers yet. Bring some in: countersign payers import FILE --environment ${environment}\n`)
    else out.write(`${inWords(payers)}\n`)
    return 0
  },
}

function inWords(payers: readonly Entry[]): string {
  const rows = payers.map(({ name, identifiers, ways, plans }) => [
    name,
    identifiers.map(({ system, value }) => (system === undefined ? value : `${system}:${value}`)).join(' '),
    waysInWords(ways),
    plans.length === 0 ? '' : plans.length === 1 ? '1 plan' : `${plans.length} plans`,
  ])
  const out = payers.flatMap(({ name, outages }) =>
    outages.map(
      ({ id, operation, from, until, note }) =>
        `${name}: ${operation ?? 'everything'} out from ${from}${until === undefined ? '' : ` until ${until}`}: ${note} (${id})`,
    ),
  )
  return [columns([['NAME', 'IDS', 'ANSWERED', 'PLANS'], ...rows]), ...out].join('\n')
}

function waysInWords(ways: Entry['ways']): string {
  const kinds = new Set(Object.values(ways))
  const [only] = kinds
  if (kinds.size === 1) return only ?? ''
  return Object.entries(ways)
    .map(([operation, way]) => `${operation} ${way}`)
    .join(', ')
}

interface Imported {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly unchanged: readonly string[]
}

export const importPayers: Command = {
  words: 'payers import',
  takes: 'FILE',
  does: 'Bring payers in from a CSV or JSON file: all of it, or, when it has a fault, none.',
  options: {
    environment: ENVIRONMENT,
    trial: { type: 'boolean', means: 'say what would change, and change nothing' },
  },
  run: async ([file], options, surroundings) => {
    const { out, asJson } = surroundings
    const isTrial = options.trial === true
    const imported = await send<Imported>(surroundings, '/operator/payers/import', file, options, (text) => ({
      format: file?.toLowerCase().endsWith('.json') ? 'json' : 'csv',
      text,
      isTrial,
    }))
    if (asJson) out.write(`${JSON.stringify(imported)}\n`)
    else {
      const { added, changed, unchanged } = imported
      const would = isTrial ? ' would be' : ''
      out.write(
        `${added.length}${would} added, ${changed.length}${would} changed, ${unchanged.length} as before.\n`,
      )
      for (const name of added) out.write(`  + ${name}\n`)
      for (const name of changed) out.write(`  ~ ${name}\n`)
    }
    return 0
  },
}

export const announceOutage: Command = {
  words: 'payers outage',
  takes: 'PAYER',
  does: 'Tell callers that a payer cannot be reached.',
  options: {
    environment: ENVIRONMENT,
    operation: {
      type: 'string',
      means: 'determination, inquiry, submission or notice; all of them when left out',
    },
    from: { type: 'string', means: 'when it begins, as 2027-01-04T09:00:00Z; now when left out' },
    until: { type: 'string', means: 'when it ends, if that is known' },
    note: { type: 'string', means: 'what callers are to know; needed' },
  },
  run: async ([payer], options, { out, dataDirectory, asJson }) => {
    if (payer === undefined) throw new WrongUsage('the payer is needed')
    const { operation, from, until } = options
    const environment = required(options, 'environment')
    const made = await askOperator<{ id: string }>(dataDirectory, 'POST', '/operator/payers/outages', {
      environment,
      payer,
      note: required(options, 'note'),
      ...(operation !== undefined && { operation }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    })
    out.write(
      asJson
        ? `${JSON.stringify(made)}\n`
        : `Announced as ${made.id}. End it with: countersign payers outage-end ${made.id} --environment ${environment}\n`,
    )
    return 0
  },
}

export const endOutage: Command = {
  words: 'payers outage-end',
  takes: 'OUTAGE_ID',
  does: 'End an outage now.',
  options: { environment: ENVIRONMENT },
  run: async ([outageId], options, { out, dataDirectory, asJson }) => {
    if (outageId === undefined) throw new WrongUsage('the id of the outage is needed')
    const environment = required(options, 'environment')
    const done = await askOperator(dataDirectory, 'POST', '/operator/payers/outages/end', {
      environment,
      outageId,
    })
    out.write(asJson ? `${JSON.stringify(done)}\n` : `${outageId} has ended.\n`)
    return 0
  },
}

export const importRules: Command = {
  words: 'rules import',
  takes: 'FILE',
  does: "Put a CSV file in place of a payer's determination rules; those before stay under their version.",
  options: { environment: ENVIRONMENT, payer: PAYER },
  run: async ([file], options, surroundings) => {
    const { out, asJson } = surroundings
    const payer = required(options, 'payer')
    const done = await send<{ version: number; rows: number }>(
      surroundings,
      '/operator/rules/import',
      file,
      options,
      (text) => ({ payer, text }),
    )
    out.write(
      asJson
        ? `${JSON.stringify(done)}\n`
        : `${done.rows} rules of ${payer} are in force, as version ${done.version}.\n`,
    )
    return 0
  },
}

export const publishPolicy: Command = {
  words: 'policies publish',
  takes: 'FILE',
  does: "Put a decision graph (JDM, JSON) in force in place of a payer's; the one before stays under its version.",
  options: { environment: ENVIRONMENT, payer: PAYER },
  run: async ([file], options, surroundings) => {
    const { out, asJson } = surroundings
    const payer = required(options, 'payer')
    const done = await send<{ version: number }>(
      surroundings,
      '/operator/policies/publish',
      file,
      options,
      (text) => ({ payer, graph: parsed(text, file ?? '') }),
    )
    out.write(
      asJson
        ? `${JSON.stringify(done)}\n`
        : `The policy of ${payer} is in force, as version ${done.version}.\n`,
    )
    return 0
  },
}

/** Sends what a file holds. @throws WrongUsage, Refused */
async function send<T>(
  { dataDirectory }: Surroundings,
  path: string,
  file: string | undefined,
  options: Options,
  body: (text: string) => object,
): Promise<T> {
  if (file === undefined) throw new WrongUsage('the file is needed')
  const environment = required(options, 'environment')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`${file} cannot be read (${error.code}).`)
  })
  return askOperator<T>(dataDirectory, 'POST', path, { environment, ...body(text) })
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(`${file} holds no JSON.`)
  }
}
