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
    ]
  })
}
