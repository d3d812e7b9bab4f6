import type { Command } from './command.ts'
import { columns } from './table.ts'

const usage = ({ words, takes }: Command) => [words, takes].filter(Boolean).join(' ')

/** Every command on a line. */
export function overview(commands: readonly Command[]): string {
  return [
    'countersign: speaks to a running Countersign server.',
    '',
    columns(commands.map((command) => [`  ${usage(command)}`, command.does])),
    '',
    '  --json            one JSON value instead of words',
    '  --data-dir DIR    the server’s data directory (COUNTERSIGN_DATA_DIR, else ./data)',
    '  --help            after a command: its options',
    '',
  ].join('\n')
}

/** One command and its options. */
export function helpFor(command: Command): string {
  const options = Object.entries(command.options).map(([name, { type, means }]) => [
    `  --${name}${type === 'string' ? ' …' : ''}`,
    means,
  ])
  return [
    `countersign ${usage(command)}`,
    '',
    command.does,
    ...(options.length > 0 ? ['', columns(options)] : []),
    '',
  ].join('\n')
}
