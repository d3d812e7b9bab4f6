import type { Figure, Figures } from './figures.ts'

const TITLE = 32
const COLUMN = 9
const HEADS = ['at once', 'per s', 'p50 ms', 'p95 ms', 'p99 ms', 'server', 'database', 'errors']
const BAR = 20

/** The head of the table, with a rule below. */
export function head(): string {
  const line = `${''.padEnd(TITLE)}${HEADS.map((text) => text.padStart(COLUMN)).join('')}`
  return `${' '.repeat(TITLE + COLUMN * 5)}${'CPU ms per request'.padStart(COLUMN * 2)}\n${line}\n${'─'.repeat(line.length)}`
}

/** One line, and beneath the last of a work a little room. */
export function row(figure: Figure): string {
  const cells = [
    String(figure.connections),
    count(figure.perSecond),
    ms(figure.p50Ms),
    ms(figure.p95Ms),
    ms(figure.p99Ms),
    figure.serverCpuMs === undefined ? '·' : ms(figure.serverCpuMs),
    figure.databaseCpuMs === undefined ? '·' : ms(figure.databaseCpuMs),
    figure.errors === 0 ? '0' : `${figure.errors} !`,
  ]
  return `${figure.title.padEnd(TITLE)}${cells.map((cell) => cell.padStart(COLUMN)).join('')}`
}

/** How far along a measurement is, on the line that its figures will take. */
export function progress(title: string, connections: number, share: number): string {
  const full = Math.round(Math.min(1, share) * BAR)
  return `${title.padEnd(TITLE)}${String(connections).padStart(COLUMN)}  ${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}

/** What the machine is, and what the figures say beside their peers. */
export function foot({ ratios, machine, secondsEach, revocation }: Figures): string {
  const { cores, processor, node, postgres, loadBefore } = machine
  return [
    ...ratios.map(({ says, value }) => `${`${value}`.padStart(8)} ×  ${says}`),
    ...(revocation
      ? [
          '',
          `A revoked token is refused by another process on the same database after ${revocation.p50Ms.toFixed(0)} ms (p50), ${revocation.p99Ms.toFixed(0)} ms (p99), of ${revocation.rounds} rounds.`,
        ]
      : []),
    '',
    `${cores} cores (${processor}), shared by server, database and load; Node ${node}, PostgreSQL ${postgres}, fsync on, TLS on.`,
    `${secondsEach} s each; load average before the first: ${loadBefore.toFixed(1)}${loadBefore > cores / 2 ? ' (others were at work here: the figures are lower than they could be)' : ''}.`,
  ].join('\n')
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
