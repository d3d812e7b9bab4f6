/** `countersign`: speaks to a running server; nothing here reaches into its database. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type Command, Refused, WrongUsage } from './command.ts'
import { acknowledgeAlert, listAlerts } from './commands/alerts.ts'
import { anchorAudit, verifyAudit, whoSaw } from './commands/audit.ts'
import { recordContract, verifyContract } from './commands/contracts.ts'
import { createCredentials, registerKeys } from './commands/credentials.ts'
import { demo } from './commands/demo.ts'
import { drop } from './commands/drop.ts'
import {
  addProduct,
  endProvider,
  listProducts,
  listProviders,
  registerProvider,
  removeProduct,
} from './commands/grants.ts'
import { listKeys, rotateKeys } from './commands/keys.ts'
import { grantOperator, listOperators, withdrawOperator } from './commands/operators.ts'
import { createOrganization, listOrganizations } from './commands/organizations.ts'
import {
  announceOutage,
  endOutage,
  importPayers,
  importRules,
  listPayers,
  publishPolicy,
} from './commands/payers.ts'
import { listPeppers, retirePepper, rotatePeppers } from './commands/peppers.ts'
import { advanceClock, setScenario } from './commands/sandbox.ts'
import { scanSecrets } from './commands/scan-secrets.ts'
import {
  allowCredentials,
  disableCredentials,
  endTokens,
  listCredentials,
  revokeCredentials,
  rotateCredentials,
} from './commands/secrets.ts'
import { send } from './commands/send.ts'
import { status } from './commands/status.ts'
import { trust } from './commands/trust.ts'
import { listUpstreams, removeUpstream, setUpstream } from './commands/upstreams.ts'
import { helpFor, overview } from './help.ts'

const COMMANDS: readonly Command[] = [
  demo,
  status,
  trust,
  createOrganization,
  listOrganizations,
  createCredentials,
  registerKeys,
  listCredentials,
  rotateCredentials,
  revokeCredentials,
  disableCredentials,
  endTokens,
  allowCredentials,
  scanSecrets,
  listAlerts,
  acknowledgeAlert,
  listPeppers,
  rotatePeppers,
  retirePepper,
  listPayers,
  importPayers,
  announceOutage,
  endOutage,
  importRules,
  publishPolicy,
  listUpstreams,
  setUpstream,
  removeUpstream,
  recordContract,
  verifyContract,
  listProducts,
  addProduct,
  removeProduct,
  listProviders,
  registerProvider,
  endProvider,
  grantOperator,
  withdrawOperator,
  listOperators,
  listKeys,
  rotateKeys,
  setScenario,
  advanceClock,
  verifyAudit,
  anchorAudit,
  whoSaw,
  send,
  drop,
]

const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'data-dir': { type: 'string' },
} as const

async function main(args: readonly string[]): Promise<number> {
  const command = COMMANDS.find(({ words }) => args.slice(0, words.split(' ').length).join(' ') === words)
  if (!command) {
    process.stdout.write(overview(COMMANDS))
    return args.length === 0 || ['--help', '-h', 'help'].includes(args[0] ?? '') ? 0 : 2
  }
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, multiple }]) => [
      name,
      { type, ...(multiple ? { multiple } : {}) },
    ]),
  )
  const parsed = readArguments(args.slice(command.words.split(' ').length), { ...options, ...COMMON })
  if (parsed.values.help) {
    process.stdout.write(helpFor(command))
    return 0
  }
  const { json, 'data-dir': folder, ...values } = parsed.values
  return command.run(parsed.positionals, values as Parameters<Command['run']>[1], {
    out: process.stdout,
    environment: process.env,
    dataDirectory: typeof folder === 'string' ? folder : process.env.COUNTERSIGN_DATA_DIR || './data',
    asJson: json === true,
  })
}

function readArguments(
  args: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'],
) {
  try {
    return parseArgs({ args: [...args], options: options ?? {}, allowPositionals: true })
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (error instanceof WrongUsage) process.stderr.write(`${error.message}. Try --help.\n`)
    else if (error instanceof Refused) process.stderr.write(`${error.message}\n`)
    else process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exitCode = error instanceof WrongUsage ? 2 : 1
  },
)
