import {
  type Command,
  type OptionShape,
  type Options,
  required,
  type Surroundings,
  WrongUsage,
} from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns } from '../table.ts'

interface Role {
  readonly email?: string
  readonly personId: string
  readonly role: string
  readonly environment: string
  readonly payers: readonly string[] | 'all'
  readonly grantedAt: string
  readonly withdrawnAt?: string
}

const ROLES = 'partner-desk, engineer, auditor, intake, nurse, physician or appeals'
const ENVIRONMENT: OptionShape = { type: 'string', means: 'sandbox or production; both when left out' }

const whose = (email: string | undefined): string => {
  if (!email) throw new WrongUsage('the e-mail address of the person is needed')
  return email
}
const environmentOf = ({ environment }: Options) => {
  if (environment !== undefined && !['sandbox', 'production'].includes(String(environment)))
    throw new WrongUsage('--environment is sandbox or production')
  return environment === undefined ? {} : { environment }
}
const payersOf = (options: Options) => {
  const named = required(options, 'payers')
  return named === 'all' ? named : named.split(',').map((id) => id.trim())
}
const scopeOf = ({ payers }: Role) => (payers === 'all' ? 'all' : payers.join(','))

export const grantOperator: Command = {
  words: 'operators grant',
  takes: 'EMAIL',
  does: 'Give one of the operator’s people a role for some payers, in place of what they had of that role.',
  options: {
    role: { type: 'string', means: ROLES },
    payers: { type: 'string', means: 'ids of payers, ours or those of the wire, parted by commas; or all' },
    environment: ENVIRONMENT,
    'leave-company': {
      type: 'boolean',
      means: 'take them out of the company that they belong to: nobody acts for both sides',
    },
  },
  run: async ([email], options, { out, dataDirectory, asJson }) => {
    const { roles } = await askOperator<{ roles: readonly Role[] }>(
      dataDirectory,
      'POST',
      '/operator/people',
      {
        email: whose(email),
        role: required(options, 'role'),
        payers: payersOf(options),
        ...environmentOf(options),
        ...(options['leave-company'] === true ? { leaveCompany: true } : {}),
      },
    )
    const told = roles.map(
      (role) => `${email} is ${role.role} of the ${role.environment} for ${scopeOf(role)}.\n`,
    )
    out.write(asJson ? `${JSON.stringify(roles)}\n` : told.join(''))
    return 0
  },
}

export const withdrawOperator: Command = {
  words: 'operators withdraw',
  takes: 'EMAIL',
  does: 'Take roles away from one of the operator’s people: refused on their next call.',
  options: {
    role: { type: 'string', means: `${ROLES}; all of theirs when left out` },
    environment: ENVIRONMENT,
  },
  run: async ([email], options, { out, dataDirectory, asJson }) => {
    const { withdrawn } = await askOperator<{ withdrawn: readonly Role[] }>(
      dataDirectory,
      'POST',
      '/operator/people/withdraw',
      {
        email: whose(email),
        ...(options.role === undefined ? {} : { role: options.role }),
        ...environmentOf(options),
      },
    )
    const told = withdrawn.map((role) => `${email} is no longer ${role.role} of the ${role.environment}.\n`)
    if (asJson) out.write(`${JSON.stringify(withdrawn)}\n`)
    else out.write(told.length === 0 ? `${email} had no such role.\n` : told.join(''))
    return 0
  },
}

export const listOperators: Command = {
  words: 'operators list',
  does: 'List who is of the operator, as what and for which payers, with what was withdrawn.',
  options: {},
  run: async (_names, _options, surroundings) => {
    const { roles } = await askOperator<{ roles: readonly Role[] }>(
      surroundings.dataDirectory,
      'GET',
      '/operator/people',
    )
    return show(roles, surroundings)
  },
}

function show(roles: readonly Role[], { out, asJson }: Surroundings): number {
  if (asJson) out.write(`${JSON.stringify(roles)}\n`)
  else if (roles.length === 0)
    out.write('Nobody has a role yet. Give one: countersign operators grant EMAIL\n')
  else
    out.write(
      `${columns([
        ['PERSON', 'ROLE', 'ENVIRONMENT', 'SINCE', 'WITHDRAWN', 'PAYERS'],
        ...roles.map((role) => [
          role.email || role.personId,
          role.role,
          role.environment,
          minute(role.grantedAt),
          role.withdrawnAt === undefined ? '-' : minute(role.withdrawnAt),
          scopeOf(role),
        ]),
      ])}\n`,
    )
  return 0
}

const minute = (at: string) => `${at.slice(0, 16).replace('T', ' ')}Z`
