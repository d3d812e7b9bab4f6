import type { Measured } from './load.ts'

/** One line of the table. */
export interface Figure extends Measured {
  readonly name: string
  readonly title: string
  readonly connections: number
  /** What the server itself spent on the processors for each request. Absent where there is no /proc. */
  readonly serverCpuMs?: number
  /** The same of all processes of the database. */
  readonly databaseCpuMs?: number
}

export interface Ratio {
  readonly says: string
  readonly value: number
}

/** From when a token's end is asked for at one process, to when another on the same database refuses it. */
export interface RevocationFigure {
  readonly rounds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
}

export interface Figures {
  readonly takenOn: string
  readonly machine: {
    readonly cores: number
    readonly processor: string
    readonly memoryGiB: number
    readonly system: string
    readonly node: string
    readonly postgres: string
    /** How many processes wanted to run before the first measurement, over the last minute: others share the machine. */
    readonly loadBefore: number
  }
  readonly secondsEach: number
  readonly revocation?: RevocationFigure
  readonly figures: readonly Figure[]
  readonly ratios: readonly Ratio[]
}

/** What the figures say beside their peers of the same run. */
export function ratiosOf(figures: readonly Figure[]): readonly Ratio[] {
  const find = (name: string, connections: number) =>
    figures.find((figure) => figure.name === name && figure.connections === connections)
  const ratio = (says: string, above: number | undefined, below: number | undefined): Ratio[] =>
    above === undefined || below === undefined || below === 0
      ? []
      : [{ says, value: Number((above / below).toPrecision(3)) }]
  return [1, 16].flatMap((connections) => {
    const submission = find('submission-json', connections)
    const bare = find('bare-https', connections)
    const commit = find('bare-commit', connections)
    const token = find('token', connections)
    const peer = find('token-peer', connections)
    const warm = find('healthcheck', connections)
    const cold = find('healthcheck-cold', connections)
    const from = connections === 1 ? 'from 1 connection' : `from ${connections}`
    return [
      ...ratio(
        `a bare Fastify serves so many times the submissions, ${from}`,
        bare?.perSecond,
        submission?.perSecond,
      ),
      ...ratio(
        `PostgreSQL commits so many times as many single rows, ${from}`,
        commit?.perSecond,
        submission?.perSecond,
      ),
      ...ratio(
        `the server's processor time of a submission is so many times the bare one's, ${from}`,
        submission?.serverCpuMs,
        bare?.serverCpuMs,
      ),
      ...ratio(
        `an X12 submission costs so many times the processor time of a JSON one, ${from}`,
        find('submission-x12', connections)?.serverCpuMs,
        submission?.serverCpuMs,
      ),
      ...ratio(
        `so many times the tokens of oidc-provider are issued, ${from}`,
        token?.perSecond,
        peer?.perSecond,
      ),
      ...ratio(
        `a token of oidc-provider costs its server so many times the processor time of ours, ${from}`,
        peer?.serverCpuMs,
        token?.serverCpuMs,
      ),
      ...ratio(
        `a call with a token that has to be verified costs so many times the processor time of one that was, ${from}`,
        cold?.serverCpuMs,
        warm?.serverCpuMs,
      ),
    ]
  })
}
