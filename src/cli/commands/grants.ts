import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Command, type Options, Refused, required, type Surroundings } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Grant {
  readonly version: number
  readonly products: readonly string[]
  readonly scopes: readonly string[]
  readonly providers?: readonly {
    readonly npi: string
    readonly relation: string
    readonly tenantId?: string
    readonly from: string
    readonly until?: string
  }[]
  readonly isAcknowledged: boolean
}

const OF = {
  organization: { type: 'string', means: 'the company, by name or id' },
  environment: { type: 'string', means: 'sandbox or production' },
} as const
const PRODUCT = { ...OF, product: { type: 'string', means: 'the product, by id' } } as const
const NPI = { ...OF, npi: { type: 'string', means: 'the provider’s NPI, ten digits' } } as const

const of = (options: Options) => ({
  organization: required(options, 'organization'),
  environment: required(options, 'environment'),
})
const optional = (options: Options, ...names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => (typeof options[name] === 'string' ? [[name, options[name]]] : [])),
  )

function show(grant: Grant, { out, asJson }: Surroundings, text: string): number {
  const waits = grant.isAcknowledged ? '' : ' Its gateway does not answer; it is told as soon as it does.'
  out.write(asJson ? `${JSON.stringify(grant)}\n` : `${text}${waits}\n`)
  return 0
}

const ask = (options: Options, { dataDirectory }: Surroundings) =>
  askOperator<Grant>(dataDirectory, 'GET', `/operator/grants?${new URLSearchParams(of(options))}`)

const productsOf = ({ products, scopes, version }: Grant) =>
  columns([
    ['products', products.join(' ') || 'none'],
    ['scopes', scopes.join(' ') || 'none'],
    ['version', String(version)],
  ])

export const listProducts: Command = {
  words: 'products list',
  does: 'Show what a company may use in an environment.',
  options: OF,
  run: async (_names, options, surroundings) => {
    const grant = await ask(options, surroundings)
    return show(grant, surroundings, productsOf(grant))
  },
}

function changeProduct(words: string, does: string, path: string): Command {
  return {
    words,
    does,
    options: PRODUCT,
    run: async (_names, options, surroundings) => {
      const body = { ...of(options), product: required(options, 'product') }
      const grant = await askOperator<Grant>(surroundings.dataDirectory, 'POST', path, body)
      return show(grant, surroundings, productsOf(grant))
    },
  }
}

export const addProduct = changeProduct(
  'products add',
  'Give a company a product of the sandbox.',
  '/operator/grants/products/add',
)
export const removeProduct = changeProduct(
  'products remove',
  'Take a product away: refused on the next call, with tokens that are out as well.',
  '/operator/grants/products/withdraw',
)

const providersOf = ({ providers }: Grant, environment: string) =>
  providers === undefined
    ? `Nothing is registered: ${environment === 'sandbox' ? 'it may act for anybody' : 'it may act for nobody'}.`
    : columns([
        ['NPI', 'RELATION', 'CALLED', 'FROM', 'UNTIL'],
        ...providers.map(({ npi, relation, tenantId, from, until }) => [
          npi,
          relation,
          tenantId ?? '-',
          from,
          until ?? '-',
        ]),
      ])

export const listProviders: Command = {
  words: 'providers list',
  does: 'Show which providers a company is or represents.',
  options: OF,
  run: async (_names, options, surroundings) => {
    const grant = await ask(options, surroundings)
    return show(grant, surroundings, providersOf(grant, required(options, 'environment')))
  },
}

export const registerProvider: Command = {
  words: 'providers register',
  does: 'Let a company act for a provider that it is, or that gave it authority.',
  options: {
    ...NPI,
    relation: { type: 'string', means: 'own or represented' },
    authority: {
      type: 'string',
      means: 'the file by which a represented provider gives its authority; its hash is kept',
    },
    tenant: { type: 'string', means: 'what x-optum-tenant-id calls it; its NPI always does as well' },
    from: { type: 'string', means: 'when it begins, such as 2027-01-01T00:00:00Z; now when left out' },
    until: { type: 'string', means: 'when it ends; never when left out' },
  },
  run: async (_names, options, surroundings) => {
    const file = options.authority
    const body = {
      ...of(options),
      npi: required(options, 'npi'),
      relation: required(options, 'relation'),
      ...optional(options, 'from', 'until'),
      ...(typeof options.tenant === 'string' ? { tenantId: options.tenant } : {}),
      ...(typeof file === 'string' ? { authority: await hashOf(file) } : {}),
    }
    const grant = await askOperator<Grant>(
      surroundings.dataDirectory,
      'POST',
      '/operator/grants/providers',
      body,
    )
    return show(grant, surroundings, providersOf(grant, body.environment))
  },
}

export const endProvider: Command = {
  words: 'providers end',
  does: 'End what a company may do for a provider, now.',
  options: NPI,
  run: async (_names, options, surroundings) => {
    const body = { ...of(options), npi: required(options, 'npi') }
    const grant = await askOperator<Grant>(
      surroundings.dataDirectory,
      'POST',
      '/operator/grants/providers/end',
      body,
    )
    return show(grant, surroundings, providersOf(grant, body.environment))
  },
}

async function hashOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`The authority ${file} cannot be read: ${error.code}`)
  })
  return createHash('sha256').update(bytes).digest('hex')
}
