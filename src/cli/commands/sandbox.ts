import { type Command, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'

const OF = {
  organization: { type: 'string', means: 'the company, by name or id' },
  environment: { type: 'string', means: 'sandbox (default); production refuses' },
} as const

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `71h`, `30m`, `8d`. @throws WrongUsage */
export function durationOf(text: string | undefined): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text ?? '') ?? []
  if (count === undefined) throw new WrongUsage('how far is needed: such as 30m, 71h or 8d')
  return Number(count) * (UNITS_MS[unit] ?? 0)
}

export const advanceClock: Command = {
  words: 'clock advance',
  takes: 'DURATION',
  does: 'Move the business clock of a company on in the sandbox, such as 71h, and do what comes due by it.',
  options: OF,
  run: async ([duration], options, { out, dataDirectory, asJson }) => {
    const byMs = durationOf(duration)
    const moved = await askOperator<{
      readonly name: string
      readonly aheadMs: number
      readonly settled: number
    }>(dataDirectory, 'POST', '/operator/clocks', {
      organization: required(options, 'organization'),
      byMs,
      ...(typeof options.environment === 'string' ? { environment: options.environment } : {}),
    })
    const minutes = Math.floor(moved.aheadMs / 60_000)
    const ahead = `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    const cases = moved.settled === 1 ? '1 case was' : `${moved.settled} cases were`
    out.write(
      asJson
        ? `${JSON.stringify(moved)}\n`
        : `The clock of ${moved.name} is ${ahead} ahead in the sandbox; ${cases} settled by it.\n`,
    )
    return 0
  },
}

export const setScenario: Command = {
  words: 'scenario set',
  takes: 'SCENARIO',
  does: 'Set what every submission of a company comes to in the sandbox: approve, deny, pend, modify, cancel, reject-member, timeout; or default.',
  options: OF,
  run: async ([scenario], options, { out, dataDirectory, asJson }) => {
    if (!scenario)
      throw new WrongUsage(
        'the scenario is needed: approve, deny, pend, modify, cancel, reject-member, timeout or default',
      )
    const answer = await askOperator<{ readonly name: string }>(
      dataDirectory,
      'POST',
      '/operator/scenarios',
      {
        organization: required(options, 'organization'),
        scenario,
        ...(typeof options.environment === 'string' ? { environment: options.environment } : {}),
      },
    )
    const what =
      scenario === 'default'
        ? 'is decided by rules and policies again'
        : `comes to ${scenario}, whatever its rules say`
    out.write(
      asJson ? `${JSON.stringify(answer)}\n` : `In the sandbox, what ${answer.name} submits ${what}.\n`,
    )
    return 0
  },
}
