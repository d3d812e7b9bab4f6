import { type Command, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Organization {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly createdAt: string
}

export const createOrganization: Command = {
  words: 'organizations create',
  takes: 'NAME',
  does: 'Make a company, with a grant to every product of the sandbox.',
  options: { type: { type: 'string', means: 'provider (default), ehr, rcm, clearinghouse or payer' } },
  run: async ([name], options, { out, dataDirectory, asJson }) => {
    if (!name) throw new WrongUsage('the name of the company is needed')
    const made = await askOperator<Organization>(dataDirectory, 'POST', '/operator/organizations', {
      name,
      ...(options.type === undefined ? {} : { type: options.type }),
    })
    out.write(asJson ? `${JSON.stringify(made)}\n` : `${made.name} is ${made.id}.\n`)
    return 0
  },
}

export const listOrganizations: Command = {
  words: 'organizations list',
  does: 'List every company.',
  options: {},
  run: async (_names, _options, { out, dataDirectory, asJson }) => {
    const { organizations } = await askOperator<{ organizations: readonly Organization[] }>(
      dataDirectory,
      'GET',
      '/operator/organizations',
    )
    if (asJson) out.write(`${JSON.stringify(organizations)}\n`)
    else if (organizations.length === 0)
      out.write('No companies yet. Make one: countersign organizations create "Larkspur Health"\n')
    else
      out.write(
        `${columns([['NAME', 'TYPE', 'SINCE', 'ID'], ...organizations.map(({ name, type, createdAt, id }) => [name, type, createdAt.slice(0, 10), id])])}\n`,
      )
    return 0
  },
}
